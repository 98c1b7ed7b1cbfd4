"""The clock of rooms and games; tests put a clock of their own in its place."""

import asyncio
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    def cancel(self) -> None: ...


class Clock(Protocol):
    """A clock in milliseconds that never runs backwards, with timers."""

    def now(self) -> float:
        """The time in ms."""
        ...

    def call_at(self, when: float, call: Callable[[], None]) -> Timer:
        """Call `call` at the time `when` in ms, unless the timer is cancelled before."""
        ...


class LoopClock:
    """The clock of the running event loop."""

    def now(self) -> float:
        return asyncio.get_running_loop().time() * 1000

    def call_at(self, when: float, call: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_at(when / 1000, call)
