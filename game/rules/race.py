"""The rules of a race: everyone draws the same words; places go by time. Pure.

As in `game.rules.modes`, nothing reads a clock or does I/O, and a stage whose time is up ends at
its deadline, however late the call comes. A round goes through the stages

    drawing -> settling (late frames are judged, then the results are stored) -> reveal

A round ends early once every connected player's drawing is guessed, so a player who has lost the
connection never makes the others wait. A bot makes them wait only until its drawing is finished.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from game.messages import Guesses, RoomSettings, SeatProgress
from game.rules.attempt import Attempt, Frame, TooLate
from game.rules.modes import COUNTDOWN, SECOND
from game.rules.runner import AttemptResult, Runner
from game.rules.stage_clock import StageClock

POINTS = (5.0, 3.0, 2.0, 1.0)  # by place; every later place gets the last number
BELL_POINTS = POINTS[0] / 2  # for the best probability, when no drawing was guessed
REVEAL = 4 * SECOND
PLAN_ROUNDS = 5  # words in a race against ghosts and in the daily game
LATE = 150.0  # ms after the bell in which frames of earlier ink are still judged
PROGRESS_GAP = 250.0  # ms between two messages about everyone's progress, if guesses are quick
STORE_WITHIN = 5 * SECOND  # after this the race goes on, whether or not the results are stored

RaceStage = Literal["countdown", "drawing", "settling", "reveal", "over"]


class NotNow(Exception):
    """The ink came before the round began, or from a player who is not in the round."""


@dataclass(frozen=True)
class Scored:
    """A runner's result in a round.

    Attributes:
        place: from 1; None for a runner without points.
    """

    result: AttemptResult
    place: int | None
    points: float


@dataclass(frozen=True)
class Round:
    """A finished round; `scored` holds its runners, best first."""

    round: int
    word: str
    scored: tuple[Scored, ...]

    @property
    def winner(self) -> int | None:
        """The seat in first place; None when nobody scored."""
        first = next(iter(self.scored), None)
        return first.result.seat if first and first.place else None

    def without_drawings(self) -> "Round":
        """The round without its strokes and frames."""
        scored = [replace(e, result=replace(e.result, strokes=[], frames=[])) for e in self.scored]
        return replace(self, scored=tuple(scored))


def score(ended: Sequence[AttemptResult]) -> list[Scored]:
    """Places and points of a round, best first.

    Guessed drawings are ranked by time. When no drawing was guessed, the one with the highest
    probability gets `BELL_POINTS`; a drawing that was never judged cannot win them. Ties are
    broken by seat number: the player who entered the room first is ahead.
    """
    guessed = sorted((a for a in ended if a.guessed), key=lambda a: (a.milliseconds, a.seat))
    others = sorted((a for a in ended if not a.guessed), key=lambda a: (-a.best, a.best_at, a.seat))
    if not guessed and others and others[0].best > 0:
        best, *rest = others
        return [Scored(best, 1, BELL_POINTS), *(Scored(a, None, 0.0) for a in rest)]
    placed = [
        Scored(a, place, POINTS[min(place, len(POINTS)) - 1]) for place, a in enumerate(guessed, 1)
    ]
    return [*placed, *(Scored(a, None, 0.0) for a in others)]


class Race(StageClock[RaceStage]):
    """A race from its countdown to its end.

    Attributes:
        round: number of the running or last round, counted over all races of the room, from 1.
        number: the same, counted in this race, from 1.
        word: the word of that round; None in the countdown.
        started: time in ms at which that round began.
        bell: time in ms at which drawing ends for a player without link delay.
        runners: by seat number. Runners who have left stay, with their points.
        left: seat numbers of runners who have left.
        results: finished rounds, in order.
        scored: in `settling`, whether the round is in `results` and is now being stored.
    """

    def __init__(
        self,
        order: Iterator[str],
        settings: RoomSettings,
        words: Sequence[str],
        thresholds: Mapping[str, float],
        now: float,
        *,
        rounds: int | None = None,
        first: int = 1,
    ) -> None:
        """Begin with the countdown.

        Args:
            order: yields the words to ask, at least one for each round.
            settings: number and length of the rounds.
            words: the K words of the model.
            thresholds: word -> lowest probability with which it counts as guessed, 0 to 1.
            now: ms.
            rounds: number of rounds in place of the settings', as in the daily game.
            first: number of the first round, counted over all races of the room.
        """
        super().__init__()
        self.settings = settings
        self.rounds = rounds or settings.rounds
        self.round, self.number = first, 1
        self.word: str | None = None
        self.runners: dict[int, Runner] = {}
        self.results: list[Round] = []
        self.scored = False
        self.started = self.bell = now
        self._words, self._thresholds = words, thresholds
        self._order = order
        self.left: set[int] = set()
        self._enter("countdown", now, COUNTDOWN)

    # -- who runs ----------------------------------------------------------------------------------

    def enter(self, runner: Runner) -> None:
        """Add a runner, who takes part from the next round on."""
        assert runner.seat not in self.runners, "a seat runs once"
        self.runners[runner.seat] = runner
        self.changes += 1

    def leave(self, seat: int, now: float) -> None:
        """Take a runner out of the race. The running round is not scored for that runner."""
        self.advance(now)
        self.runners[seat].connected = False
        self.left.add(seat)
        self.changes += 1
        if self.stage != "over" and not any(r.player for r in self._running):
            self._enter("over", now, None)
        self._end_when_all_are_done(now)

    def connect(self, seat: int, connected: bool, now: float) -> None:
        """Note that a player lost the connection, or is back at the same pad."""
        self.advance(now)
        self.runners[seat].connected = connected
        self.changes += 1
        self._end_when_all_are_done(now)

    def put_down(self, seat: int, now: float) -> None:
        """Note that a bot has finished its drawing: the round waits for it no longer."""
        self.advance(now)
        self.runners[seat].moving = False
        self._end_when_all_are_done(now)

    @property
    def _running(self) -> list[Runner]:
        return [runner for seat, runner in self.runners.items() if seat not in self.left]

    @property
    def _in_round(self) -> list[Runner]:
        return [runner for runner in self._running if self.runs(runner.seat)]

    def runs(self, seat: int) -> bool:
        """Whether the seat takes part in the running or last round."""
        runner = self.runners.get(seat)
        attempt = runner.attempt if runner else None
        return attempt is not None and attempt.round == self.round and seat not in self.left

    def draws(self, seat: int | None) -> bool:
        """Whether the seat takes part in the round and its drawing is not guessed yet."""
        return seat is not None and self.runs(seat) and self.runners[seat].finished is None

    # -- drawing -----------------------------------------------------------------------------------

    def pad(self, seat: int, round: int, now: float) -> Attempt:
        """The attempt that a message about round number `round` may change.

        Raises:
            NotNow: the round has not begun, or the seat is not in it.
            TooLate: the round is over, or the seat's drawing is already guessed and the settings do
                not let players finish their drawings.
        """
        self.advance(now)
        runner = self.runners.get(seat)
        attempt = runner.attempt if runner else None
        if round < self.round or (round == self.round and self.stage in ("reveal", "over")):
            raise TooLate
        if runner is None or attempt is None or round != attempt.round or self.stage == "countdown":
            raise NotNow
        done = runner.finished is not None and not self.settings.finish
        if done or now > runner.closes or self.scored:
            raise TooLate
        return attempt

    def take_frame(self, seat: int, now: float) -> Frame | None:
        """The seat's drawing as it is now, to be judged; None when there is nothing to judge."""
        self.advance(now)
        runner = self.runners.get(seat)
        if runner is None or runner.attempt is None or not self._judges(runner, runner.attempt):
            return None
        return runner.attempt.take_frame(min(now, runner.closes))

    def judged(
        self, seat: int, frame: Frame, probabilities: NDArray[np.float32], now: float
    ) -> Guesses | None:
        """Record the judge's probabilities, (K,) for the K words, of a seat's frame.

        Returns:
            The message for the player; None when the round is over or the player has erased ink
            since the frame was taken.
        """
        self.advance(now)
        runner = self.runners.get(seat)
        if runner is None or not self._judges(runner, frame.attempt) or not frame.current:
            return None
        if frame.judged(self._words, probabilities, self._thresholds):
            runner.guessed(frame.at)
            self.changes += 1
        message = frame.attempt.message()
        self._end_when_all_are_done(now)
        return message

    def progress(self, now: float) -> list[SeatProgress]:
        """The progress of every runner in the round."""
        return [runner.progress(now) for runner in self._in_round]

    def _judges(self, runner: Runner, attempt: Attempt) -> bool:
        """Whether an attempt is still judged."""
        open_ = self.stage == "drawing" or (self.stage == "settling" and not self.scored)
        return (
            open_
            and runner.attempt is attempt
            and runner.finished is None
            and self.runs(runner.seat)
        )

    # -- stages ------------------------------------------------------------------------------------

    def advance(self, now: float) -> None:
        """End every stage whose deadline is at or before `now`, each at its deadline."""
        while self.deadline is not None and now >= self.deadline:
            at = self.deadline
            match self.stage:
                case "drawing":
                    self._enter("settling", at, LATE)
                case "settling" if not self.scored:
                    self._score(at)
                case "settling":
                    self._reveal(at)
                case "reveal" if self.number == self.rounds:
                    self._enter("over", at, None)
                case "reveal":
                    self.round += 1
                    self.number += 1
                    self._begin_round(at)
                case _:
                    self._begin_round(at)

    def stored(self, now: float) -> None:
        """Go on to the reveal: the results of the settling round are stored."""
        if self.stage == "settling" and self.scored:
            self._reveal(now)

    def forget_drawings(self, round: int) -> None:
        """Drop the strokes and frames of a finished round: its reveal has them from now on."""
        self.results = [
            result.without_drawings() if result.round == round else result
            for result in self.results
        ]

    @property
    def told(self) -> list[Round]:
        """The results that players may see: all but that of a round still being stored."""
        return self.results[:-1] if self.stage == "settling" and self.scored else self.results

    def points(self, seat: int) -> float:
        """Points of a seat in the rounds that players may see."""
        scored = (entry for result in self.told for entry in result.scored)
        return sum(entry.points for entry in scored if entry.result.seat == seat)

    @property
    def more(self) -> bool:
        """Whether another round follows."""
        return self.stage != "over" and self.number < self.rounds

    @property
    def in_round(self) -> bool:
        """Whether a round is running, or the last round is shown."""
        shown = self.stage == "reveal" and not self.more
        return shown or self.stage in ("drawing", "settling")

    @property
    def podium(self) -> list[Runner]:
        """Everyone who ran, best first: by points, then by drawing time."""
        ran = [runner for runner in self.runners.values() if runner.attempt is not None]
        return sorted(ran, key=lambda r: (-r.points, r.milliseconds, r.seat))

    def _begin_round(self, at: float) -> None:
        self.word = next(self._order)
        self.scored = False
        length = self.settings.seconds * SECOND
        for runner in self._running:
            runner.begin(self.round, self.number, self.word, at, length)
        self._enter("drawing", at, length)
        self.started, self.bell = at, at + length
        self.deadline = max(runner.closes for runner in self._running)

    def _end_when_all_are_done(self, now: float) -> None:
        if self.stage == "drawing" or (self.stage == "settling" and not self.scored):
            players = [runner for runner in self._in_round if runner.player]
            done = any(player.finished is not None for player in players)
            if done and not any(runner.drawing for runner in self._in_round):
                self._score(now)

    def _score(self, at: float) -> None:
        assert self.word is not None
        length = self.settings.seconds * SECOND
        scored = score([runner.result(length) for runner in self._in_round])
        for entry in scored:
            runner = self.runners[entry.result.seat]
            runner.points += entry.points
            runner.milliseconds += entry.result.milliseconds
        self.results.append(Round(self.round, self.word, tuple(scored)))
        self._enter("settling", at, STORE_WITHIN)
        self.scored = True

    def _reveal(self, at: float) -> None:
        self._enter("reveal", at, REVEAL)
