"""The showdown: all published models guess the same drawing, and the page shows which was first.

The game's own model judges as in every mode. Each rival, that is, each other model, has a judge of
its own and the same verdict rule with its own thresholds. A word ends when all models have guessed
it, `LATER` ms after the first one has, when its time is up, or when it is skipped.
Only words that all models know are asked.
"""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from game.clock import SLACK, Clock, Timer
from game.judging.judge import Model
from game.messages import Message, ModelGuess, ShowdownState
from game.rules.attempt import VERDICT_GAP, Attempt, Frame
from game.services import Rival, Services
from game.words.packs import LEAST
from models.command import UserError
from models.shelf import PUBLISHED, names, open_judge, read_card

LATER = 8_000.0  # ms that the other models get after the first has guessed the word
MOST = 4  # rivals; each needs a thread, and memory for its weights

log = logging.getLogger(__name__)


def open_rivals(name: str, words: Sequence[str], shelf: Path = PUBLISHED) -> dict[str, Model]:
    """Open the published models other than `name` that know enough of the words; at most `MOST`.

    At least `LEAST` words, or all where there are fewer, are known to every one of them; showdowns
    ask for those. A damaged model is left out with a log line: the game works without it.
    """
    rivals: dict[str, Model] = {}
    shared = set(words)
    for other in names(shelf):
        if len(rivals) == MOST or other == name:
            continue
        try:
            known = shared & set(read_card(other, shelf).thresholds)
            if len(known) >= min(LEAST, len(words)):
                rivals[other] = open_judge(other, shelf)
                shared = known
        except UserError as error:
            log.warning("a model cannot take part in showdowns: %s", error)
    return rivals


class ShowdownOwner(Protocol):
    """The game whose drawing the models guess."""

    def take_frame(self, now: float) -> Frame | None:
        """The drawing as it is now; None when there is nothing to judge."""
        ...

    def conclude(self, elapsed: float) -> None:
        """End the running word, which was first guessed after `elapsed` ms."""
        ...

    def say(self, message: Message) -> None:
        """Send a message to the player."""
        ...

    def follow(self) -> None:
        """Act on changes of the game."""
        ...


class RivalJudging:
    """Has one rival judge the running drawing; the `FrameSource` of the rival's judge.

    Attributes:
        guessed: ms of drawing until the rival guessed the word; None until it has.
    """

    def __init__(
        self,
        rival: Rival,
        clock: Clock,
        take_frame: Callable[[float], Frame | None],
        heard: Callable[[], None],
    ) -> None:
        self.guessed: float | None = None
        self._rival, self._clock, self._take_frame, self._heard = rival, clock, take_frame, heard
        self._drawn: Attempt | None = None  # the player's attempt
        self._own: Attempt | None = None  # holds the rival's guesses and verdict, and no ink
        self._second_frame: Timer | None = None

    def begin(self, attempt: Attempt) -> None:
        """Start with another word."""
        self.rest()
        self.guessed = None
        self._drawn, self._own = attempt, Attempt(attempt.round, attempt.word, attempt.started)

    def want(self) -> None:
        """Have the changed drawing judged, unless the rival has already guessed the word."""
        if self.guessed is None:
            self._rival.judge.want(self)

    def forget(self) -> None:
        """Drop the rival's guesses, because the pad is blank again."""
        if self._own is not None and self.guessed is None:
            self._own.forget()

    def rest(self) -> None:
        """Cancel the planned second frame."""
        if self._second_frame is not None:
            self._second_frame.cancel()
            self._second_frame = None

    def take_frame(self) -> Frame | None:
        """The drawing to be judged now; None when there is none."""
        return self._take_frame(self._clock.now()) if self.guessed is None else None

    def judged(self, frame: Frame, probabilities: NDArray[np.float32]) -> None:
        """Record the judge's probabilities, (K,) for the rival's K words, of a frame."""
        own = self._own
        if own is None or frame.attempt is not self._drawn or not frame.current:
            return
        model = self._rival.model
        if own.judged(model.words, probabilities, model.thresholds, frame.at):
            self.guessed = frame.at - own.started
        elif own.verdict.since == frame.at:
            self.rest()
            when = frame.at + VERDICT_GAP + SLACK
            self._second_frame = self._clock.call_at(when, self.want)
        self._heard()

    def message(self) -> ModelGuess:
        return _guess(self._rival.name, self._own, self.guessed)


class Showdown:
    """The guesses of all models in one game."""

    def __init__(self, services: Services, owner: ShowdownOwner) -> None:
        self._services, self._owner = services, owner
        self._attempt: Attempt | None = None
        self._guessed: float | None = None  # ms of drawing until the game's own model guessed it
        self._end: Timer | None = None
        self._rivals = [
            RivalJudging(rival, services.clock, owner.take_frame, self._heard)
            for rival in services.rivals
        ]

    def changed(self, attempt: Attempt) -> None:
        """Note that the player has changed the drawing."""
        self._begin(attempt)
        for rival_judging in self._rivals:
            if attempt.blank:
                rival_judging.forget()
            else:
                rival_judging.want()
        if attempt.blank:
            self._tell()

    def judged(self, frame: Frame) -> None:
        """Note that the game's own model has judged a frame."""
        self._begin(frame.attempt)
        if self._guessed is None and frame.attempt.verdict.reached(frame.at):
            self._guessed = frame.at - frame.attempt.started
        self._tell()
        self._settle()

    def rest(self) -> None:
        """Stop judging, because no word is being drawn."""
        self._attempt = None
        for rival_judging in self._rivals:
            rival_judging.rest()
        if self._end is not None:
            self._end.cancel()
            self._end = None

    def _begin(self, attempt: Attempt) -> None:
        if attempt is self._attempt:
            return
        self.rest()
        self._attempt, self._guessed = attempt, None
        for rival_judging in self._rivals:
            rival_judging.begin(attempt)

    def _heard(self) -> None:
        if self._attempt is not None:
            self._tell()
            self._settle()
            self._owner.follow()

    def _tell(self) -> None:
        if self._attempt is not None:
            own = _guess(self._services.model_name, self._attempt, self._guessed)
            models = [own, *(rival_judging.message() for rival_judging in self._rivals)]
            attempt = self._attempt
            self._owner.say(ShowdownState(round=attempt.round, frame=attempt.frame, models=models))

    def _settle(self) -> None:
        """End the word when all models have guessed it, else `LATER` ms after the first has."""
        times = [self._guessed, *(rival_judging.guessed for rival_judging in self._rivals)]
        if None not in times:
            self._conclude()
        elif self._first is not None and self._end is None:
            when = self._services.clock.now() + LATER
            self._end = self._services.clock.call_at(when, self._ring)

    @property
    def _first(self) -> float | None:
        times = [self._guessed, *(rival_judging.guessed for rival_judging in self._rivals)]
        return min((time for time in times if time is not None), default=None)

    def _ring(self) -> None:
        self._conclude()
        self._owner.follow()

    def _conclude(self) -> None:
        first = self._first
        assert first is not None
        self.rest()
        self._owner.conclude(first)


def _guess(name: str, attempt: Attempt | None, guessed: float | None) -> ModelGuess:
    if attempt is None:
        return ModelGuess(model=name, guesses=[], target=0.0, guessed=guessed)
    seen = attempt.message()
    return ModelGuess(model=name, guesses=seen.guesses, target=seen.target, guessed=guessed)
