"""The delay of a link, measured by probes that the page echoes."""

from collections import deque

PROBES = 8  # the quickest of the last ones counts; slower ones show a busy server or page
MAX_WAIT = 5_000.0  # ms after which an answer is ignored


class Delay:
    """Round trips of one link.

    Attributes:
        milliseconds: the quickest of the last `PROBES` round trips; None before the first answer.
    """

    def __init__(self) -> None:
        self.milliseconds: float | None = None
        self._number = 0
        self._sent: float | None = None
        self._trips: deque[float] = deque(maxlen=PROBES)

    def probe(self, now: float) -> int:
        """The number for a probe that is sent at time `now` (ms)."""
        self._number += 1
        self._sent = now
        return self._number

    def echo(self, number: int, now: float) -> None:
        """Record the answer to a probe. Only the first answer to the latest probe counts."""
        if number != self._number or self._sent is None:
            return
        trip, self._sent = now - self._sent, None
        if trip <= MAX_WAIT:
            self._trips.append(trip)
            self.milliseconds = round(min(self._trips), 1)
