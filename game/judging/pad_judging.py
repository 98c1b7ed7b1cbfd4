"""Decides when the drawing on a pad is judged, and when it is judged again."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from game.clock import SLACK, Clock, Timer
from game.guests.refusals import REFUSALS, refusal
from game.judging.judge import JudgeQueue
from game.messages import Clear, Guesses, Ink, Message, Undo
from game.rules.attempt import VERDICT_GAP, Attempt, Frame


@dataclass(frozen=True)
class PadOwner:
    """The functions that the game of a pad provides for its judging.

    Attributes:
        take_frame: returns the drawing at a time (ms); None when there is nothing to judge.
        judged: records the judge's probabilities, (K,), of a frame at a time (ms), and returns the
            message for the player; None when the answer comes too late.
        say: sends a message to the player.
        follow: acts on changes that an answer has made to the game.
    """

    take_frame: Callable[[float], Frame | None]
    judged: Callable[[Frame, NDArray[np.float32], float], Guesses | None]
    say: Callable[[Message], None]
    follow: Callable[[], None]


class PadJudging:
    """Decides when one pad is judged, and is the judge's `FrameSource` for it."""

    def __init__(self, clock: Clock, judge: JudgeQueue, owner: PadOwner) -> None:
        self._clock, self._judge, self._owner = clock, judge, owner
        self._second_frame: Timer | None = None

    def change(self, attempt: Attempt, message: Ink | Undo | Clear) -> bool:
        """Change the pad as the message asks and have it judged, or tell the player why not.

        Returns:
            Whether the pad was changed.
        """
        try:
            self._do(attempt, message)
        except REFUSALS as error:
            self._owner.say(refusal(error))
        else:
            self._changed(attempt)
            return True
        return False

    def _do(self, attempt: Attempt, message: Ink | Undo | Clear) -> None:
        match message:
            case Ink():
                attempt.draw(message, self._clock.now())
            case Undo():
                attempt.undo()
            case Clear():
                attempt.clear()

    def _changed(self, attempt: Attempt) -> None:
        if not attempt.blank:
            self._judge.want(self)
        elif attempt.guesses:
            attempt.forget()
            self._owner.say(attempt.message())

    def take_frame(self) -> Frame | None:
        """The drawing to be judged now; None when there is none."""
        return self._owner.take_frame(self._clock.now())

    def judged(self, frame: Frame, probabilities: NDArray[np.float32]) -> None:
        """Record the judge's probabilities, (K,) for the K words, and tell the player."""
        guesses = self._owner.judged(frame, probabilities, self._clock.now())
        if guesses is not None:
            self._owner.say(guesses)
            if frame.attempt.verdict.since == frame.at:
                self._plan_second_frame(frame.attempt, frame.at + VERDICT_GAP + SLACK)
        self._owner.follow()

    def close(self) -> None:
        """Cancel the planned second frame."""
        if self._second_frame is not None:
            self._second_frame.cancel()
            self._second_frame = None

    def _plan_second_frame(self, attempt: Attempt, when: float) -> None:
        """Plan the second frame that a win needs: without new ink nothing else would judge it."""
        self.close()
        self._second_frame = self._clock.call_at(when, partial(self._want_again, attempt))

    def _want_again(self, attempt: Attempt) -> None:
        if attempt.verdict.since is not None:
            self._judge.want(self)
