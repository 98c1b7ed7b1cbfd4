"""Trace the lines of a bitmap into strokes, so that a bitmap can be shown as a partial drawing.

In a race the network judges partial drawings, but a data folder may hold mainly bitmaps of finished
drawings. The middle of each line is found (skeleton, Zhang & Suen 1984) and followed from end to
end, straight on at crossings. The order in which the lines were drawn is unknown. Here, longer
lines tend to come first, because people draw outlines before details.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage.morphology import skeletonize

from models.drawing import Drawing, Stroke

FINER = 3  # magnification before tracing, to find the middle of a line more precisely
INK = 100  # gray level, of 255, above which a magnified pixel is on a line
LOOK_BACK = 5  # steps over which a line's direction is measured
SPUR = 4  # places; a shorter line that touches another one is ignored as a rough edge
SMOOTH = 5  # steps over which a point is averaged
EVERY = 3  # every third point of a line is kept
UNEVEN = 0.7  # noise on the logarithm of the length by which lines are ordered
DOWNWARDS = 0.7  # share of lines drawn from their upper left end

_AROUND = ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))
_Place = tuple[int, int]  # row, column


def trace(bitmap: NDArray[np.uint8], rng: np.random.Generator) -> Drawing:
    """Strokes that would produce a bitmap.

    Args:
        bitmap: (28, 28) uint8, white ink on black.
        rng: decides the order of the strokes, and at which end each begins.

    Returns:
        The strokes, in pixels of the bitmap; none for a blank bitmap.
    """
    side = FINER * len(bitmap)
    magnified = Image.fromarray(bitmap).resize((side, side), Image.Resampling.BICUBIC)
    lines = _lines(skeletonize(np.asarray(magnified) > INK))
    lengths = np.array([len(line) for line in lines], float)
    order = np.argsort(-lengths * np.exp(rng.normal(0, UNEVEN, len(lines))))
    strokes = [_stroke(lines[k], rng.random() < DOWNWARDS) for k in order]
    return Drawing(tuple(strokes))


def _lines(skeleton: NDArray[np.bool_]) -> list[list[_Place]]:
    """Lines of neighbouring places that cover the skeleton once; open lines come first."""
    places = set(zip(*(axis.tolist() for axis in np.nonzero(skeleton)), strict=True))
    left = set(places)
    ends = sorted(place for place in left if len(_near(place, left)) == 1)
    lines = [_follow(end, left) for end in ends if end in left]
    while left:  # the remaining lines are closed
        lines.append(_follow(min(left), left))
    return [line for line in lines if len(line) >= SPUR or not _touches(line, places)]


def _touches(line: Sequence[_Place], places: set[_Place]) -> bool:
    """Whether a line of at least two places touches another line."""
    return any(set(_near(place, places)).difference(line) for place in line)


def _near(place: _Place, places: set[_Place]) -> list[_Place]:
    row, column = place
    around = ((row + down, column + across) for down, across in _AROUND)
    return [each for each in around if each in places]


def _follow(start: _Place, left: set[_Place]) -> list[_Place]:
    """The straightest line from `start`; its places are removed from `left`."""
    left.remove(start)
    line = [start]
    while near := _near(line[-1], left):
        line.append(_straightest(line, near) if len(near) > 1 else near[0])
        left.remove(line[-1])
    return line


def _straightest(line: Sequence[_Place], near: Sequence[_Place]) -> _Place:
    (row, column), (from_row, from_column) = line[-1], line[-LOOK_BACK:][0]
    down, across = row - from_row, column - from_column

    def along(place: _Place) -> float:
        step_down, step_across = place[0] - row, place[1] - column
        return (step_down * down + step_across * across) / (
            abs(step_down) + abs(step_across)
        ) ** 0.5

    return max(near, key=along)


def _stroke(line: Sequence[_Place], downwards: bool) -> Stroke:
    """A line as a smoothed stroke, in pixels of the bitmap, from its upper left or other end."""
    if downwards != (sum(line[0]) <= sum(line[-1])):
        line = line[::-1]
    xy = (np.array(line, np.float32)[:, ::-1] + 0.5) / FINER
    if len(xy) > SMOOTH:
        padded = np.pad(xy, ((SMOOTH // 2, SMOOTH // 2), (0, 0)), "edge")
        xy = np.lib.stride_tricks.sliding_window_view(padded, SMOOTH, 0).mean(2)
    kept = np.unique(np.r_[0 : len(xy) : EVERY, len(xy) - 1])
    return Stroke(np.ascontiguousarray(xy[kept], np.float32))
