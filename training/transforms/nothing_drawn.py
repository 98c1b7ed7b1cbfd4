"""Meaningless drawings that must never win: scribbles, a line, a dot, a filled pad, letters.

They are generated from a seed, point by point like drawn strokes, on a pad of 256 × 256 units.
"""

import numpy as np
from numpy.typing import NDArray

from models.drawing import Drawing, Stroke

PAD = 256.0
# Capitals made of straight lines: the points of each stroke on a grid of 3 × 3.
LETTERS = {
    "A": "61 18 35",
    "C": "52136 678",
    "E": "8602 35",
    "F": "602 34",
    "H": "06 28 35",
    "I": "17",
    "K": "06 238",
    "L": "068",
    "M": "60428",
    "N": "6082",
    "O": "1375 51",
    "S": "210358 876",
    "T": "02 17",
    "V": "072",
    "W": "06482",
    "X": "08 26",
    "Y": "04 246",
    "Z": "0268",
}


def nonsense(count: int, seed: int = 0) -> dict[str, list[Drawing]]:
    """`count` meaningless drawings of each kind, by kind; the same seed gives the same drawings."""
    makers = {
        "scribble": _scribble,
        "line": _line,
        "dot": _dot,
        "filled pad": _filled,
        "letters": _letters,
    }
    return {
        name: [make(np.random.default_rng([seed, k])) for k in range(count)]
        for name, make in makers.items()
    }


def _drawing(*lines: NDArray[np.float64]) -> Drawing:
    return Drawing(tuple(Stroke(np.clip(line, 0, PAD).astype(np.float32)) for line in lines))


def _scribble(rng: np.random.Generator) -> Drawing:
    """One to four lines that follow a random walk with momentum."""
    lines = []
    for _ in range(rng.integers(1, 5)):
        turns = rng.normal(0, rng.uniform(0.1, 0.9), rng.integers(20, 120)).cumsum()
        steps = rng.uniform(4, 14) * np.stack([np.cos(turns), np.sin(turns)], 1)
        lines.append(rng.uniform(60, 196, 2) + steps.cumsum(0))
    return _drawing(*lines)


def _line(rng: np.random.Generator) -> Drawing:
    """A straight or slightly bent line."""
    a, b = rng.uniform(0, PAD, (2, 2))
    t = np.linspace(0, 1, 20)[:, None]
    across = np.array([b[1] - a[1], a[0] - b[0]])
    return _drawing(a + t * (b - a) + rng.uniform(-0.3, 0.3) * 4 * t * (1 - t) * across)


def _dot(rng: np.random.Generator) -> Drawing:
    return _drawing(rng.uniform(20, 236, 2) + rng.normal(0, 2, (6, 2)).cumsum(0))


def _filled(rng: np.random.Generator) -> Drawing:
    """The pad hatched from side to side."""
    rows = np.linspace(0, PAD, rng.integers(10, 40))
    rows += rng.normal(0, 1, len(rows))
    zigzag = np.stack([np.tile([4.0, 252.0], len(rows))[: len(rows)], rows], 1)
    return _drawing(zigzag if rng.random() < 0.5 else zigzag[:, ::-1])


def _letters(rng: np.random.Generator) -> Drawing:
    """A written word of two to seven capitals, slanted and uneven."""
    lines: list[NDArray[np.float64]] = []
    for place, letter in enumerate(rng.choice(list(LETTERS), rng.integers(2, 8))):
        size, offset = rng.uniform(0.85, 1.15, 2), rng.normal((place * 3, 0), 0.15)
        for stroke in LETTERS[letter].split():
            places = np.array([(int(at) % 3, int(at) // 3) for at in stroke], float)
            lines.append(places * size + offset)
    points = np.concatenate(lines)
    slant = np.array([[1, 0], [rng.uniform(-0.3, 0.3), 1]])
    scale = 200 / float(np.ptp(points @ slant, axis=0).max())
    low = (points @ slant).min(0)
    return _drawing(*(28 + (line @ slant - low) * scale for line in lines))
