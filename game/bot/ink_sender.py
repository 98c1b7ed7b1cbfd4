"""Sends a bot's ink as the page sends a player's: `ink_sender.js` is the twin for the page.

New ink goes at once when the guess about the ink before it is there. A server that keeps up thus
gets each point as it is drawn, and one that does not gets about one message a guess.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import groupby

from game.messages import Ink, Point, Strokes

PATIENCE = 0.050  # seconds from a message to the next one while its ink has no guess yet, at least
GUESSES = 2  # and as long as this many guesses take
LONGEST = 0.300  # but at most so many seconds

Say = Callable[[Ink, Sequence[float]], Awaitable[None]]


class InkSender:
    """Draws in one round.

    Args:
        round: number of the round.
        began: when the round began, in seconds by the clock of the event loop.
        say: sends a message, with the times at which its points were drawn by the same clock.
    """

    def __init__(self, round: int, began: float, say: Say) -> None:
        self._round, self._began, self._say = round, began, say
        self._sent = -math.inf
        self._points = 0  # that the server has of the drawing
        self._unanswered: list[tuple[int, float]] = []  # of each message: these, and when
        self._took = 0.0  # seconds from a message to the guess about its ink, of the last guess
        self._nothing_asked = asyncio.Event()

    async def draw(self, strokes: Strokes, start: float) -> None:
        """Draw the strokes at the speed of their times, from `start` ms of the round on."""
        self._new_sheet()
        points = timed(strokes, start)
        done = 0
        while done < len(points):
            await asyncio.sleep(self._drawn(points[done]) - _now())
            await self._guessed()
            due = done + 1
            while due < len(points) and self._drawn(points[due]) <= _now():
                due += 1
            await self._send(points[done:due])
            done = due

    def answered(self, points: int) -> None:
        """Take note of a guess about the first `points` points of the drawing."""
        known = [when for had, when in self._unanswered if had <= points]
        if known:
            self._took = _now() - known[-1]
            del self._unanswered[: len(known)]
        if not self._unanswered:
            self._nothing_asked.set()

    async def _guessed(self) -> None:
        """Wait until the guess about all that was sent is there, or patience is over."""
        patience = min(max(GUESSES * self._took, PATIENCE), LONGEST)
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._sent + patience):
                await self._nothing_asked.wait()

    async def _send(self, points: Sequence[tuple[int, Point]]) -> None:
        self._sent = _now()
        for stroke, group in groupby(points, lambda point: point[0]):
            those = [*group]
            self._points += len(those)
            self._unanswered.append((self._points, self._sent))
            self._nothing_asked.clear()
            ink = Ink(round=self._round, stroke=stroke, points=[point for _, point in those])
            await self._say(ink, [self._drawn(point) for point in those])

    def _drawn(self, point: tuple[int, Point]) -> float:
        """When a point is drawn, by the clock of the event loop."""
        return self._began + point[1][2] / 1000

    def _new_sheet(self) -> None:
        self._points, self._took = 0, 0.0
        self._unanswered.clear()
        self._nothing_asked.set()


def timed(strokes: Strokes, start: float) -> list[tuple[int, Point]]:
    """Each point with the number of its stroke, for a drawing that begins at `start` ms."""
    return [
        (number, (x, y, start + t))
        for number, stroke in enumerate(strokes)
        for x, y, t in zip(*stroke, strict=True)
    ]


def _now() -> float:
    return asyncio.get_running_loop().time()
