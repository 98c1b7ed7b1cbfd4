"""The members of a room, their seats, and sending messages to them."""

from collections.abc import Callable, Iterator
from functools import partial

from game.clock import Clock, Timer
from game.guests.guest import Guest
from game.messages import Message

SEAT_KEPT = 30_000.0  # ms for which a member who lost the connection keeps the seat


class Members:
    """The guests of a room, each with a seat number or, for a watcher, None.

    Args:
        gone: called for a guest who lost the connection and has not come back in `SEAT_KEPT` ms.
    """

    def __init__(self, clock: Clock, gone: Callable[[Guest], None]) -> None:
        self._clock, self._gone = clock, gone
        self._seats: dict[Guest, int | None] = {}
        self._vanished: dict[Guest, Timer] = {}

    def __len__(self) -> int:
        return len(self._seats)

    def __iter__(self) -> Iterator[tuple[Guest, int | None]]:
        return iter([*self._seats.items()])

    def keys(self) -> list[str]:
        """The keys of all members. Watchers count too, because they see the words."""
        return [guest.key for guest in self._seats]

    @property
    def watchers(self) -> int:
        return sum(seat is None for seat in self._seats.values())

    def seat(self, guest: Guest) -> int | None:
        """A guest's seat; None for a watcher and for a guest who is not a member."""
        return self._seats.get(guest)

    def at(self, seat: int) -> Guest | None:
        """The guest in a seat; None when it is empty."""
        return next((guest for guest, number in self._seats.items() if number == seat), None)

    def put(self, guest: Guest, seat: int | None) -> None:
        """Give a guest a seat, or, with None, make the guest a watcher."""
        self._seats[guest] = seat

    def remove(self, guest: Guest) -> int | None:
        """Remove a guest; return the seat that is free now, None for a watcher."""
        self.back(guest)
        return self._seats.pop(guest)

    def vanish(self, guest: Guest) -> None:
        """Keep the place of a guest who lost the connection, for `SEAT_KEPT` ms."""
        when = self._clock.now() + SEAT_KEPT
        self._vanished[guest] = self._clock.call_at(when, partial(self._gone, guest))

    def back(self, guest: Guest) -> None:
        """Note that a guest is connected again."""
        if timer := self._vanished.pop(guest, None):
            timer.cancel()

    def say(self, seat: int, message: Message) -> None:
        """Send a message to the guest in a seat."""
        guest = self.at(seat)
        if guest is not None:
            guest.say(message)

    def say_all(self, message: Message) -> None:
        """Send a message to all members."""
        for guest in self._seats:
            guest.say(message)
