"""Held-out drawings changed as if drawn by other people, with other pens, on other pads.

The changes are seeded and therefore the same for every model. A changed drawing should still be
recognisable as its word.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from models.drawing import Drawing, Stroke

TREMOR = 5.0  # units of a 256-unit pad: standard deviation of tremor before smoothing
MOUSE = 12.0  # units between the points of a line drawn with a jagged mouse
TILT = 20.0  # degrees


def other_bitmaps(pixels: NDArray[np.uint8]) -> dict[str, NDArray[np.uint8]]:
    """Changed versions of bitmaps uint8 (N, 28, 28), by the name of the change."""
    noise = np.random.default_rng(0).normal(0, 40, pixels.shape)
    return {
        "noise": np.clip(pixels + noise, 0, 255).astype(np.uint8),
        "thicker": _filtered(pixels, ImageFilter.MaxFilter(3)),
        "thinner": (pixels.astype(np.float32) ** 2 / 255).astype(np.uint8),
        "shifted": np.roll(pixels, (2, -2), (1, 2)),
        "turned": _turned(pixels, 15),
        "mirrored": np.ascontiguousarray(pixels[:, :, ::-1]),
    }


def _filtered(pixels: NDArray[np.uint8], how: ImageFilter.Filter) -> NDArray[np.uint8]:
    return np.stack([np.asarray(Image.fromarray(p).filter(how)) for p in pixels])


def _turned(pixels: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    bilinear = Image.Resampling.BILINEAR
    return np.stack([np.asarray(Image.fromarray(p).rotate(degrees, bilinear)) for p in pixels])


def other_strokes(drawings: Sequence[Drawing]) -> dict[str, list[Drawing]]:
    """Changed versions of stroke drawings, by the name of the change."""
    changes: dict[str, Callable[[Drawing, np.random.Generator], Drawing]] = {
        "shaky": _shaky,
        "tilted": _tilted,
        "mirrored": _mirrored,
        "jagged": _jagged,
        "other order": _reordered,
    }
    return {
        name: [change(drawing, np.random.default_rng(k)) for k, drawing in enumerate(drawings)]
        for name, change in changes.items()
    }


def _each(drawing: Drawing, change: Callable[[NDArray[np.float32]], NDArray[Any]]) -> Drawing:
    strokes = tuple(Stroke(change(stroke.xy).astype(np.float32)) for stroke in drawing.strokes)
    return Drawing(strokes, drawing.word, drawing.key)


def _unit(drawing: Drawing) -> float:
    """Length of one unit of a 256-unit pad in the drawing's own units."""
    points = np.concatenate([stroke.xy for stroke in drawing.strokes])
    return float(np.ptp(points, axis=0).max()) / 255 or 1.0


def _shaky(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    unit = _unit(drawing)

    def shake(xy: NDArray[np.float32]) -> NDArray[np.float64]:
        dense = _resampled(xy, 6 * unit)
        tremor = rng.normal(0, TREMOR * unit, (len(dense) + 2, 2))
        return dense + (tremor[:-2] + tremor[1:-1] + tremor[2:]) / 3

    return _each(drawing, shake)


def _tilted(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    angle = np.radians(TILT) * rng.choice([-1, 1])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return _each(drawing, lambda xy: xy @ turn)


def _mirrored(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    return _each(drawing, lambda xy: xy * (-1, 1))


def _jagged(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    step = MOUSE * _unit(drawing)
    return _each(drawing, lambda xy: np.round(_resampled(xy, step) / step) * step)


def _reordered(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """The strokes in another order, each drawn from its other end."""
    order = rng.permutation(len(drawing.strokes))
    strokes = tuple(Stroke(drawing.strokes[k].xy[::-1]) for k in order)
    return Drawing(strokes, drawing.word, drawing.key)


def _resampled(xy: NDArray[np.float32], step: float) -> NDArray[np.float64]:
    """Points about `step` apart along a line, including its ends."""
    along = np.concatenate([[0], np.hypot(*np.diff(xy, axis=0).T).cumsum()])
    at = np.linspace(0, along[-1], max(int(along[-1] / step) + 1, 2))
    return np.stack([np.interp(at, along, column) for column in xy.T], 1)
