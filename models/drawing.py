"""Drawings as strokes of points in time, and the formats of Quick, Draw! for them.

Quick, Draw! ndjson (https://github.com/googlecreativelab/quickdraw-dataset) has a line of JSON a
drawing. The raw form holds `[[x...], [y...], [t...]]` a stroke in pixels and milliseconds; the
simplified form has no times and is aligned to the corner of a 0-255 grid.
"""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.command import UserError
from models.user_files import read_lines

MAX_STROKES = 500
MAX_POINTS = 20_000
MAX_COORDINATE = 1e6


class BadDrawing(UserError):
    """A drawing has an invalid format or exceeds the limits above."""


@dataclass(frozen=True)
class Stroke:
    """One line from pen down to pen up.

    Attributes:
        xy: (N, 2) float32, N >= 1, x to the right and y down, in any unit.
        t: (N,) float32, milliseconds since the drawing began; None when not recorded.
    """

    xy: NDArray[np.float32]
    t: NDArray[np.float32] | None = None

    @property
    def ink(self) -> float:
        """Length of the line, in the unit of `xy`."""
        return float(np.hypot(*np.diff(self.xy, axis=0).T).sum())


@dataclass(frozen=True)
class Drawing:
    """Strokes in the order they were drawn.

    Attributes:
        strokes: at most `MAX_STROKES`, together at most `MAX_POINTS` points.
        word: that the person was asked to draw; None if unknown.
        key: Quick, Draw!'s `key_id`, or any name that tells drawings apart.
    """

    strokes: tuple[Stroke, ...]
    word: str | None = None
    key: str | None = None

    @property
    def timed(self) -> bool:
        """Whether there are strokes, and times of all their points."""
        return bool(self.strokes) and all(stroke.t is not None for stroke in self.strokes)

    @property
    def points(self) -> int:
        return sum(len(stroke.xy) for stroke in self.strokes)

    @property
    def ink(self) -> float:
        """Length of all lines, in the unit of the points."""
        return sum(stroke.ink for stroke in self.strokes)

    def prefix(self, share: float) -> "Drawing":
        """The first `share` (0 to 1) of the ink's length; the last line is cut at that point."""
        if not 0 < share <= 1:
            raise BadDrawing(f"a share of ink must lie in (0, 1], found {share}")
        if share == 1:
            return self
        left, kept = share * self.ink, []
        for stroke in self.strokes:
            if stroke.ink >= left:
                kept.append(_cut(stroke, left))
                break
            kept.append(stroke)
            left -= stroke.ink
        return Drawing(tuple(kept), self.word, self.key)

    @classmethod
    def from_lists(
        cls, strokes: Iterable[Any], word: str | None = None, key: str | None = None
    ) -> "Drawing":
        """Build from `[[x...], [y...]]` or `[[x...], [y...], [t...]]` a stroke.

        Raises:
            BadDrawing: when a stroke is malformed, a number is not finite or a limit is passed.
        """
        if not isinstance(strokes, list | tuple):
            raise BadDrawing(f"expected a list of strokes, found {type(strokes).__name__}")
        drawing = cls(tuple(_stroke(lists) for lists in strokes), word, key)
        if len(drawing.strokes) > MAX_STROKES or drawing.points > MAX_POINTS:
            raise BadDrawing(
                f"{len(drawing.strokes)} strokes with {drawing.points} points are too many",
                f"at most {MAX_STROKES} strokes and {MAX_POINTS} points are taken",
            )
        return drawing

    def to_lists(self) -> list[list[list[float]]]:
        """The inverse of `from_lists`; times are left out where a stroke has none."""
        return [
            [column.tolist() for column in stroke.xy.T]
            + ([] if stroke.t is None else [stroke.t.tolist()])
            for stroke in self.strokes
        ]

    @classmethod
    def from_json(cls, line: str) -> "Drawing":
        """Read one line of Quick, Draw! ndjson, raw or simplified."""
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadDrawing(f"not JSON ({error})") from error
        if not isinstance(record, dict) or "drawing" not in record:
            raise BadDrawing('expected an object with a "drawing" field')
        key = record.get("key_id")
        return cls.from_lists(
            record["drawing"], record.get("word"), None if key is None else str(key)
        )

    def to_json(self) -> str:
        """One line of Quick, Draw! ndjson; raw where times are known, without times otherwise."""
        return json.dumps(
            {"word": self.word, "key_id": self.key, "drawing": self.to_lists()},
            separators=(",", ":"),
        )


def read_ndjson(path: Path) -> Iterator[Drawing]:
    """Drawings of a `.ndjson` or `.ndjson.gz` file, in order; empty lines are skipped.

    Raises:
        UserError: when the file cannot be read or a line is not a drawing; it names the line.
    """
    for number, line in enumerate(read_lines(path, "Expected Quick, Draw! ndjson"), 1):
        if line.strip():
            try:
                yield Drawing.from_json(line)
            except BadDrawing as error:
                raise BadDrawing(f"{path}, line {number}: {error}") from error


def _stroke(lists: Any) -> Stroke:
    try:
        with np.errstate(over="ignore"):  # an infinite number is refused below
            columns = [np.asarray(column, np.float32) for column in lists]
    except (TypeError, ValueError, OverflowError) as error:
        raise BadDrawing(f"a stroke must be lists of numbers ({error})") from error
    if len(columns) not in (2, 3) or any(c.ndim != 1 for c in columns) or not len(columns[0]):
        raise BadDrawing("a stroke must be [[x...], [y...]] or [[x...], [y...], [t...]], not empty")
    if len({len(column) for column in columns}) != 1:
        raise BadDrawing("a stroke's x, y and t must have the same length")
    numbers = np.stack(columns)
    if not np.isfinite(numbers).all() or np.abs(numbers[:2]).max() > MAX_COORDINATE:
        raise BadDrawing(f"coordinates must be finite and within ±{MAX_COORDINATE:g}")
    return Stroke(np.ascontiguousarray(numbers[:2].T), numbers[2] if len(columns) == 3 else None)


def _cut(stroke: Stroke, ink: float) -> Stroke:
    """The first `ink` of a stroke's length, ending on a point between two recorded ones."""
    kept, times, left = [stroke.xy[0]], [0 if stroke.t is None else stroke.t[0]], ink
    t = np.zeros(len(stroke.xy), np.float32) if stroke.t is None else stroke.t
    for (a, b), (ta, tb) in zip(pairwise(stroke.xy), pairwise(t), strict=True):
        length = math.hypot(*(b - a))
        step = 1.0 if length <= left else left / length
        kept.append(a + (b - a) * np.float32(step))
        times.append(ta + (tb - ta) * np.float32(step))
        left -= length
        if left <= 0:
            break
    xy = np.asarray(kept, np.float32)
    return Stroke(xy, None if stroke.t is None else np.asarray(times, np.float32))
