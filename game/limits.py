"""How much a client may send."""


class Bucket:
    """A token bucket: `rate` tokens a second on average, `burst` at once."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._tokens, self._filled = burst, 0.0

    def take(self, tokens: float, now: float) -> bool:
        """Take tokens at time `now` (ms, not falling); false, and none are taken, when too few."""
        gained = (now - self._filled) / 1000 * self._rate
        self._tokens, self._filled = min(self._tokens + gained, self._burst), now
        if tokens > self._tokens:
            return False
        self._tokens -= tokens
        return True
