"""Replacements for parts of the game in tests: a model, a clock, a judge and a link."""

import heapq
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import count

import numpy as np
from numpy.typing import NDArray

from game.judging.judge import FrameSource
from game.messages import Message, Point, State
from game.rules.badges import ALPHABET, SEPARATOR

WORDS = ("one", "two", "three", "four", "five")
THRESHOLD = 0.7


def row(word: str, probability: float = 0.9) -> NDArray[np.float32]:
    """Probabilities (K,) with a given one for a word; the others are equal."""
    others = (1 - probability) / (len(WORDS) - 1)
    return np.array([probability if w == word else others for w in WORDS], np.float32)


def bars(word: str) -> list[list[Point]]:
    """A drawing of a word of the form "N bars": N upright bars, each a stroke of 100 ms."""
    return [
        [(40.0 + 40 * bar, 20.0 + 20 * step, 110.0 * bar + 10.0 * step) for step in range(11)]
        for bar in range(WORDS.index(word) + 1)
    ]


def badge_of(strokes: Iterable[Iterable[tuple[int, int]]]) -> str:
    """The text of a badge with these strokes, points on the grid of `game.rules.badges`."""
    return SEPARATOR.join("".join(ALPHABET[x] + ALPHABET[y] for x, y in each) for each in strokes)


THRESHOLDS: dict[str, float] = dict.fromkeys(WORDS, THRESHOLD)
EASY: dict[str, float] = {}  # no word is harder than another


class CountsBars:
    """A model that knows the word from the number of upright bars across the middle."""

    words = WORDS
    thresholds = THRESHOLDS
    difficulty = EASY

    def probabilities(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities (N, K) of bitmaps (N, 28, 28)."""
        middle = bitmaps[:, 14] > 100
        found = (middle[:, 1:] & ~middle[:, :-1]).sum(1)
        return np.stack([row(WORDS[n - 1]) if 1 <= n <= 5 else row("one", 0.2) for n in found])


class ManualClock:
    """A clock that tests move on; timers go off when they are due."""

    def __init__(self) -> None:
        self._now = 0.0
        self._due: list[tuple[float, int, Alarm]] = []
        self._number = count()

    def now(self) -> float:
        return self._now

    def date(self) -> datetime:
        return datetime.fromtimestamp(self._now / 1000, UTC)

    def call_at(self, when: float, call: Callable[[], None]) -> "Alarm":
        alarm = Alarm(call)
        heapq.heappush(self._due, (when, next(self._number), alarm))
        return alarm

    def pass_(self, milliseconds: float) -> None:
        end = self._now + milliseconds
        while self._due and self._due[0][0] <= end:
            when, _, alarm = heapq.heappop(self._due)
            self._now = max(self._now, when)
            alarm.ring()
        self._now = end

    def jump(self, milliseconds: float) -> None:
        """Let time pass while the timers sleep, as when a machine is busy."""
        self._now += milliseconds

    @property
    def waiting(self) -> int:
        """Number of timers that are set."""
        return sum(not alarm.cancelled for _, _, alarm in self._due)


class Alarm:
    """A timer, which lets go of its callback when it is cancelled, as asyncio's do."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring: Callable[[], None] | None = ring

    @property
    def cancelled(self) -> bool:
        return self._ring is None

    def cancel(self) -> None:
        self._ring = None

    def ring(self) -> None:
        if self._ring is not None:
            self._ring()


class ManualJudge:
    """A judge that answers only when a test tells it to, with given probabilities."""

    def __init__(self) -> None:
        self.wanting: list[FrameSource] = []
        self.busy = False
        self.wait = 0.0

    def want(self, player: FrameSource) -> None:
        self.wanting.append(player)

    def answer(self, probabilities: NDArray[np.float32]) -> None:
        """Answer all waiting requests."""
        players, self.wanting = self.wanting, []
        for player in players:
            if frame := player.take_frame():
                player.judged(frame, probabilities)


class Notes:
    """A link that keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        self.sent.append(message)

    def take(self) -> list[Message]:
        """All messages since the last call."""
        sent, self.sent = self.sent, []
        return sent

    @property
    def state(self) -> State:
        """The last state that was sent."""
        return [message for message in self.sent if isinstance(message, State)][-1]
