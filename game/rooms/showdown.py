"""The showdown: all published models guess one drawing at once, and the first to have it is told.

The game's own model judges as always. Each rival has a judge for itself, and the rule of the
verdict with its own threshold. A word ends when all have guessed it, `LATER` after the first did,
at its bell, or when it is skipped.
"""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from game.clock import Clock, Timer
from game.judging.judge import Model
from game.judging.pad_judging import SLACK
from game.messages import Message, ModelGuess, Showdown
from game.rules.attempt import VERDICT_GAP, Frame, Turn
from game.services import Rival, Venue
from models.command import UserError
from models.shelf import PUBLISHED, names, open_model, read_card

LATER = 8_000.0  # ms that the others get once a model has it
MOST = 4  # rivals; each has a thread and its weights in memory

log = logging.getLogger(__name__)


def open_rivals(name: str, words: Sequence[str], shelf: Path = PUBLISHED) -> dict[str, Model]:
    """The published models, besides the one of the name, that know all the words.

    One that is damaged is left out, and logged: the game needs none of them.
    """
    rivals: dict[str, Model] = {}
    for other in names(shelf):
        if len(rivals) == MOST or other == name:
            continue
        try:
            if set(words) <= set(read_card(other, shelf).words):
                rivals[other] = open_model(other, shelf)
        except UserError as error:
            log.warning("no rival in a showdown: %s", error)
    return rivals


class Owner(Protocol):
    """The game whose drawing is guessed."""

    def look(self, now: float) -> Frame | None:
        """The drawing as it is now; None when there is nothing to judge."""
        ...

    def conclude(self, elapsed: float) -> None:
        """End the running word as guessed, first after `elapsed` ms."""
        ...

    def say(self, message: Message) -> None:
        """Tell the player."""
        ...

    def follow(self) -> None:
        """See what has changed."""
        ...


class Opinion:
    """What one rival makes of the running word's drawing; its judge's `Player`.

    Attributes:
        guessed: ms of drawing until it had the word; None while it has not.
    """

    def __init__(
        self,
        rival: Rival,
        clock: Clock,
        look: Callable[[float], Frame | None],
        heard: Callable[[], None],
    ) -> None:
        self.guessed: float | None = None
        self._rival, self._clock, self._look, self._heard = rival, clock, look, heard
        self._drawn: Turn | None = None  # the player's
        self._own: Turn | None = None  # without ink: only what the rival thinks of it
        self._second_look: Timer | None = None

    def begin(self, turn: Turn) -> None:
        """Another word is drawn."""
        self.rest()
        self.guessed = None
        self._drawn, self._own = turn, Turn(turn.round, turn.word, turn.started)

    def want(self) -> None:
        """The drawing has changed; a rival that has it looks no more."""
        if self.guessed is None:
            self._rival.judge.want(self)

    def forget(self) -> None:
        """The pad is blank again."""
        if self._own is not None and self.guessed is None:
            self._own.forget()

    def rest(self) -> None:
        """Look no second time."""
        if self._second_look is not None:
            self._second_look.cancel()
            self._second_look = None

    def look(self) -> Frame | None:
        """The drawing to be judged now, if any."""
        return self._look(self._clock.now()) if self.guessed is None else None

    def judged(self, frame: Frame, probabilities: NDArray[np.float32]) -> None:
        """Take the judge's answer, (K,) for the rival's K words."""
        own = self._own
        if own is None or frame.turn is not self._drawn or not frame.current:
            return
        model = self._rival.model
        if own.judged(model.words, probabilities, model.threshold, frame.at):
            self.guessed = frame.at - own.started
        elif own.verdict.since == frame.at:
            self.rest()
            when = frame.at + VERDICT_GAP + SLACK
            self._second_look = self._clock.call_at(when, self.want)
        self._heard()

    def message(self) -> ModelGuess:
        return _guess(self._rival.name, self._own, self.guessed)


class Contest:
    """All models' guesses in one game."""

    def __init__(self, venue: Venue, owner: Owner) -> None:
        self._venue, self._owner = venue, owner
        self._turn: Turn | None = None
        self._guessed: float | None = None  # by the game's own model
        self._end: Timer | None = None
        self._opinions = [
            Opinion(rival, venue.clock, owner.look, self._heard) for rival in venue.rivals
        ]

    def changed(self, turn: Turn) -> None:
        """The player has changed the drawing."""
        self._begin(turn)
        for opinion in self._opinions:
            if turn.blank:
                opinion.forget()
            else:
                opinion.want()
        if turn.blank:
            self._tell()

    def judged(self, frame: Frame) -> None:
        """The game's own model has looked."""
        self._begin(frame.turn)
        if self._guessed is None and frame.turn.verdict.reached(frame.at):
            self._guessed = frame.at - frame.turn.started
        self._tell()
        self._settle()

    def rest(self) -> None:
        """No word is being drawn."""
        self._turn = None
        for opinion in self._opinions:
            opinion.rest()
        if self._end is not None:
            self._end.cancel()
            self._end = None

    def _begin(self, turn: Turn) -> None:
        if turn is self._turn:
            return
        self.rest()
        self._turn, self._guessed = turn, None
        for opinion in self._opinions:
            opinion.begin(turn)

    def _heard(self) -> None:
        if self._turn is not None:
            self._tell()
            self._settle()
            self._owner.follow()

    def _tell(self) -> None:
        if self._turn is not None:
            own = _guess(self._venue.model_name, self._turn, self._guessed)
            models = [own, *(opinion.message() for opinion in self._opinions)]
            turn = self._turn
            self._owner.say(Showdown(round=turn.round, frame=turn.frame, models=models))

    def _settle(self) -> None:
        """End the word when all have it, or a while after the first."""
        times = [self._guessed, *(opinion.guessed for opinion in self._opinions)]
        if None not in times:
            self._conclude()
        elif self._first is not None and self._end is None:
            when = self._venue.clock.now() + LATER
            self._end = self._venue.clock.call_at(when, self._ring)

    @property
    def _first(self) -> float | None:
        times = [self._guessed, *(opinion.guessed for opinion in self._opinions)]
        return min((time for time in times if time is not None), default=None)

    def _ring(self) -> None:
        self._conclude()
        self._owner.follow()

    def _conclude(self) -> None:
        first = self._first
        assert first is not None
        self.rest()
        self._owner.conclude(first)


def _guess(name: str, turn: Turn | None, guessed: float | None) -> ModelGuess:
    if turn is None:
        return ModelGuess(model=name, guesses=[], target=0.0, guessed=guessed)
    seen = turn.message()
    return ModelGuess(model=name, guesses=seen.guesses, target=seen.target, guessed=guessed)
