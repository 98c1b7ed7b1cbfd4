"""What a room does by itself after a while: measure link delays, begin a quick match."""

from collections.abc import Callable

from game.clock import Clock, Timer


class Repeated:
    """A call again and again, from `start` to `close`."""

    def __init__(self, clock: Clock, gap: float, call: Callable[[], None]) -> None:
        self._clock, self._gap, self._call = clock, gap, call
        self._timer: Timer | None = None

    @property
    def running(self) -> bool:
        return self._timer is not None

    def start(self) -> None:
        """Call now, and every `gap` ms from now on."""
        self._timer = self._clock.call_at(self._clock.now() + self._gap, self.start)
        self._call()

    def close(self) -> None:
        """Call no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Countdown:
    """A call after a while in which it was wanted all the time.

    Attributes:
        ends: when it will be made; None while it is not wanted.
    """

    def __init__(self, clock: Clock, length: float, call: Callable[[], None]) -> None:
        self._clock, self._length, self._call = clock, length, call
        self._timer: Timer | None = None
        self.ends: float | None = None

    def want(self, wanted: bool) -> None:
        """The call is wanted, or not any more."""
        if not wanted:
            self.close()
        elif self.ends is None:
            self.ends = self._clock.now() + self._length
            self._timer = self._clock.call_at(self.ends, self._ring)

    def close(self) -> None:
        """Do not call."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.ends = None

    def _ring(self) -> None:
        self._timer = self.ends = None
        self._call()
