"""The seats of a room, pure: who sits where, who is host, whose colour is whose."""

from collections.abc import Iterator
from dataclasses import dataclass

from game.messages import COLOURS, MAX_SEATS


class RoomFull(Exception):
    """No seat is free."""


@dataclass
class Chair:
    """A taken seat.

    Attributes:
        number: never given to anyone else in the room.
        key: the player's private one, never told; empty for a ghost.
        delay: the link's round trip in ms, None until measured.
    """

    number: int
    name: str
    colour: int
    key: str = ""
    ready: bool = False
    connected: bool = True
    ghost: bool = False
    delay: float | None = None


class Seats:
    """Up to `MAX_SEATS` taken seats, in the order they were taken.

    Attributes:
        host: the seat that may start, configure and kick; None when nobody is there.
    """

    def __init__(self) -> None:
        self.host: int | None = None
        self._chairs: dict[int, Chair] = {}
        self._next = 0

    @property
    def full(self) -> bool:
        """Whether no seat is free."""
        return len(self) >= MAX_SEATS

    def __len__(self) -> int:
        return len(self._chairs)

    def __iter__(self) -> Iterator[Chair]:
        return iter(self._chairs.values())

    def __getitem__(self, number: int) -> Chair:
        return self._chairs[number]

    def __contains__(self, number: int) -> bool:
        return number in self._chairs

    @property
    def players(self) -> list[Chair]:
        """Seats of players who are there."""
        return [chair for chair in self if chair.connected and not chair.ghost]

    def sit(
        self,
        name: str | None = None,
        colour: int | None = None,
        *,
        key: str = "",
        ghost: bool = False,
    ) -> Chair:
        """Take a seat; without a name one is given, and a taken colour becomes the next free.

        Raises:
            RoomFull: when there is none.
        """
        if self.full:
            raise RoomFull
        number = self._next
        self._next += 1
        name = name or f"Artist {number + 1}"
        chair = Chair(number, name, self._free(colour or 0), key, ready=ghost, ghost=ghost)
        self._chairs[number] = chair
        self._pass_on()
        return chair

    def leave(self, number: int) -> None:
        """Give the seat up; the host's goes on to who has sat for longest."""
        del self._chairs[number]
        self._pass_on()

    def connect(self, number: int, connected: bool) -> None:
        """A player vanished, or is back."""
        self._chairs[number].connected = connected
        self._pass_on()

    def recolour(self, number: int, colour: int) -> None:
        """Take another colour if it is free."""
        chair = self._chairs[number]
        if colour == self._free(colour):
            chair.colour = colour

    def _free(self, wanted: int) -> int:
        """The wanted colour, or the next that nobody has."""
        taken = {chair.colour for chair in self}
        return next(
            colour % COLOURS
            for colour in range(wanted, wanted + COLOURS)
            if colour % COLOURS not in taken
        )

    def _pass_on(self) -> None:
        """See that the host is a player who is there, if any is."""
        players = [chair.number for chair in self.players]
        if self.host not in players and (players or self.host not in self._chairs):
            self.host = next(iter(players), None)
