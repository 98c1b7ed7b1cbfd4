"""The clock of a replayed room: it shows the time of the last log entry."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count


@dataclass(order=True)
class Alarm:
    """A planned call. Alarms of equal times go off in the order in which they were set."""

    when: float
    number: int
    call: Callable[[], None] | None = field(compare=False)

    def cancel(self) -> None:
        self.call = None


class LogClock:
    """A clock that only moves by `pass_to`, which lets each alarm go off at its due time.

    Args:
        now: the time in ms since 1970, as Redis tells it.
    """

    def __init__(self, now: float) -> None:
        self._now = now
        self._alarms: list[Alarm] = []
        self._number = count()

    def now(self) -> float:
        return self._now

    def date(self) -> datetime:
        return datetime.fromtimestamp(self._now / 1000, UTC)

    def call_at(self, when: float, call: Callable[[], None]) -> Alarm:
        alarm = Alarm(when, next(self._number), call)
        heapq.heappush(self._alarms, alarm)
        return alarm

    @property
    def due(self) -> float | None:
        """Time in ms of the next alarm; None when none is set."""
        while self._alarms and self._alarms[0].call is None:
            heapq.heappop(self._alarms)
        return self._alarms[0].when if self._alarms else None

    def pass_to(self, now: float) -> None:
        """Move the time on to `now` (ms), with all alarms that are due by then."""
        while self.due is not None and self._alarms[0].when <= now:
            alarm = heapq.heappop(self._alarms)
            self._now = max(self._now, alarm.when)
            if alarm.call is not None:
                alarm.call()
        self._now = max(self._now, now)
