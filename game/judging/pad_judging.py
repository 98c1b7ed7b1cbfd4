"""A pad before the judge: when its drawing is looked at, and looked at again."""

from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from game.clock import Timer
from game.guests.refusals import REFUSALS, refusal
from game.messages import Clear, Guesses, Ink, Message, Undo
from game.rules.attempt import VERDICT_GAP, Attempt, Frame
from game.rules.sheet import OutOfPlace
from game.services import Services

SLACK = 1.0  # ms that a timer may ring early
MEND_GAP = 200.0  # ms between two tellings of the strokes to a page that has others


class PadOwner(Protocol):
    """Whose pad it is, in whichever game."""

    def take_frame(self, now: float) -> Frame | None:
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


class PadJudging:
    """The judge's `Player` for one pad."""

    def __init__(self, services: Services, owner: PadOwner) -> None:
        self._services = services
        self._owner = owner
        self._second_frame: Timer | None = None
        self._mended = -MEND_GAP

    def change(self, attempt: Attempt, message: Ink | Undo | Clear) -> None:
        """Do what the player did to the pad and have it judged, or tell why not."""
        try:
            self._do(attempt, message)
        except REFUSALS as error:
            self._owner.say(refusal(error))
        except OutOfPlace:
            self._mend()
        else:
            self._changed(attempt)

    def _do(self, attempt: Attempt, message: Ink | Undo | Clear) -> None:
        match message:
            case Ink():
                attempt.draw(message, self._services.clock.now())
            case Undo():
                attempt.undo()
            case Clear():
                attempt.clear()

    def _changed(self, attempt: Attempt) -> None:
        if not attempt.blank:
            self._services.judge.want(self)
        elif attempt.guesses:
            attempt.forget()
            self._owner.say(attempt.message())

    def take_frame(self) -> Frame | None:
        """The drawing to be judged now, if any."""
        return self._owner.take_frame(self._services.clock.now())

    def judged(self, frame: Frame, probabilities: NDArray[np.float32]) -> None:
        """Take the judge's answer, (K,) for the K words, and tell the player."""
        guesses = self._owner.judged(frame, probabilities, self._services.clock.now())
        if guesses is not None:
            self._owner.say(guesses)
            if frame.attempt.verdict.since == frame.at:
                self._plan_second_frame(frame.attempt, frame.at + VERDICT_GAP + SLACK)
        self._owner.follow()

    def close(self) -> None:
        """Look no more."""
        if self._second_frame is not None:
            self._second_frame.cancel()

    def _mend(self) -> None:
        """Page and server disagree about the strokes, and the server's count: tell them."""
        now = self._services.clock.now()
        if now - self._mended >= MEND_GAP:
            self._mended = now
            self._owner.tell()

    def _plan_second_frame(self, attempt: Attempt, when: float) -> None:
        """A win needs a second frame, and a pen at rest sends no ink that would make one."""
        self.close()
        self._second_frame = self._services.clock.call_at(when, partial(self._want_again, attempt))

    def _want_again(self, attempt: Attempt) -> None:
        if attempt.verdict.since is not None:
            self._services.judge.want(self)
