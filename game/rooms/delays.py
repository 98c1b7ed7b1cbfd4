"""The link delays of a room's members: measured regularly, and sent to all when they change."""

from collections.abc import Callable

from game.clock import Clock
from game.guests.guest import Guest
from game.rooms.members import Members
from game.rooms.timers import Repeated
from game.rules.seats import Seats

PROBE_GAP = 4_000.0  # ms between measurements


class Delays:
    """Keeps the delays of the seats up to date.

    Args:
        idle: returns whether changed delays may be sent, because no race is running.
        changed: called when a seat's delay is known for the first time, and, while the room is
            idle, when delays differ from those last sent.
        probes: whether to measure here; otherwise the delays come from elsewhere.
    """

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
        """Measure a guest's delay now; the first call starts the regular measurements of all."""
        if self._probes.running:
            guest.probe(self._clock.now())
        elif self._measures:
            self._probes.start()

    def measured(self, guest: Guest, seat: int) -> None:
        """Take over a guest's measured delay for its seat."""
        self._seats[seat].delay = guest.delay.milliseconds
        if seat not in self._told:
            self._changed()
        elif not self._measures:
            self._tell_changes()

    def told(self) -> None:
        """Note that the current delays have been sent to everyone."""
        self._told = self._known

    def close(self) -> None:
        """Stop measuring."""
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
