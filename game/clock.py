"""Time as the rooms see it, so that tests can bring their own."""

import asyncio
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    def cancel(self) -> None: ...


class Clock(Protocol):
    """Milliseconds that never run backwards, and a call when they have come."""

    def now(self) -> float: ...

    def call_at(self, when: float, call: Callable[[], None]) -> Timer: ...


class LoopClock:
    """The clock of the running event loop."""

    def now(self) -> float:
        return asyncio.get_running_loop().time() * 1000

    def call_at(self, when: float, call: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_at(when / 1000, call)
