"""What a bot of the benchmarks measures: latency of guesses, lost ink and altered ink."""

import math
import time
from dataclasses import dataclass, field

from game.messages import (
    Clear,
    Guesses,
    Ink,
    Message,
    Point,
    Problem,
    RaceState,
    Reveal,
    ServerMessage,
    Strokes,
)
from game.rules.attempt import NEAR_BLANK

LATEST = 500.0  # ms before the end of a round; ink that is sent later may come too late


@dataclass(frozen=True)
class Final:
    """A revealed drawing, and the first word of the guess that was made from exactly its points."""

    strokes: Strokes
    word: str
    probability: float


@dataclass
class BotMeasurements:
    """All that one bot has measured.

    Attributes:
        waits: for each point, ms from its sending to the first guess that takes it into account.
        points, guesses, rounds, won: numbers of these.
        races: number of races whose end it has seen.
        missing: number of sent points that revealed drawings lack.
        altered: number of revealed drawings that differ from what was sent.
        lost: number of broken connections.
        problems: number of received problems by code.
        finals: drawings with guesses that are to be checked against the model.
    """

    waits: list[float] = field(default_factory=lambda: [])
    points: int = 0
    guesses: int = 0
    rounds: int = 0
    won: int = 0
    races: int = 0
    missing: int = 0
    altered: int = 0
    lost: int = 0
    problems: dict[str, int] = field(default_factory=lambda: {})
    finals: list[Final] = field(default_factory=lambda: [])


class DrawnPoints:
    """The points that the bot has drawn in a round since it last cleared its pad."""

    def __init__(self) -> None:
        self.points: list[tuple[int, Point]] = []  # each with the number of its stroke
        self.sent: list[float] = []
        self.ink = 0.0
        self.first: int | None = None  # index of the point that ended the nearly blank pad
        self.answered = 0
        self.guess: Guesses | None = None

    def add(self, ink: Ink, now: float) -> None:
        for point in ink.points:
            if self.points and self.points[-1][0] == ink.stroke:
                self.ink += math.dist(self.points[-1][1][:2], point[:2])
            self.points.append((ink.stroke, point))
            self.sent.append(now)
            if self.first is None and self.ink >= NEAR_BLANK:
                self.first = self.answered = len(self.points) - 1

    def answer(self, guess: Guesses, now: float) -> list[float]:
        """The waits in ms of the points that this guess is the first to take into account."""
        self.guess = guess
        if self.first is None or guess.points > len(self.sent):
            return []
        ended = self.sent[self.answered : guess.points]
        self.answered = max(self.answered, guess.points)
        return [(now - sent) * 1000 for sent in ended]


class Meter:
    """Measures from the messages that one bot sends and receives."""

    def __init__(self) -> None:
        self.seen = BotMeasurements()
        self._you: int | None = None
        self._round = 0
        self._over = False
        self._sheet = self._before = DrawnPoints()

    def said(self, message: Message) -> None:
        """Take note of a message that the bot sends."""
        now = time.perf_counter()
        match message:
            case Ink():
                if message.round != self._round:
                    self._round, self._sheet = message.round, DrawnPoints()
                    self._before = DrawnPoints()
                self._sheet.add(message, now)
                self.seen.points += len(message.points)
            case Clear():
                self._before, self._sheet = self._sheet, DrawnPoints()
            case _:
                pass

    def heard(self, message: ServerMessage) -> None:
        """Take note of a message that the bot receives."""
        match message:
            case Guesses() if message.round == self._round:
                self.seen.guesses += 1
                self.seen.waits += self._sheet.answer(message, time.perf_counter())
            case RaceState():
                self._you = message.you
                over = message.stage == "over"
                self.seen.races += over and not self._over
                self._over = over
            case Reveal():
                self._compare(message)
            case Problem():
                times = self.seen.problems.get(message.code, 0)
                self.seen.problems[message.code] = times + 1
            case _:
                pass

    def _compare(self, reveal: Reveal) -> None:
        """Compare a revealed drawing with what the bot has sent."""
        own = next((d for d in reveal.drawings if d.seat == self._you), None)
        if own is None or reveal.round != self._round:
            return
        self.seen.rounds += 1
        self.seen.won += own.outcome == "guessed"
        revealed = [
            (number, (x, y, t))
            for number, stroke in enumerate(own.strokes)
            for x, y, t in zip(*stroke, strict=True)
        ]
        sent = self._sheet.points
        if revealed and revealed == self._before.points[: len(revealed)]:
            return  # the round ended before the server received that the pad was cleared
        self.seen.altered += revealed != sent[: len(revealed)]
        end = own.milliseconds + own.compensated - LATEST
        due = sum(point[2] <= end for _, point in sent)
        self.seen.missing += max(due - len(revealed), 0)
        guess = self._sheet.guess
        if guess is not None and guess.guesses and guess.points == len(revealed):
            best = guess.guesses[0]
            self.seen.finals.append(Final(own.strokes, best.word, best.probability))
