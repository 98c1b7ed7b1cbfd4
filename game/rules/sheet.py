"""The strokes that one player has drawn in a round, in pad units. Pure."""

import math
from array import array

import numpy as np

from game.messages import PAD, Point
from models.drawing import MAX_POINTS, MAX_STROKES, Drawing, Stroke

MAX_INK = 200.0 * PAD  # limits the work of rendering; no drawing needs as much

Columns = tuple["array[float]", "array[float]", "array[float]"]


class TooMuchInk(Exception):
    """The sheet is full: it takes no more strokes or points until some are removed."""


class OutOfPlace(Exception):
    """The points are for a stroke that is neither the last one nor the next."""


class Sheet:
    """Strokes of points x, y (pad units) and t (ms since the round began, never decreasing).

    Attributes:
        points: number of points in all strokes.
        erased: number of undos and clears so far.
    """

    def __init__(self) -> None:
        self.points = 0
        self.erased = 0
        self._columns: list[Columns] = []
        self._lengths: list[float] = []
        self._finished: list[Stroke] = []
        self._finished_ink = 0.0  # length of all strokes but the last

    @property
    def ink(self) -> float:
        """Total length of all strokes, in pad units."""
        return self._finished_ink + (self._lengths[-1] if self._lengths else 0.0)

    @property
    def strokes(self) -> int:
        """Number of strokes."""
        return len(self._columns)

    @property
    def end(self) -> tuple[float, float]:
        """x and y of the last point of the last stroke; there must be a stroke."""
        xs, ys, _ = self._columns[-1]
        return xs[-1], ys[-1]

    def check(self, stroke: int, points: list[Point]) -> None:
        """Check that points may be added to stroke number `stroke`, counted from 0.

        Raises:
            OutOfPlace: `stroke` is neither the last stroke nor the next.
            TooMuchInk: `MAX_INK` is reached, or a limit of `models.drawing` would be exceeded.
        """
        if stroke not in (self.strokes - 1, self.strokes):
            raise OutOfPlace
        full = stroke >= MAX_STROKES or self.points + len(points) > MAX_POINTS
        if full or self.ink > MAX_INK:
            raise TooMuchInk

    def add(self, stroke: int, points: list[Point]) -> None:
        """Add points to the last stroke, or begin the next one.

        Raises:
            OutOfPlace, TooMuchInk: as `check`; nothing is added.
        """
        self.check(stroke, points)
        if stroke == self.strokes:
            self._finished_ink = sum(self._lengths)
            self._columns.append((array("d"), array("d"), array("d")))
            self._lengths.append(0.0)
        self._extend(self._columns[stroke], points)
        self.points += len(points)

    def undo(self) -> float:
        """Remove the last stroke, if there is one; return its length in pad units."""
        self.erased += 1
        if not self._columns:
            return 0.0
        self.points -= len(self._columns.pop()[0])
        del self._finished[max(len(self._columns) - 1, 0) :]
        length = self._lengths.pop()
        self._finished_ink = sum(self._lengths[:-1])
        return length

    def clear(self) -> None:
        """Remove all strokes."""
        self.erased += 1
        self.points = 0
        self._columns, self._lengths, self._finished = [], [], []
        self._finished_ink = 0.0

    def drawing(self) -> Drawing:
        """A copy of the strokes so far; later changes do not affect it."""
        while len(self._finished) < len(self._columns) - 1:
            self._finished.append(_stroke(self._columns[len(self._finished)]))
        return Drawing((*self._finished, *map(_stroke, self._columns[-1:])))

    def to_lists(self) -> list[list[list[float]]]:
        """The strokes as lists, `[[x...], [y...], [t...]]` each."""
        return [[x.tolist(), y.tolist(), t.tolist()] for x, y, t in self._columns]

    def _extend(self, columns: Columns, points: list[Point]) -> None:
        xs, ys, ts = columns
        for x, y, t in points:
            if xs:
                self._lengths[-1] += math.hypot(x - xs[-1], y - ys[-1])
                t = max(t, ts[-1])
            xs.append(x)
            ys.append(y)
            ts.append(t)


def _stroke(columns: Columns) -> Stroke:
    x, y, t = columns
    xy = np.empty((len(x), 2), np.float32)
    xy[:, 0], xy[:, 1] = x, y
    return Stroke(xy, np.array(t, np.float32))
