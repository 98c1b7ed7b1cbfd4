"""One player's try at one word, and when it is guessed: pure, as the rules are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import SupportsFloat

import numpy as np
from numpy.typing import NDArray

from game.messages import Guess, Guesses, Ink, JudgedFrame
from game.rules.sheet import Sheet
from game.rules.speed_limit import SpeedLimit
from models.drawing import Drawing

VERDICT_GAP = 100.0  # ms between the two judged frames that make a win
NEAR_BLANK = 32.0  # pad units of line; a pad with less gets no guess
GUESSES_SHOWN = 5
DIGITS = 4  # of the probabilities told to players
FRAME_GAP = 100.0  # ms between two looks that are kept, but for the one that decides


@dataclass
class Verdict:
    """Whether a word is guessed: it must hold on two judged frames `VERDICT_GAP` apart.

    A frame in between that holds as well neither counts as the second nor starts anew; one that
    does not hold starts anew.
    """

    since: float | None = None

    def judge(self, holds: bool, at: float) -> bool:
        """Take the next judged frame, of the ink at time `at`; true when the word is guessed."""
        if not holds:
            self.since = None
            return False
        if self.since is None:
            self.since = at
        return self.reached(at)

    def reached(self, at: float) -> bool:
        """Whether the word is guessed by a frame of time `at` that was judged."""
        return self.since is not None and at - self.since >= VERDICT_GAP


@dataclass(frozen=True)
class Frame:
    """A turn's drawing as it was at time `at`, for the judge."""

    attempt: "Attempt"
    drawing: Drawing
    at: float
    erased: int

    @property
    def current(self) -> bool:
        """Whether nothing that was judged has been taken back since."""
        return self.erased == self.attempt.sheet.erased

    def judged(
        self, words: Sequence[str], probabilities: NDArray[np.float32], threshold: float
    ) -> bool:
        """Take the probabilities, (K,) for the K words; true when the word is guessed."""
        self.attempt.points = self.drawing.points
        return self.attempt.judged(words, probabilities, threshold, self.at)


@dataclass
class Attempt:
    """One player's try at one word: the ink, and what the AI made of it so far.

    Attributes:
        frame: how many frames were judged, the last with so many `points`.
        target: probability of the word in the last frame, and `best` the highest of all, in frame
            `best_frame` of time `best_at`.
        looks: what was thought on the way, at most one in `FRAME_GAP`, and the one that decided.
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
    looks: list[JudgedFrame] = field(default_factory=lambda: [])

    @property
    def blank(self) -> bool:
        """Whether the pad has too little ink to guess from."""
        return self.sheet.ink < NEAR_BLANK

    def draw(self, ink: Ink, now: float) -> None:
        """Add ink to the sheet; where a word is asked, a hand must have been able to draw it.

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
        """Take back the last line; it may be sent again, as it is when the player redoes it."""
        self.speed_limit.give_back(self.sheet.undo())

    def clear(self) -> None:
        """Take back all lines; what the page has may be sent again."""
        self.sheet.clear()
        self.speed_limit = SpeedLimit()

    def take_frame(self, now: float) -> Frame | None:
        """The drawing as it is now; None when the pad is blank or nearly so."""
        return None if self.blank else Frame(self, self.sheet.drawing(), now, self.sheet.erased)

    def forget(self) -> None:
        """Take back what was guessed."""
        self.frame += 1
        self.points = 0
        self.verdict, self.target, self.guesses = Verdict(), 0.0, []

    def judged(
        self, words: Sequence[str], probabilities: NDArray[np.float32], threshold: float, at: float
    ) -> bool:
        """Take the probabilities, (K,) for the K words, of the ink at `at`; true when guessed."""
        self.frame += 1
        order: list[int] = np.argsort(-probabilities, kind="stable")[:GUESSES_SHOWN].tolist()
        self.guesses = [Guess(word=words[i], probability=_rounded(probabilities[i])) for i in order]
        if self.word is None:
            return False
        self.target = float(probabilities[words.index(self.word)])
        if self.target > self.best:
            self.best, self.best_frame, self.best_at = self.target, self.frame, at
        guessed = self.verdict.judge(
            self.guesses[0].word == self.word and self.target >= threshold, at
        )
        self._keep_frame(at - self.started, guessed)
        return guessed

    def message(self) -> Guesses:
        return Guesses(
            round=self.round,
            frame=self.frame,
            points=self.points,
            guesses=self.guesses,
            target=_rounded(self.target),
            hold=0 if self.verdict.since is None else 1,
        )

    def _keep_frame(self, elapsed: float, decides: bool) -> None:
        if decides or not self.looks or elapsed - self.looks[-1][1] >= FRAME_GAP:
            judged = self.frame, round(elapsed, 1), _rounded(self.target), self.guesses[0].word
            self.looks.append(judged)


def _rounded(probability: SupportsFloat) -> float:
    return round(float(probability), DIGITS)
