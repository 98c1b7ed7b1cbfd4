"""How long drawings have waited for the judge lately, and whether that is too long.

Waits are kept for a short time, so that a server that was busy a minute ago is not called busy now.
"""

from collections import deque
from collections.abc import Callable

BUSY = 0.2  # seconds; a guess that comes later is felt by the player
SHARE = 0.95  # of the waits; the longest few may be longer
WINDOW = 10.0  # seconds for which a wait counts
LEAST = 20  # waits; fewer tell nothing
MOST = 4_000  # waits that are kept


class RecentWaits:
    """The waits of the last seconds.

    Args:
        now: a clock in seconds that never runs backwards.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._waits: deque[tuple[float, float]] = deque(maxlen=MOST)  # (when it ended, seconds)

    def add(self, seconds: float) -> None:
        """A drawing has waited so long for its guess."""
        self._waits.append((self._now(), seconds))

    @property
    def typical(self) -> float:
        """Seconds that 95 % of the drawings waited at most; 0 where too few were judged."""
        self._forget_old()
        if len(self._waits) < LEAST:
            return 0.0
        waits = sorted(seconds for _, seconds in self._waits)
        return waits[int(SHARE * (len(waits) - 1))]

    @property
    def busy(self) -> bool:
        """Whether drawings wait longer than `BUSY`."""
        return self.typical > BUSY

    def _forget_old(self) -> None:
        oldest = self._now() - WINDOW
        while self._waits and self._waits[0][0] < oldest:
            self._waits.popleft()
