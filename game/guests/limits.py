"""Limits of what clients may send, for each connection and for each network address."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.requests import HTTPConnection

PLAYERS = 64  # connections from one address: enough for a school class
MANY = 10_000  # addresses to remember; beyond this, those with full buckets are forgotten


HOME = 64  # bits of an IPv6 address that tell a home; all the others are its own to choose


def address_of(connection: HTTPConnection) -> str:
    """The network address that limits count for a connection: in IPv6, that of the whole home."""
    host = connection.client.host if connection.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), HOME), strict=False))
    return host


class Bucket:
    """A token bucket: `rate` tokens per second on average, and `burst` tokens at once."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._tokens, self._filled = burst, 0.0

    def take(self, tokens: float, now: float) -> bool:
        """Take tokens at time `now` (ms, never decreasing); false, and none taken, if too few."""
        if not self.has(tokens, now):
            return False
        self._tokens -= tokens
        return True

    def has(self, tokens: float, now: float) -> bool:
        """Whether the bucket holds at least this number of tokens."""
        gained = (now - self._filled) / 1000 * self._rate
        self._tokens, self._filled = min(self._tokens + gained, self._burst), now
        return tokens <= self._tokens

    def full(self, now: float) -> bool:
        """Whether the bucket is full, because nothing was taken for a while."""
        return self.has(self._burst, now)


class Buckets:
    """A bucket for each address."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._buckets: dict[str, Bucket] = {}

    def of(self, address: str, now: float) -> Bucket:
        """The bucket of an address."""
        if address not in self._buckets:
            if len(self._buckets) >= MANY:
                self._forget(now)
            self._buckets[address] = Bucket(self._rate, self._burst)
        return self._buckets[address]

    def _forget(self, now: float) -> None:
        self._buckets = {a: bucket for a, bucket in self._buckets.items() if not bucket.full(now)}


class ConnectionLimit:
    """Counts the connections from each address, and allows at most `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._inside: dict[str, int] = {}

    def enter(self, address: str) -> bool:
        """Count a new connection; false when the address has too many."""
        inside = self._inside.get(address, 0)
        if inside >= self._most:
            return False
        self._inside[address] = inside + 1
        return True

    def leave(self, address: str) -> None:
        """Count a connection that has ended."""
        self._inside[address] -= 1
        if not self._inside[address]:
            del self._inside[address]


class AddressLimits:
    """The limits for all connections of one address together, of at most `players`."""

    def __init__(self, players: int = PLAYERS) -> None:
        self.connections = ConnectionLimit(players)
        self.messages = Buckets(60.0 * players, 240.0 * players)
        self.points = Buckets(300.0 * players, 1_200.0 * players)
