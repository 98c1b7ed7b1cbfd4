"""The clock of a room that is told by its log: it stands at the time of the last entry."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count


@dataclass(order=True)
class Alarm:
    """A call that is due; equal times ring in the order they were set."""

    when: float
    number: int
    call: Callable[[], None] | None = field(compare=False)

    def cancel(self) -> None:
        self.call = None


class LogClock:
    """Rings what is due on the way, at the moment it was due, when told that time has passed."""

    def __init__(self, now: float) -> None:
        self._now = now
        self._alarms: list[Alarm] = []
        self._number = count()

    def now(self) -> float:
        return self._now

    def call_at(self, when: float, call: Callable[[], None]) -> Alarm:
        alarm = Alarm(when, next(self._number), call)
        heapq.heappush(self._alarms, alarm)
        return alarm

    @property
    def due(self) -> float | None:
        """When the next alarm rings; None when none is set."""
        while self._alarms and self._alarms[0].call is None:
            heapq.heappop(self._alarms)
        return self._alarms[0].when if self._alarms else None

    def pass_to(self, now: float) -> None:
        """Let time pass."""
        while self.due is not None and self._alarms[0].when <= now:
            alarm = heapq.heappop(self._alarms)
            self._now = max(self._now, alarm.when)
            if alarm.call is not None:
                alarm.call()
        self._now = max(self._now, now)
