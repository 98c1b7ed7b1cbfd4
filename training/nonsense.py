"""Drawings of nothing, which must never win: scribbles, a line, a dot, a filled pad, letters.

Made by code from a seed, point by point as a hand would make them, on a pad of 256 units.
"""

import string
from functools import cache

import numpy as np
from HersheyFonts import HersheyFonts
from numpy.typing import NDArray

from models.drawing import Drawing, Stroke

PAD = 256.0


def nonsense(count: int, seed: int = 0) -> dict[str, list[Drawing]]:
    """`count` drawings of each kind of nothing; the same for the same seed."""
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
    """One to four lines of a pen that wanders with momentum."""
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


@cache
def _font(name: str) -> HersheyFonts:
    font = HersheyFonts()
    font.load_default_font(name)
    return font


def _letters(rng: np.random.Generator) -> Drawing:
    """A written word of two to seven letters, in lines as plotters write (Hershey's fonts)."""
    font = _font(str(rng.choice(["futural", "scripts", "cursive"])))
    letters = string.ascii_lowercase if rng.random() < 0.5 else string.ascii_uppercase
    text = "".join(rng.choice(list(letters), rng.integers(2, 8)))
    lines = [np.array(line, float) for line in font.strokes_for_text(text)]
    points = np.concatenate(lines)
    scale = 200 / max(float(np.ptp(points, axis=0).max()), 1.0)
    return _drawing(*(28 + (line - points.min(0)) * scale for line in lines))
