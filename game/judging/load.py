"""How long drawings have waited for the judge in the last seconds, and what gives way to guesses.

Older waits are dropped, so that a server that was busy a minute ago does not count as busy now.
"""

from collections import deque
from collections.abc import Callable

BUSY = 0.2  # seconds; players notice when a guess takes longer
SHARE = 0.95  # the quantile of the waits that is compared with `BUSY`
WINDOW = 10.0  # seconds for which a wait counts
LEAST = 20  # fewer waits are too few to judge by
MOST = 4_000  # largest number of waits that are kept
WEIGHT = 0.05  # of the newest wait in the running mean
WAITS = 3  # waits for a guess between two messages about others, when guesses take long
LONGEST = 1_500.0  # ms between two such messages, however long guesses take


def slowed(gap: float, wait: float) -> float:
    """The ms between two messages about what others do, which give way to the player's own guesses.

    Others' progress changes no more often than it is judged, and a busy server has better to do
    than to tell it.

    Args:
        gap: the ms between them on a server that keeps up.
        wait: seconds for which a drawing waits for its guess; see `RecentWaits.mean`.
    """
    return max(gap, min(WAITS * 1000 * wait, LONGEST))


class RecentWaits:
    """The waits of the last seconds.

    Args:
        now: a clock in seconds that never runs backwards.

    Attributes:
        mean: running mean of the waits in seconds, in which new ones weigh most.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.mean = 0.0
        self._now = now
        self._waits: deque[tuple[float, float]] = deque(maxlen=MOST)  # (when it ended, seconds)

    def add(self, seconds: float) -> None:
        """Add the wait of one drawing for its guess."""
        self._waits.append((self._now(), seconds))
        self.mean += WEIGHT * (seconds - self.mean)

    @property
    def typical(self) -> float:
        """The 95 % quantile of the waits in seconds; 0 when there are fewer than `LEAST`."""
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
