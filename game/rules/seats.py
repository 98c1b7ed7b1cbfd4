"""The seats of a room, pure: who sits where, who is host, whose colour is whose."""

from collections.abc import Iterator
from dataclasses import dataclass

from game.messages import COLOURS, MAX_SEATS


class RoomFull(Exception):
    """No seat is free."""


@dataclass
class Seat:
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
        self._seats: dict[int, Seat] = {}
        self._next = 0

    @property
    def full(self) -> bool:
        """Whether no seat is free."""
        return len(self) >= MAX_SEATS

    def __len__(self) -> int:
        return len(self._seats)

    def __iter__(self) -> Iterator[Seat]:
        return iter(self._seats.values())

    def __getitem__(self, number: int) -> Seat:
        return self._seats[number]

    def __contains__(self, number: int) -> bool:
        return number in self._seats

    @property
    def players(self) -> list[Seat]:
        """Seats of players who are there."""
        return [seat for seat in self if seat.connected and not seat.ghost]

    def sit(
        self,
        name: str | None = None,
        colour: int | None = None,
        *,
        key: str = "",
        ghost: bool = False,
    ) -> Seat:
        """Take a seat; without a name one is given, and a taken colour becomes the next free.

        Raises:
            RoomFull: when there is none.
        """
        if self.full:
            raise RoomFull
        number = self._next
        self._next += 1
        name = name or f"Artist {number + 1}"
        seat = Seat(number, name, self._free(colour or 0), key, ready=ghost, ghost=ghost)
        self._seats[number] = seat
        self._pass_on()
        return seat

    def leave(self, number: int) -> None:
        """Give the seat up; the host's goes on to who has sat for longest."""
        del self._seats[number]
        self._pass_on()

    def connect(self, number: int, connected: bool) -> None:
        """A player vanished, or is back."""
        self._seats[number].connected = connected
        self._pass_on()

    def recolour(self, number: int, colour: int) -> None:
        """Take another colour if it is free."""
        seat = self._seats[number]
        if colour == self._free(colour):
            seat.colour = colour

    def _free(self, wanted: int) -> int:
        """The wanted colour, or the next that nobody has."""
        taken = {seat.colour for seat in self}
        return next(
            colour % COLOURS
            for colour in range(wanted, wanted + COLOURS)
            if colour % COLOURS not in taken
        )

    def _pass_on(self) -> None:
        """See that the host is a player who is there, if any is."""
        players = [seat.number for seat in self.players]
        if self.host not in players and (players or self.host not in self._seats):
            self.host = next(iter(players), None)
