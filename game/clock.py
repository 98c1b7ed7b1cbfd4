"""The clock of rooms and games; tests put a clock of their own in its place."""

import asyncio
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

SLACK = 1.0  # ms that a timer may ring early


class Timer(Protocol):
    def cancel(self) -> None: ...


class Clock(Protocol):
    """A clock in milliseconds that never runs backwards, with timers."""

    def now(self) -> float:
        """The time in ms."""
        ...

    def date(self) -> datetime:
        """Date and time in UTC."""
        ...

    def call_at(self, when: float, call: Callable[[], None]) -> Timer:
        """Call `call` at the time `when` in ms, unless the timer is cancelled before."""
        ...


class LoopClock:
    """The computer's clock, with timers on the running event loop.

    The loop's own clock is the same one, but asking it takes four times as long, and the game asks
    several times for each message.
    """

    def now(self) -> float:
        return time.monotonic() * 1000

    def date(self) -> datetime:
        return datetime.now(UTC)

    def call_at(self, when: float, call: Callable[[], None]) -> Timer:
        # uvloop counts whole milliseconds: it rounds the delay, and rings less than 1 ms early.
        milliseconds = math.ceil(max(when - self.now(), 0.0))
        return asyncio.get_running_loop().call_later(milliseconds / 1000, call)
