"""Lines of a bitmap traced back into strokes, so that a part of a bitmap can be shown.

A judge of a race sees partial drawings, but most Quick, Draw! drawings at hand may be bitmaps of
finished ones. The middle of each line is found (skeleton, Zhang & Suen 1984) and followed from end
to end, straight on where lines cross. The order in which the lines were drawn is lost: long
lines come first more often than not, as people draw an outline before its details.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage.morphology import skeletonize

from models.drawing import Drawing, Stroke

FINER = 3  # the bitmap is magnified so much first, as whole pixels are a coarse middle of a line
INK = 100  # gray level, of 255, above which a magnified pixel is on a line
LOOK_BACK = 5  # steps over which a line's direction is taken
SPUR = 4  # places; a shorter line that touches another one is roughness of its edge
SMOOTH = 5  # steps that a point is averaged over
EVERY = 3  # of a line's points is kept
UNEVEN = 0.7  # deviation of the logarithm of length by which lines are put in order
DOWNWARDS = 0.7  # share of lines drawn from their upper left end

_AROUND = ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))
_Place = tuple[int, int]  # row, column


def trace(bitmap: NDArray[np.uint8], rng: np.random.Generator) -> Drawing:
    """Strokes that would have made a bitmap.

    Args:
        bitmap: (28, 28) uint8, white ink on black.
        rng: decides the order of the strokes, and which end each begins at.

    Returns:
        Strokes in pixels of the bitmap; none for a blank one.
    """
    side = FINER * len(bitmap)
    magnified = Image.fromarray(bitmap).resize((side, side), Image.Resampling.BICUBIC)
    lines = _lines(skeletonize(np.asarray(magnified) > INK))
    lengths = np.array([len(line) for line in lines], float)
    order = np.argsort(-lengths * np.exp(rng.normal(0, UNEVEN, len(lines))))
    strokes = [_stroke(lines[k], rng.random() < DOWNWARDS) for k in order]
    return Drawing(tuple(strokes))


def _lines(skeleton: NDArray[np.bool_]) -> list[list[_Place]]:
    """Each place of the skeleton once, in lines of neighbours; open ends first."""
    places = set(zip(*(axis.tolist() for axis in np.nonzero(skeleton)), strict=True))
    left = set(places)
    ends = sorted(place for place in left if len(_near(place, left)) == 1)
    lines = [_follow(end, left) for end in ends if end in left]
    while left:  # what is left are closed lines
        lines.append(_follow(min(left), left))
    return [line for line in lines if len(line) >= SPUR or not _touches(line, places)]


def _touches(line: Sequence[_Place], places: set[_Place]) -> bool:
    """Whether a line is the neighbour of another one; a dot is not."""
    return any(set(_near(place, places)).difference(line) for place in line)


def _near(place: _Place, places: set[_Place]) -> list[_Place]:
    row, column = place
    around = ((row + down, column + across) for down, across in _AROUND)
    return [each for each in around if each in places]


def _follow(start: _Place, left: set[_Place]) -> list[_Place]:
    """The line from `start` on, as straight as it goes; its places are taken from `left`."""
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
    """A line's points in pixels of the bitmap, smoothed, from its upper left end or its other."""
    if downwards != (sum(line[0]) <= sum(line[-1])):
        line = line[::-1]
    xy = (np.array(line, np.float32)[:, ::-1] + 0.5) / FINER
    if len(xy) > SMOOTH:
        padded = np.pad(xy, ((SMOOTH // 2, SMOOTH // 2), (0, 0)), "edge")
        xy = np.lib.stride_tricks.sliding_window_view(padded, SMOOTH, 0).mean(2)
    kept = np.unique(np.r_[0 : len(xy) : EVERY, len(xy) - 1])
    return Stroke(np.ascontiguousarray(xy[kept], np.float32))
