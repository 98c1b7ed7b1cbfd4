"""Strokes to the 28×28 bitmaps that models learn from: the geometry of Google's own rasteriser.

The largest side of the drawing spans 255 units, a line is 16 units wide with round ends, and the
256-unit square plus 24 units of margin on each side is scaled to 28 pixels: so a line is 1.47
pixels wide and a drawing at most 23.5 (Quick, Draw! data set, issue 19, `vector_to_raster`). The
drawing is centred by its bounding box. This is the only rasteriser of the project.

Lines are cut into short pieces; each piece lights the few pixels around it by its exact distance,
and a pixel takes its brightest piece. The work grows with the ink, not with the recorded points,
and a whole batch is painted by a few calls to numpy.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.drawing import Drawing

SIDE = 28
EXTENT = 255.0  # units that a drawing's larger side spans
LINE = 16.0  # units
SCALE = SIDE / (256.0 + 3 * LINE)  # pixels a unit: 2 * 16 of padding, and a line's width
SMALLEST = 16.0  # units of a 256-unit pad; a smaller drawing is not magnified further
RADIUS = LINE * SCALE / 2  # pixels; half a line's width

_REACH = 2  # pixels around a piece's middle; holds for pieces up to _PIECE long
_PIECE = 2 * (_REACH - RADIUS - 0.5)
_CHUNK = 2048  # pieces painted at a time, so that the work stays in the processor's cache
_around = np.arange(-_REACH, _REACH + 1)
_WINDOW_X = np.tile(_around, len(_around)).astype(np.float32)
_WINDOW_Y = np.repeat(_around, len(_around)).astype(np.float32)
_WINDOW_INDEX = np.repeat(_around, len(_around)) * SIDE + np.tile(_around, len(_around))


def rasterise(drawing: Drawing) -> NDArray[np.uint8]:
    """Draw one drawing: (28, 28) uint8, white (255) ink on black (0); no strokes give zeros."""
    return rasterise_batch([drawing])[0]


def rasterise_batch(drawings: Sequence[Drawing]) -> NDArray[np.uint8]:
    """Draw many drawings at once: (N, 28, 28) uint8, white ink on black."""
    xy, owner, start, end = joined(drawings)
    if len(xy):
        xy = _to_pixels(xy, owner)
    return _paint(xy[start], xy[end], owner[start], len(drawings))


class Joined(NamedTuple):
    """All points of many drawings, (P, 2) float32, and the line segments between them.

    `owner` (P,) is each point's drawing; segment s goes from point `start[s]` to `end[s]`, in the
    order of drawing; a dot is a segment from a point to itself.
    """

    xy: NDArray[np.float32]
    owner: NDArray[np.intp]
    start: NDArray[np.intp]
    end: NDArray[np.intp]


def joined(drawings: Sequence[Drawing]) -> Joined:
    """The points and segments of many drawings."""
    strokes = [stroke.xy for drawing in drawings for stroke in drawing.strokes]
    if not strokes:
        none = np.zeros(0, np.intp)
        return Joined(np.zeros((0, 2), np.float32), none, none, none)
    lengths = np.fromiter(map(len, strokes), np.intp, len(strokes))
    counts = np.fromiter((len(d.strokes) for d in drawings), np.intp, len(drawings))
    owner = np.repeat(np.repeat(np.arange(len(drawings)), counts), lengths)
    last = np.cumsum(lengths) - 1
    follows = np.ones(len(owner), bool)
    follows[last[lengths > 1]] = (
        False  # a stroke's last point starts no segment, unless it is a dot
    )
    start = np.flatnonzero(follows)
    dot = np.zeros(len(owner), bool)
    dot[last[lengths == 1]] = True
    return Joined(np.concatenate(strokes), owner, start, np.where(dot[start], start, start + 1))


def _to_pixels(xy: NDArray[np.float32], owner: NDArray[np.intp]) -> NDArray[np.float32]:
    """Centre each drawing's bounding box in the bitmap and give its larger side 255 units."""
    begins = np.ones(len(owner), bool)
    np.not_equal(owner[1:], owner[:-1], out=begins[1:])
    first = np.flatnonzero(begins)
    low, high = np.minimum.reduceat(xy, first), np.maximum.reduceat(xy, first)
    scale = SCALE * EXTENT / np.maximum((high - low).max(1), SMALLEST)
    rank = np.cumsum(begins) - 1
    middle = (low + high) / 2
    return ((xy - middle[rank]) * scale[rank, None] + SIDE / 2).astype(np.float32)


def _paint(
    a: NDArray[np.float32], b: NDArray[np.float32], image: NDArray[np.intp], images: int
) -> NDArray[np.uint8]:
    """Coverage of round-ended lines from a to b, the brightest piece of each pixel."""
    canvas = np.zeros(images * SIDE * SIDE, np.float32)
    along = b - a
    pieces = np.maximum(np.ceil(np.hypot(along[:, 0], along[:, 1]) / _PIECE), 1).astype(np.intp)
    step = along / pieces[:, None]
    segment = np.repeat(np.arange(len(a)), pieces)
    number = np.arange(len(segment)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    step, image = step[segment].astype(np.float32), image[segment]
    start = (a[segment] + step * number[:, None]).astype(np.float32)
    for first in range(0, len(start), _CHUNK):
        chunk = slice(first, first + _CHUNK)
        _paint_pieces(start[chunk], step[chunk], image[chunk], canvas)
    return np.rint(canvas * 255).astype(np.uint8).reshape(images, SIDE, SIDE)


def _paint_pieces(
    start: NDArray[np.float32],
    step: NDArray[np.float32],
    image: NDArray[np.intp],
    canvas: NDArray[np.float32],
) -> None:
    """Light the window of each piece, a line from `start` to `start + step`, on the flat canvas.

    No window leaves its bitmap: a drawing's middle line keeps 2.2 pixels from every edge.
    """
    pixel = np.floor(start + step / 2)
    corner = pixel + np.float32(0.5) - start
    # Offsets from start, (25, P): numpy's inner loops then run over the many pieces.
    x, y = corner[:, 0] + _WINDOW_X[:, None], corner[:, 1] + _WINDOW_Y[:, None]
    dx, dy = np.ascontiguousarray(step.T)
    t = (x * dx + y * dy) / np.maximum(dx * dx + dy * dy, np.float32(1e-12))
    _limit(t)
    x -= t * dx
    y -= t * dy
    ink = np.float32(RADIUS + 0.5) - np.sqrt(x * x + y * y)
    _limit(ink)
    middle = (image * SIDE + pixel[:, 1].astype(np.intp)) * SIDE + pixel[:, 0].astype(np.intp)
    # Flat, because `at` is more than ten times as slow with indices of two dimensions.
    np.maximum.at(canvas, (middle + _WINDOW_INDEX[:, None]).ravel(), ink.ravel())


def _limit(values: NDArray[np.float32]) -> None:
    """Limit values to 0 to 1, in place; `numpy.clip` takes longer for few values."""
    np.maximum(values, np.float32(0), out=values)
    np.minimum(values, np.float32(1), out=values)
