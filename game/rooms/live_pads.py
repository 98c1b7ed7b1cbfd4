"""Sends the ink of a running round, with a delay, to the members of a room who do not draw."""

from game.clock import Clock, Timer
from game.judging.judge import JudgeQueue
from game.judging.load import slowed
from game.messages import Clear, Ink, LiveInk, Undo
from game.rooms.audience import Audience
from game.rules.delayed_ink import Change, DelayedInk

TELL_GAP = 200.0  # ms between two messages, if guesses are quick


class LivePads:
    """The pads of a race as watchers, and players whose drawing is guessed, see them.

    The delay is kept here and not by the page: a page that got the ink at once could show it.
    """

    def __init__(self, clock: Clock, judge: JudgeQueue, audience: Audience) -> None:
        self._clock, self._judge, self._audience = clock, judge, audience
        self._ink = DelayedInk()
        self._round = 0
        self._told_at = -TELL_GAP
        self._timer: Timer | None = None

    def changed(self, seat: int, message: Ink | Undo | Clear, strokes: int) -> None:
        """Note a change of a pad, which has this number of strokes now."""
        if message.round != self._round:
            self.rest()
            self._ink, self._round = DelayedInk(), message.round
        now = self._clock.now()
        line = None
        if isinstance(message, Ink):
            xs, ys = ([round(point[axis], 1) for point in message.points] for axis in (0, 1))
            line = (message.stroke, xs, ys)
        self._ink.add(Change(now, seat, strokes, line))
        if self._timer is None:
            self._go_on()

    def whole(self, round: int) -> list[LiveInk]:
        """The message for a member who sees the pads of a round from now on."""
        if self._timer is None:  # nobody has seen them so far
            self._ink.release(self._clock.now())
        self._go_on()
        pads = self._ink.whole() if round == self._round else []
        return [LiveInk(round=round, pads=pads)] if pads else []

    def rest(self) -> None:
        """Send nothing more until a pad changes."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _go_on(self) -> None:
        """Send the next changes when they are due, if somebody sees them."""
        self.rest()
        if self._audience.watched and self._ink.due is not None:
            when = max(self._ink.due, self._told_at + slowed(TELL_GAP, self._judge.wait))
            self._timer = self._clock.call_at(when, self._tell)

    def _tell(self) -> None:
        self._timer = None
        self._told_at = self._clock.now()
        if pads := self._ink.release(self._told_at):
            self._audience.say_idle(LiveInk(round=self._round, pads=pads))
        self._go_on()
