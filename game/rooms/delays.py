"""The link delays of a room's members: measured again and again, and told when they change."""

from collections.abc import Callable

from game.clock import Clock
from game.guests.guest import Guest
from game.rooms.members import Members
from game.rooms.timers import Repeated
from game.rules.seats import Seats

PROBE_GAP = 2_000.0  # ms between two measurements


class Delays:
    """Keeps the chairs' delays. `changed` is called when one is known for the first time, and
    when some have changed since they were told while nobody minds, which is `idle`. Without
    `probes`, somebody else measures."""

    def __init__(
        self,
        clock: Clock,
        members: Members,
        seats: Seats,
        idle: Callable[[], bool],
        changed: Callable[[], None],
        probes: bool = True,
    ) -> None:
        self._clock, self._members, self._seats = clock, members, seats
        self._idle, self._changed = idle, changed
        self._told: dict[int, float] = {}
        self._measures = probes
        self._probes = Repeated(clock, PROBE_GAP, self._probe)

    def probe(self, guest: Guest) -> None:
        """Measure a guest's delay now; all are measured from the first on."""
        if self._probes.running:
            guest.probe(self._clock.now())
        elif self._measures:
            self._probes.start()

    def measured(self, guest: Guest, seat: int) -> None:
        """A delay was measured."""
        self._seats[seat].delay = guest.delay.milliseconds
        if seat not in self._told:
            self._changed()
        elif not self._measures:
            self._tell_changes()

    def told(self) -> None:
        """All were told."""
        self._told = self._known

    def close(self) -> None:
        """Measure no more."""
        self._probes.close()

    @property
    def _known(self) -> dict[int, float]:
        return {taken.number: taken.delay for taken in self._seats if taken.delay is not None}

    def _probe(self) -> None:
        for guest, _ in self._members:
            guest.probe(self._clock.now())
        self._tell_changes()

    def _tell_changes(self) -> None:
        if self._idle() and self._known != self._told:
            self._changed()
