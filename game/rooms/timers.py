"""Timers of a room: a repeated call, and a countdown that can be stopped."""

from collections.abc import Callable

from game.clock import Clock, Timer


class Repeated:
    """Calls a function every `gap` ms, from `start` to `close`."""

    def __init__(self, clock: Clock, gap: float, call: Callable[[], None]) -> None:
        self._clock, self._gap, self._call = clock, gap, call
        self._timer: Timer | None = None

    @property
    def running(self) -> bool:
        return self._timer is not None

    def start(self) -> None:
        """Call the function now, and then every `gap` ms."""
        self._timer = self._clock.call_at(self._clock.now() + self._gap, self.start)
        self._call()

    def close(self) -> None:
        """Stop calling."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Countdown:
    """Calls a function once it has been wanted for `length` ms without interruption.

    Attributes:
        ends: time in ms of the call; None while it is not wanted.
    """

    def __init__(self, clock: Clock, length: float, call: Callable[[], None]) -> None:
        self._clock, self._length, self._call = clock, length, call
        self._timer: Timer | None = None
        self.ends: float | None = None

    def want(self, wanted: bool) -> None:
        """Start the countdown if it is not running, or, with False, stop it."""
        if not wanted:
            self.close()
        elif self.ends is None:
            self.ends = self._clock.now() + self._length
            self._timer = self._clock.call_at(self.ends, self._ring)

    def close(self) -> None:
        """Stop the countdown."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.ends = None

    def _ring(self) -> None:
        self._timer = self.ends = None
        self._call()
