"""Who is in a room, where each one sits, and the way to tell them."""

from collections.abc import Callable, Iterator
from functools import partial

from game.clock import Clock, Timer
from game.guests.guest import Guest
from game.messages import Message

SEAT_KEPT = 30_000.0  # ms for which the place of a vanished member is kept


class Members:
    """Guests by seat; who watches has none. `gone` is called for who vanished and stays away."""

    def __init__(self, clock: Clock, gone: Callable[[Guest], None]) -> None:
        self._clock, self._gone = clock, gone
        self._seats: dict[Guest, int | None] = {}
        self._vanished: dict[Guest, Timer] = {}

    def __len__(self) -> int:
        return len(self._seats)

    def __iter__(self) -> Iterator[tuple[Guest, int | None]]:
        return iter([*self._seats.items()])

    @property
    def watchers(self) -> int:
        return sum(seat is None for seat in self._seats.values())

    def seat(self, guest: Guest) -> int | None:
        """Where a guest sits; None for who watches or is not here."""
        return self._seats.get(guest)

    def at(self, seat: int) -> Guest | None:
        """Who sits there."""
        return next((guest for guest, number in self._seats.items() if number == seat), None)

    def put(self, guest: Guest, seat: int | None) -> None:
        """Have a guest sit down or watch."""
        self._seats[guest] = seat

    def remove(self, guest: Guest) -> int | None:
        """Let a guest go; the seat that is free again."""
        self.back(guest)
        return self._seats.pop(guest)

    def vanish(self, guest: Guest) -> None:
        """Keep the place of a guest whose link was lost, for a while."""
        when = self._clock.now() + SEAT_KEPT
        self._vanished[guest] = self._clock.call_at(when, partial(self._gone, guest))

    def back(self, guest: Guest) -> None:
        """The guest is here."""
        if timer := self._vanished.pop(guest, None):
            timer.cancel()

    def say(self, seat: int, message: Message) -> None:
        """Tell one seat."""
        guest = self.at(seat)
        if guest is not None:
            guest.say(message)

    def say_all(self, message: Message) -> None:
        """Tell everyone."""
        for guest in self._seats:
            guest.say(message)
