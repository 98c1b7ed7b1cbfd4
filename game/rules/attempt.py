"""One player's attempt at one word, and the verdict: when the word counts as guessed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from game.messages import Guess, Guesses, Ink, JudgedFrame
from game.rules.sheet import Sheet
from game.rules.speed_limit import SpeedLimit
from models.drawing import Drawing

VERDICT_GAP = 700.0  # ms between the two judged frames that make a win; see benchmarks.held_guess
NEAR_BLANK = 32.0  # pad units of line; a pad with less gets no guess
GUESSES_SHOWN = 5
DIGITS = 4  # decimal places of the probabilities that are sent to players
FRAME_GAP = 100.0  # least ms between two stored frames; the deciding frame is always stored


class TooLate(Exception):
    """The ink came after the bell, after the drawing was guessed, or for an earlier round."""


@dataclass
class Verdict:
    """Decides when a word is guessed: after two frames, at least `VERDICT_GAP` ms apart, that hold.

    A frame holds when the word is the model's first guess and reaches its threshold. Every frame
    judged between the two must hold as well: a frame that does not hold resets the verdict.

    Attributes:
        since: time in ms of the first frame of the current run of frames that hold; None when the
            last frame did not hold.
    """

    since: float | None = None

    def judge(self, holds: bool, at: float) -> bool:
        """Record a judged frame of time `at`; return whether the word is now guessed."""
        if not holds:
            self.since = None
            return False
        if self.since is None:
            self.since = at
        return self.reached(at)

    def reached(self, at: float) -> bool:
        """Whether a frame of time `at`, already recorded by `judge`, completes the verdict."""
        return self.since is not None and at - self.since >= VERDICT_GAP


@dataclass(frozen=True)
class Frame:
    """An attempt's drawing as it was at time `at` (ms), ready to be judged.

    Attributes:
        erased: value of the sheet's `erased` when the frame was taken.
    """

    attempt: "Attempt"
    drawing: Drawing
    at: float
    erased: int

    @property
    def current(self) -> bool:
        """Whether the player has erased nothing since the frame was taken."""
        return self.erased == self.attempt.sheet.erased

    def judged(
        self,
        words: Sequence[str],
        probabilities: NDArray[np.float32],
        thresholds: Mapping[str, float],
    ) -> bool:
        """Record the frame's probabilities and return whether the word is now guessed.

        Args:
            words: the K words of the model.
            probabilities: calibrated, (K,), each 0 to 1.
            thresholds: word -> lowest probability that holds, 0 to 1.
        """
        self.attempt.points = self.drawing.points
        return self.attempt.judged(words, probabilities, thresholds, self.at)


@dataclass
class Attempt:
    """One player's attempt at one word: the ink, and what the model has guessed so far.

    Attributes:
        round: number of the round, from 1.
        word: the word to draw; None in free drawing.
        started: time in ms at which drawing began.
        frame: number of the last judged frame, from 1; 0 before the first.
        points: points in the drawing of the last judged frame.
        best: highest probability of the word in any frame, 0 to 1, reached in frame `best_frame`
            at time `best_at` (ms).
        target: probability of the word in the last judged frame, 0 to 1.
        guesses: the model's `GUESSES_SHOWN` most probable words in that frame, best first.
        won: number of strokes when the word was guessed, which stay; None before.
        frames: judged frames kept for the replay: at most one every `FRAME_GAP` ms, and the frame
            that decided.
    """

    round: int
    word: str | None
    started: float
    sheet: Sheet = field(default_factory=Sheet)
    speed_limit: SpeedLimit = field(default_factory=SpeedLimit)
    verdict: Verdict = field(default_factory=Verdict)
    frame: int = 0
    points: int = 0
    best: float = 0.0
    best_frame: int = 0
    best_at: float = 0.0
    target: float = 0.0
    guesses: list[Guess] = field(default_factory=lambda: [])
    won: int | None = None
    frames: list[JudgedFrame] = field(default_factory=lambda: [])

    @property
    def blank(self) -> bool:
        """Whether the pad has too little ink to guess from."""
        return self.sheet.ink < NEAR_BLANK

    def draw(self, ink: Ink, now: float) -> None:
        """Add ink to the sheet. In a round with a word, the ink must keep the speed limit.

        Args:
            now: time of the server's clock in ms.

        Raises:
            OutOfPlace, TooMuchInk: as `Sheet.add`.
            TooQuick, FromTheFuture: as `SpeedLimit.draw`.
        """
        self.sheet.check(ink.stroke, ink.points)
        if self.word is not None:
            begins = ink.stroke == self.sheet.strokes
            spot = None if begins else self.sheet.end
            self.speed_limit.draw(ink.points, spot, now - self.started)
        self.sheet.add(ink.stroke, ink.points)

    def undo(self) -> None:
        """Remove the last stroke. It may be sent again, as a page does on redo.

        Raises:
            TooLate: the stroke belongs to the drawing that was guessed.
        """
        if self.won is not None and self.sheet.strokes <= self.won:
            raise TooLate
        self.speed_limit.give_back(self.sheet.undo())

    def clear(self) -> None:
        """Remove all strokes, or, after the guess, those drawn since.

        The speed limit starts afresh: a page may send its strokes again.
        """
        if self.won is None:
            self.sheet.clear()
        while self.sheet.strokes > (self.won or 0):
            self.sheet.undo()
        self.speed_limit = SpeedLimit()

    def take_frame(self, now: float) -> Frame | None:
        """The drawing as a frame of time `now`; None when the pad is blank or nearly blank."""
        return None if self.blank else Frame(self, self.sheet.drawing(), now, self.sheet.erased)

    def forget(self) -> None:
        """Drop the current guesses and reset the verdict; `best` stays."""
        self.frame += 1
        self.points = 0
        self.verdict, self.target, self.guesses = Verdict(), 0.0, []

    def judged(
        self,
        words: Sequence[str],
        probabilities: NDArray[np.float32],
        thresholds: Mapping[str, float],
        at: float,
    ) -> bool:
        """Record the probabilities of the ink at time `at`; return whether the word is guessed.

        Args: as `Frame.judged`. In free drawing the answer is always false.
        """
        self.frame += 1
        order: list[int] = np.argsort(-probabilities, kind="stable")[:GUESSES_SHOWN].tolist()
        shares: list[float] = probabilities.tolist()
        self.guesses = [Guess(word=words[i], probability=_rounded(shares[i])) for i in order]
        if self.word is None:
            return False
        self.target = shares[words.index(self.word)]
        if self.target > self.best:
            self.best, self.best_frame, self.best_at = self.target, self.frame, at
        guessed = self.verdict.judge(
            self.guesses[0].word == self.word and self.target >= thresholds[self.word], at
        )
        self._keep_frame(at - self.started, guessed)
        return guessed

    @property
    def told_target(self) -> float:
        """`target` as it is sent to players."""
        return _rounded(self.target)

    def message(self) -> Guesses:
        return Guesses(
            round=self.round,
            frame=self.frame,
            points=self.points,
            guesses=self.guesses,
            target=self.told_target,
            hold=0 if self.verdict.since is None else 1,
        )

    def _keep_frame(self, elapsed: float, decides: bool) -> None:
        if decides or not self.frames or elapsed - self.frames[-1][1] >= FRAME_GAP:
            judged = self.frame, round(elapsed, 1), _rounded(self.target), self.guesses[0].word
            self.frames.append(judged)


def _rounded(probability: float) -> float:
    return round(probability, DIGITS)
