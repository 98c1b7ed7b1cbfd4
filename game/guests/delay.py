"""The delay of a link, measured by ping."""

from collections import deque

PROBES = 8  # of which the quickest counts: the rest is a busy moment of either side
MAX_WAIT = 5_000.0  # ms after which an answer says nothing any more


class Delay:
    """Round trips of one link.

    Attributes:
        milliseconds: the quickest of the last `PROBES`, None before the first answer.
    """

    def __init__(self) -> None:
        self.milliseconds: float | None = None
        self._number = 0
        self._sent: float | None = None
        self._trips: deque[float] = deque(maxlen=PROBES)

    def probe(self, now: float) -> int:
        """The number of a probe that is sent now."""
        self._number += 1
        self._sent = now
        return self._number

    def echo(self, number: int, now: float) -> None:
        """Take an answer; any but the first to the last probe is forgotten."""
        if number != self._number or self._sent is None:
            return
        trip, self._sent = now - self._sent, None
        if trip <= MAX_WAIT:
            self._trips.append(trip)
            self.milliseconds = round(min(self._trips), 1)
