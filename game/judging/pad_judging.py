"""A pad before the judge: when its drawing is looked at, and looked at again."""

from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from game.clock import Timer
from game.guests.refusals import REFUSALS, refusal
from game.messages import Clear, Guesses, Ink, Message, Undo
from game.rules.attempt import VERDICT_GAP, Frame, Turn
from game.rules.sheet import OutOfPlace
from game.services import Venue

SLACK = 1.0  # ms that a timer may ring early
MEND_GAP = 200.0  # ms between two tellings of the strokes to a page that has others


class Owner(Protocol):
    """Whose pad it is, in whichever game."""

    def look(self, now: float) -> Frame | None:
        """The drawing as it is now; None when there is nothing to judge."""
        ...

    def judged(
        self, frame: Frame, probabilities: NDArray[np.float32], now: float
    ) -> Guesses | None:
        """Take the judge's answer, (K,), and give what to tell; None when it comes too late."""
        ...

    def say(self, message: Message) -> None:
        """Tell the player."""
        ...

    def tell(self) -> None:
        """Tell the player the whole state."""
        ...

    def follow(self) -> None:
        """See what the answer has changed."""
        ...


class Canvas:
    """The judge's `Player` for one pad."""

    def __init__(self, venue: Venue, owner: Owner) -> None:
        self._venue = venue
        self._owner = owner
        self._second_look: Timer | None = None
        self._mended = -MEND_GAP

    def change(self, turn: Turn, message: Ink | Undo | Clear) -> None:
        """Do what the player did to the pad and have it judged, or tell why not."""
        try:
            self._do(turn, message)
        except REFUSALS as error:
            self._owner.say(refusal(error))
        except OutOfPlace:
            self._mend()
        else:
            self._changed(turn)

    def _do(self, turn: Turn, message: Ink | Undo | Clear) -> None:
        match message:
            case Ink():
                turn.draw(message, self._venue.clock.now())
            case Undo():
                turn.undo()
            case Clear():
                turn.clear()

    def _changed(self, turn: Turn) -> None:
        if not turn.blank:
            self._venue.judge.want(self)
        elif turn.guesses:
            turn.forget()
            self._owner.say(turn.message())

    def look(self) -> Frame | None:
        """The drawing to be judged now, if any."""
        return self._owner.look(self._venue.clock.now())

    def judged(self, frame: Frame, probabilities: NDArray[np.float32]) -> None:
        """Take the judge's answer, (K,) for the K words, and tell the player."""
        guesses = self._owner.judged(frame, probabilities, self._venue.clock.now())
        if guesses is not None:
            self._owner.say(guesses)
            if frame.turn.verdict.since == frame.at:
                self._plan_second_look(frame.turn, frame.at + VERDICT_GAP + SLACK)
        self._owner.follow()

    def close(self) -> None:
        """Look no more."""
        if self._second_look is not None:
            self._second_look.cancel()

    def _mend(self) -> None:
        """Page and server disagree about the strokes, and the server's count: tell them."""
        now = self._venue.clock.now()
        if now - self._mended >= MEND_GAP:
            self._mended = now
            self._owner.tell()

    def _plan_second_look(self, turn: Turn, when: float) -> None:
        """A win needs a second frame, and a pen at rest sends no ink that would make one."""
        self.close()
        self._second_look = self._venue.clock.call_at(when, partial(self._look_again, turn))

    def _look_again(self, turn: Turn) -> None:
        if turn.verdict.since is not None:
            self._venue.judge.want(self)
