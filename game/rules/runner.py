"""Who runs in a race: a player with a pad, or a recorded one. Pure."""

from dataclasses import dataclass

from game.messages import JudgedFrame, Replay, SeatProgress, Strokes
from game.rules.attempt import Attempt

MAX_COMPENSATION = 150.0  # ms of link delay that are given back


@dataclass(frozen=True)
class AttemptResult:
    """A runner's finished round; the fields are those of `messages.Replay`.

    Attributes:
        best_at: when `best` was reached, in ms of the round.
    """

    seat: int
    guessed: bool
    milliseconds: float
    frame: int
    best: float
    best_at: float
    delay: float | None
    compensated: float
    strokes: Strokes
    looks: list[JudgedFrame]


class Runner:
    """A player with a pad.

    Attributes:
        delay: the link's round trip in ms, None until measured.
        connected: whether the player is there; nobody waits for one who is not.
        turn: the running or last round, None until the first.
        compensated: ms given back in this round, fixed as it begins: a word is seen half a round
            trip late, and its ink comes half a round trip late.
        finished: ms until the drawing was guessed, None when it was not.
        points, milliseconds: of all rounds.
    """

    ghost = False

    def __init__(self, seat: int, delay: float | None = None) -> None:
        self.seat = seat
        self.delay = delay
        self.connected = True
        self.attempt: Attempt | None = None
        self.compensated = 0.0
        self.closes = 0.0
        self.finished: float | None = None
        self.points = 0.0
        self.milliseconds = 0.0

    def begin(self, round: int, number: int, word: str, at: float, length: float) -> None:
        """Get a new pad for `length` ms; `number` is the word's in the race, from 1."""
        self.attempt = Attempt(round, word, at)
        self.compensated = min(self.delay or 0.0, MAX_COMPENSATION)
        self.closes = at + length + self.compensated
        self.finished = None

    @property
    def drawing(self) -> bool:
        """Whether the round waits for this runner."""
        return self.connected and self.attempt is not None and self.finished is None

    def guessed(self, at: float) -> None:
        """The drawing was guessed, by ink of time `at`."""
        assert self.attempt is not None
        self.finished = max(at - self.attempt.started - self.compensated, 0.0)

    def progress(self, now: float) -> SeatProgress:
        """What others may know."""
        target = self.attempt.message().target if self.attempt else 0.0
        return SeatProgress(seat=self.seat, target=target, milliseconds=self.finished)

    def result(self, length: float) -> AttemptResult:
        """The finished round of `length` ms."""
        attempt = self.attempt
        assert attempt is not None
        guessed = self.finished is not None
        return AttemptResult(
            seat=self.seat,
            guessed=guessed,
            milliseconds=length if self.finished is None else self.finished,
            frame=attempt.frame if guessed else attempt.best_frame,
            best=attempt.best,
            best_at=attempt.best_at - attempt.started - self.compensated,
            delay=self.delay,
            compensated=self.compensated,
            strokes=attempt.sheet.to_lists(),
            looks=attempt.looks,
        )


class Recorded(Runner):
    """A recorded player, who draws as on the day; without a replay of a word, not at all."""

    ghost = True

    def __init__(self, seat: int, replays: tuple[Replay | None, ...]) -> None:
        super().__init__(seat)
        self._replays = replays
        self._replay: Replay | None = None
        self._began = 0.0

    @property
    def drawing(self) -> bool:
        return False

    def begin(self, round: int, number: int, word: str, at: float, length: float) -> None:
        super().begin(round, number, word, at, length)
        self._replay, self._began = self._replays[number - 1], at
        if self._replay is not None and self._replay.outcome == "guessed":
            milliseconds = self._replay.milliseconds
            self.finished = milliseconds if milliseconds <= length else None

    def progress(self, now: float) -> SeatProgress:
        elapsed = now - self._began
        looks = self._replay.looks if self._replay else []
        target = next((target for _, at, target, _ in reversed(looks) if at <= elapsed), 0.0)
        done = self.finished is not None and self.finished <= elapsed
        milliseconds = self.finished if done else None
        return SeatProgress(seat=self.seat, target=target, milliseconds=milliseconds)

    def result(self, length: float) -> AttemptResult:
        replay = self._replay
        if replay is None:
            return super().result(length)
        looks = [frame for frame in replay.looks if frame[1] <= length]
        frame, best_at, best, _ = max(
            looks, key=lambda judged: judged[2], default=(0, 0.0, 0.0, "")
        )
        guessed = self.finished is not None
        return AttemptResult(
            seat=self.seat,
            guessed=guessed,
            milliseconds=length if self.finished is None else self.finished,
            frame=replay.frame if guessed else frame,
            best=replay.best if guessed else best,
            best_at=best_at,
            delay=replay.delay,
            compensated=replay.compensated,
            strokes=replay.strokes,
            looks=looks,
        )
