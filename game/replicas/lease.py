"""The lease of a replica: how long it may give no sign of life before others take over its rooms.

A short lease lets a race go on soon after its server has died. On a slow or throttled CPU it may
expire although the server runs; it then becomes longer, so that this happens only a few times.
"""

from models.command import UserError

SECONDS = 2.5
SHORTEST, LONGEST = 0.5, 60.0  # seconds
GROWS = 2.0  # factor after it has expired because this process did not run


def check_lease(seconds: float) -> None:
    """Check the length of a lease.

    Raises:
        UserError: it is too short or too long.
    """
    if not SHORTEST <= seconds <= LONGEST:
        raise UserError(
            f"a lease of {seconds:g} s cannot be used", f"Expected {SHORTEST:g} to {LONGEST:g} s"
        )


class Lease:
    """The lease of one replica; times are in seconds.

    Args:
        seconds: how long it lasts at first.

    Attributes:
        seconds: how long it lasts when it is renewed.
        beat: time between two renewals; each is also sent on the replica's own channel.
        answer_within: time for Redis to answer.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.beat = seconds / 5
        self.answer_within = 0.4 * seconds
        self._renewed: float | None = None
        self._pulse: float | None = None
        self._stalled = 0.0  # longest time that the event loop did not run since the last renewal

    @property
    def silence(self) -> float:
        """Time without a message after which the own channel counts as lost."""
        return 0.8 * self.seconds

    @property
    def grace(self) -> float:
        """Time after an outage of Redis in which other replicas may renew their leases."""
        return 0.6 * self.seconds

    def pulse(self, now: float) -> None:
        """Note that the event loop runs; called about every `beat` seconds, whatever Redis does."""
        if self._pulse is not None:
            self._stalled = max(self._stalled, now - self._pulse - self.beat)
        self._pulse = now

    def renew(self, held: bool, now: float) -> bool:
        """Note that Redis has renewed the lease.

        Args:
            held: whether Redis still had it.

        Returns:
            Whether it had expired, so that others may have taken over rooms.
        """
        self.pulse(now)
        before, self._renewed = self._renewed, now
        expired = before is not None and (not held or now - before > self.seconds)
        if expired and self._stalled > self.seconds / 2:  # Redis did answer
            self.seconds = min(self.seconds * GROWS, LONGEST)
        self._stalled = 0.0
        return expired
