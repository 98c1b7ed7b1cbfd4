"""The seats of a room: who sits where, who owns the room, who has which colour. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from game.messages import COLOURS, MAX_SEATS, BotStrength, Team


class RoomFull(Exception):
    """No seat is free."""


@dataclass
class Seat:
    """A taken seat.

    Attributes:
        number: unique in the room; never used again.
        colour: index, 0 to `COLOURS` - 1; no two seats have the same while there are enough.
        badge: the player's own doodle in the form of `game.rules.badges`; None without one.
        key: the player's secret key, never sent to others; empty for a ghost or bot.
        bot: strength of the bot in this seat; None for a person or a ghost.
        team: the seat's team; None in a room without teams.
        ready: whether the player is ready for the next race.
        delay: round trip of the player's link in ms; None until measured.
    """

    number: int
    name: str
    colour: int
    key: str = ""
    ready: bool = False
    connected: bool = True
    ghost: bool = False
    bot: BotStrength | None = None
    delay: float | None = None
    team: Team | None = None
    badge: str | None = None


class Seats:
    """Up to `limit` taken seats, in the order they were taken.

    Attributes:
        limit: number of seats; when it is lowered, nobody loses a seat.
        host: seat of the room's owner, who may start races, change settings and kick players;
            None when nobody is there.
    """

    def __init__(self) -> None:
        self.limit: int = MAX_SEATS
        self.host: int | None = None
        self._seats: dict[int, Seat] = {}
        self._next = 0

    @property
    def full(self) -> bool:
        """Whether no seat is free."""
        return len(self) >= self.limit

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
        return [seat for seat in self if seat.connected and not seat.ghost and not seat.bot]

    @property
    def bots(self) -> list[Seat]:
        """Seats of bots."""
        return [seat for seat in self if seat.bot]

    def sit(
        self,
        name: str | None = None,
        colour: int | None = None,
        *,
        key: str = "",
        ghost: bool = False,
        bot: BotStrength | None = None,
    ) -> Seat:
        """Take a free seat.

        Args:
            name: None for "Artist N".
            colour: wanted colour; when it is taken, the next free one is given.

        Raises:
            RoomFull: no seat is free.
        """
        if self.full:
            raise RoomFull
        number = self._next
        self._next += 1
        name = name or f"Artist {number + 1}"
        ready = ghost or bot is not None
        seat = Seat(number, name, self._free(colour or 0), key, ready, ghost=ghost, bot=bot)
        self._seats[number] = seat
        self._pass_on()
        return seat

    def leave(self, number: int) -> None:
        """Give up a seat. When the host leaves, the player who has sat longest becomes host."""
        del self._seats[number]
        self._pass_on()

    def connect(self, number: int, connected: bool) -> None:
        """Note that a player lost the connection, or is back."""
        self._seats[number].connected = connected
        self._pass_on()

    def recolour(self, number: int, colour: int) -> None:
        """Change a seat's colour, if the new one is free."""
        seat = self._seats[number]
        if colour == self._free(colour):
            seat.colour = colour

    def _free(self, wanted: int) -> int:
        """The wanted colour or the next one that is free, or, with none free, the least used."""
        taken = Counter(seat.colour for seat in self)
        order = [colour % COLOURS for colour in range(wanted, wanted + COLOURS)]
        return min(order, key=lambda colour: taken[colour])

    def _pass_on(self) -> None:
        """Choose another host if the present one is not connected and another player is."""
        players = [seat.number for seat in self.players]
        if self.host not in players and (players or self.host not in self._seats):
            self.host = next(iter(players), None)
