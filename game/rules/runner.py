"""The runners of a race: a player with a pad, or a ghost, which replays a recorded game. Pure."""

from dataclasses import dataclass

from game.messages import JudgedFrame, Replay, SeatProgress, Strokes
from game.rules.attempt import Attempt

MAX_COMPENSATION = 150.0  # most ms of link delay that a player gets back


@dataclass(frozen=True)
class AttemptResult:
    """A runner's finished round; the other fields are those of `messages.Replay`.

    Attributes:
        seat: the runner's seat number.
        guessed: whether the drawing was guessed.
        best_at: ms from the start of the round until `best` was reached.
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
    frames: list[JudgedFrame]


class Runner:
    """A player or bot with a pad.

    Attributes:
        bot: whether a bot draws. A race waits for the end of its drawing, not for the guess.
        moving: whether a bot has yet to finish its drawing.
        delay: round trip of the player's link in ms; None until measured.
        connected: whether the player is connected. A round waits for connected players only.
        attempt: the attempt of the running or last round; None before the first.
        compensated: ms of link delay that the player gets back in this round, fixed when it
            begins: the word reaches the player half a round trip late, and the ink takes another
            half to come back.
        closes: time in ms until which the pad takes ink.
        finished: ms until the drawing was guessed; None when it was not.
        points, milliseconds: sums over all rounds.
    """

    ghost = False

    def __init__(self, seat: int, delay: float | None = None, *, bot: bool = False) -> None:
        self.seat = seat
        self.bot = bot
        self.moving = False
        self.delay = delay
        self.connected = True
        self.attempt: Attempt | None = None
        self.compensated = 0.0
        self.closes = 0.0
        self.finished: float | None = None
        self.points = 0.0
        self.milliseconds = 0.0

    def begin(self, round: int, number: int, word: str, at: float, length: float) -> None:
        """Begin a round of `length` ms with a new attempt.

        Args:
            round: number of the round in the room.
            number: number of the round in the race, from 1.
            at: start in ms.
        """
        self.attempt = Attempt(round, word, at)
        self.compensated = min(self.delay or 0.0, MAX_COMPENSATION)
        self.closes = at + length + self.compensated
        self.finished = None
        self.moving = self.bot

    @property
    def player(self) -> bool:
        """Whether a person draws."""
        return not (self.bot or self.ghost)

    @property
    def drawing(self) -> bool:
        """Whether the round waits for this runner."""
        unfinished = self.attempt is not None and self.finished is None
        return unfinished and self.connected and (self.moving or not self.bot)

    def guessed(self, at: float) -> None:
        """Note that the drawing was guessed, by a frame of time `at`."""
        assert self.attempt is not None
        self.attempt.won = self.attempt.sheet.strokes
        self.finished = at - self.attempt.started - self.compensated

    def progress(self, now: float) -> SeatProgress:
        """The progress that the other players may see."""
        target = self.attempt.told_target if self.attempt else 0.0
        return SeatProgress(seat=self.seat, target=target, milliseconds=self.finished)

    def result(self, length: float) -> AttemptResult:
        """The result of the finished round of `length` ms."""
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
            frames=attempt.frames,
        )


class Recorded(Runner):
    """A ghost: its drawings come from replays. It draws nothing for a word without a replay."""

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
        frames = self._replay.frames if self._replay else []
        target = next((target for _, at, target, _ in reversed(frames) if at <= elapsed), 0.0)
        done = self.finished is not None and self.finished <= elapsed
        milliseconds = self.finished if done else None
        return SeatProgress(seat=self.seat, target=target, milliseconds=milliseconds)

    def result(self, length: float) -> AttemptResult:
        replay = self._replay
        if replay is None:
            return super().result(length)
        frames = [judged for judged in replay.frames if judged[1] <= length]
        frame, best_at, best, _ = max(
            frames, key=lambda judged: judged[2], default=(0, 0.0, 0.0, "")
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
            frames=frames,
        )
