"""The ink of a round as those who do not draw may see it: late, so that nobody can copy it. Pure.

As in `game.rules.race`, nothing reads a clock: every call takes the time.
"""

from collections import deque
from dataclasses import dataclass

from game.messages import InkLine, PadInk
from game.rules.modes import SECOND

DELAY = 1.5 * SECOND  # ms from the moment at which the server took the ink


@dataclass(frozen=True)
class Change:
    """A change of one pad.

    Attributes:
        at: time in ms at which the server took it.
        strokes: number of strokes on the pad after it.
        line: the new points; None for a change that only removed strokes.
    """

    at: float
    seat: int
    strokes: int
    line: InkLine | None


class DelayedInk:
    """Changes of all pads in a round, each released `DELAY` ms after it was made."""

    def __init__(self) -> None:
        self._waiting: deque[Change] = deque()
        self._pads: dict[int, list[InkLine]] = {}  # as released so far: one line per stroke

    @property
    def due(self) -> float | None:
        """Time in ms at which the next change may be released; None when none waits."""
        return self._waiting[0].at + DELAY if self._waiting else None

    def add(self, change: Change) -> None:
        """Keep a change until it is due. Changes come in the order of their times."""
        self._waiting.append(change)

    def release(self, now: float) -> list[PadInk]:
        """The changes that are due by `now` (ms), merged into one entry for each pad."""
        news: dict[int, tuple[int, list[InkLine]]] = {}  # seat -> `keep` and `lines`
        while self.due is not None and self.due <= now:
            change = self._waiting.popleft()
            pad = self._pads.setdefault(change.seat, [])
            keep, lines = news.get(change.seat) or (len(pad), [])
            lines = [line for line in lines if line[0] < change.strokes]
            del pad[change.strokes :]
            if change.line is not None:
                _extend(lines, change.line)
                _extend(pad, change.line)
            news[change.seat] = min(keep, change.strokes), lines
        return [PadInk(seat=seat, keep=keep, lines=lines) for seat, (keep, lines) in news.items()]

    def whole(self) -> list[PadInk]:
        """All ink that was released and not removed again; what is released later is not in it."""
        # A message copies the lists that it is made from.
        return [PadInk(seat=seat, keep=0, lines=pad) for seat, pad in self._pads.items()]


def _extend(lines: list[InkLine], more: InkLine) -> None:
    """Add points to the last line if they belong to the same stroke, else as a new line."""
    stroke, xs, ys = more
    if lines and lines[-1][0] == stroke:
        lines[-1][1].extend(xs)
        lines[-1][2].extend(ys)
    else:
        lines.append((stroke, [*xs], [*ys]))
