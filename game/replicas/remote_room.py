"""A remote room: one guest's activity in a room that any replica may own."""

from typing import Any, Protocol

from game.clock import Clock
from game.guests.guest import Guest
from game.messages import Message, RaceState
from game.replicas.events import Back, FromGateway, Left, Measured, Renamed, Said, Vanished
from game.rooms.delays import PROBE_GAP
from game.rooms.timers import Repeated

CHANGED = 1.0  # ms by which a delay must differ to be sent again


class EventWriter(Protocol):
    """Writes events into the logs of rooms; implemented by the gateway."""

    @property
    def leaving(self) -> bool:
        """Whether the replica is stopping, so that its players come back on another one."""
        ...

    def write(self, code: str, guest: Guest, kind: type[FromGateway], **fields: Any) -> None: ...


class RemoteRoom:
    """One guest's place in a room: writes what the guest does into the room's log.

    Attributes:
        code: code of the room.
        fence: the newest known fencing token of an owner. Messages of earlier owners are dropped.
    """

    def __init__(self, writer: EventWriter, clock: Clock, guest: Guest, code: str) -> None:
        self.code = code
        self.fence = 0
        self._writer, self._guest = writer, guest
        self._state: RaceState | None = None
        self._measured: float | None = None
        self._probes = Repeated(clock, PROBE_GAP, lambda: guest.probe(clock.now()))

    @property
    def running(self) -> str | None:
        racing = self._state is not None and self._state.stage not in ("lobby", "over")
        return self._state.kind if self._state is not None and racing else None

    @property
    def busy(self) -> bool:
        return self._state is not None and self._state.stage in ("drawing", "settling")

    def hear(self, message: Message) -> None:
        """Pass a message of the room on to the guest."""
        if isinstance(message, RaceState):
            self._state = message
        self._guest.say(message)

    def start(self) -> None:
        """Start measuring the link delay, as the guest is in the room now."""
        if self._guest.link is not None and not self._probes.running:
            self._probes.start()

    def rest(self) -> None:
        """Stop measuring, as the guest is no longer in the room."""
        self._probes.close()

    # -- as the guest's activity -------------------------------------------------------------------

    def receive(self, guest: Guest, message: Message) -> None:
        self._write(Said, message=message)

    def tell(self, guest: Guest) -> None:
        """Ask the room for the whole state."""
        self._write(Back, delay=guest.delay.milliseconds)
        self.start()

    def vanish(self, guest: Guest) -> None:
        self.rest()
        self._write(Vanished)

    def back(self, guest: Guest) -> None:
        """Nothing to do: `tell` is called next."""

    def renamed(self, guest: Guest) -> None:
        self._write(Renamed, name=guest.name, colour=guest.colour, badge=guest.badge)

    def measured(self, guest: Guest) -> None:
        delay = guest.delay.milliseconds
        if delay is None:
            return
        if self._measured is None or abs(delay - self._measured) >= CHANGED:
            self._measured = delay
            self._write(Measured, delay=delay)

    def leave(self, guest: Guest) -> None:
        self.rest()
        self._write(Vanished if self._writer.leaving else Left)

    def _write(self, kind: type[FromGateway], **fields: Any) -> None:
        self._writer.write(self.code, self._guest, kind, **fields)
