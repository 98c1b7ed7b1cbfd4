"""Primitive shapes: which simple shapes win a word that they do not depict.

If a network takes a circle for a sun, players can win with a circle. Each of 25 shapes is drawn as
strokes in a few sizes and rotations and judged like a drawing: at 10, 20 ... 100 % of its ink.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.drawing import Drawing, Stroke
from training.metrics import classification
from training.metrics.wins import JUDGED, judged
from training.trainer.runs import Predict

Curve = NDArray[np.float64]  # (P, 2), within about -1 .. 1
VARIANTS = 8  # variants of each shape
POINTS = 40  # points of a curve
WON = 0.5  # a shape wins a word if at least this share of its variants does


def _polygon(*corners: tuple[float, float]) -> Curve:
    return np.array(corners, np.float64)


def _arc(first: float, last: float, x: float = 0, y: float = 0, radius: float = 1) -> Curve:
    """Part of a circle, between two angles in turns."""
    angles = np.linspace(first, last, POINTS) * 2 * math.pi
    return np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], 1)


def _circle(x: float = 0, y: float = 0, radius: float = 1) -> Curve:
    return _arc(0, 1, x, y, radius)


def _regular(corners: int, step: int = 1) -> Curve:
    angles = np.arange(corners + 1) * step / corners * 2 * math.pi - math.pi / 2
    return np.stack([np.cos(angles), np.sin(angles)], 1)


def _rays(inner: float, count: int = 8) -> list[Curve]:
    angles = np.arange(count) / count * 2 * math.pi
    ends = np.stack([np.cos(angles), np.sin(angles)], 1)
    return [np.stack([inner * end, end]) for end in ends]


def _wave() -> Curve:
    x = np.linspace(-1, 1, POINTS)
    return np.stack([x, 0.4 * np.sin(3 * math.pi * x)], 1)


def _spiral() -> Curve:
    turns = np.linspace(0, 3, 3 * POINTS)
    angles = turns * 2 * math.pi
    return (turns / 3)[:, None] * np.stack([np.cos(angles), np.sin(angles)], 1)


SQUARE = _polygon((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
BOX = SQUARE * np.array([1, 0.5])
TRIANGLE = _polygon((0, -1), (1, 0.8), (-1, 0.8), (0, -1))
SHAPES: dict[str, list[Curve]] = {
    "line": [_polygon((-1, 0), (1, 0))],
    "two lines": [_polygon((-1, -0.4), (1, -0.4)), _polygon((-1, 0.4), (1, 0.4))],
    "three lines": [_polygon((-1, y), (1, y)) for y in (-0.7, 0, 0.7)],
    "angle": [_polygon((-1, -1), (-1, 1), (1, 1))],
    "vee": [_polygon((-1, -0.8), (0, 0.8), (1, -0.8))],
    "cross": [_polygon((-1, 0), (1, 0)), _polygon((0, -1), (0, 1))],
    "tee": [_polygon((-1, -1), (1, -1)), _polygon((0, -1), (0, 1))],
    "zigzag": [_polygon(*((k / 3 - 1, 0.5 * (-1) ** k) for k in range(7)))],
    "grid": [_polygon((-1, y), (1, y)) for y in (-0.5, 0.5)]
    + [_polygon((x, -1), (x, 1)) for x in (-0.5, 0.5)],
    "arc": [_arc(0.5, 1)],
    "crescent": [np.concatenate([_arc(0.25, 0.75), _arc(0.7, 0.3, 0.75, 0, 1.24)])],
    "wave": [_wave()],
    "spiral": [_spiral()],
    "circle": [_circle()],
    "ellipse": [_circle() * np.array([1, 0.5])],
    "two circles": [_circle(-0.6, 0, 0.4), _circle(0.6, 0, 0.4)],
    "ring": [_circle(), _circle(radius=0.5)],
    "circle with a dot": [_circle(), _circle(radius=0.06)],
    "circle on a line": [_circle(0, -0.4, 0.6), _polygon((0, 0.2), (0, 1))],
    "square": [SQUARE],
    "box": [BOX],
    "triangle": [TRIANGLE],
    "diamond": [_regular(4)],
    "star": [_regular(5, 2)],
    "rays": _rays(0.5),
}


def drawings(variants: int = VARIANTS) -> dict[str, list[Drawing]]:
    """`variants` drawings of each shape, slightly rotated and stretched; always the same ones."""
    rng = np.random.default_rng(25)
    return {name: [_variant(lines, rng) for _ in range(variants)] for name, lines in SHAPES.items()}


def _variant(lines: Sequence[Curve], rng: np.random.Generator) -> Drawing:
    turn = rng.normal(0, 0.08)
    axes = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    bend = axes * rng.uniform(0.85, 1.15, 2)
    strokes = tuple(
        Stroke((100 * line @ bend + rng.normal(0, 0.8, line.shape)).astype(np.float32))
        for line in lines
    )
    return Drawing(strokes)


def measure(
    probabilities: Predict, words: Sequence[str], threshold: Callable[[str], float]
) -> dict[str, Any]:
    """Which shapes win which words.

    Args:
        probabilities: calibrated (N, K) of bitmaps (N, 28, 28).
        words: K words in column order.
        threshold: of each word. A shape whose name is the word may win it.

    Returns:
        "shapes": number of shapes; "winners": number of shapes that win a word in at least half of
        their variants; "won": shape -> word -> share of variants that win, if any does.
    """
    made = drawings()
    every = [drawing for of in made.values() for drawing in of]
    frames = judged(probabilities, every, JUDGED, "primitive shapes")
    bars = np.array([threshold(word) for word in words])
    wins = (classification.win_scores(frames) >= bars).reshape(len(made), -1, len(words)).mean(1)
    won = {
        name: {
            word: float(share)
            for word, share in zip(words, shares, strict=True)
            if share > 0 and word != name
        }
        for name, shares in zip(made, wins, strict=True)
    }
    winners = sum(max(of.values(), default=0.0) >= WON for of in won.values())
    return {
        "shapes": len(made),
        "winners": winners,
        "won": {name: of for name, of in won.items() if of},
    }
