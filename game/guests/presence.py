"""The guests of a server by token: they join, lose their connection, and come back."""

from collections.abc import Callable, Iterator
from functools import partial

from game.clock import Clock, Timer
from game.guests.guest import Account, Guest, Link
from game.guests.refusals import REPLACED, STOPPING
from game.messages import Hello, Message, State, Welcome

KEPT = 5 * 60_000.0  # ms for which a disconnected player is remembered
MAX_VANISHED = 1_000  # disconnected players; beyond this, the one who left first is forgotten


class Guests:
    """All guests of a server.

    Args:
        welcome: makes the first message to a guest, given whether the guest has come back.
    """

    def __init__(self, clock: Clock, welcome: Callable[[Guest, bool], Welcome]) -> None:
        self._clock, self._welcome = clock, welcome
        self._guests: dict[str, Guest] = {}
        self._vanished: dict[str, Timer] = {}

    def __len__(self) -> int:
        return len(self._guests)

    def __iter__(self) -> Iterator[Guest]:
        return iter([*self._guests.values()])

    @property
    def connected(self) -> list[Guest]:
        """Guests who have a link."""
        return [guest for guest in self if guest.link is not None]

    def known(self, token: str | None) -> Guest | None:
        """The guest with a token; None when there is none."""
        return self._guests.get(token or "")

    def join(self, hello: Hello, link: Link, address: str, account: Account | None) -> Guest:
        """Connect a player: the guest with the token if there is one, else a new guest.

        A player who has signed in or out in the meantime becomes a new guest.
        """
        known = self.known(hello.token)
        if known is not None and known.account != account:
            known = None
        guest = known or Guest(hello.key, account)
        self._guests[guest.token] = guest
        if guest.link is not None and guest.link is not link:
            guest.link.send(REPLACED)
        was_away = guest.link is None
        if timer := self._vanished.pop(guest.token, None):
            timer.cancel()
        guest.link, guest.address = link, address
        guest.say(self._welcome(guest, known is not None))
        if guest.activity is not None and was_away:
            guest.activity.back(guest)
        if guest.activity is None:
            guest.say(State(stage="home"))
        else:
            guest.activity.tell(guest)
        guest.tell_saving()
        return guest

    def vanish(self, guest: Guest, link: Link) -> None:
        """Remember a guest who lost the link for `KEPT` ms, unless there is a new link already."""
        if guest.link is not link:
            return
        guest.link = None
        self._forget_later(guest)
        if guest.activity is not None:
            guest.activity.vanish(guest)

    def expect(self, guest: Guest) -> None:
        """Add a guest from another server, who is about to connect."""
        self._guests[guest.token] = guest
        self._forget_later(guest)

    def release(self, guest: Guest) -> None:
        """Forget a guest who has moved to another server; an old link gets `REPLACED`."""
        if guest.link is not None:
            guest.link.send(REPLACED)
            guest.link = None
        guest.leave()
        if timer := self._vanished.pop(guest.token, None):
            timer.cancel()
        del self._guests[guest.token]

    def say_all(self, message: Message) -> None:
        """Send a message to all connected guests."""
        for guest in self._guests.values():
            guest.say(message)

    def dismiss(self, guest: Guest) -> None:
        """Tell a guest that the server stops, and end the guest's game."""
        guest.say(STOPPING)
        guest.link = None
        guest.leave()

    def stop(self) -> None:
        """Tell everyone that the server stops, and end all games."""
        for guest in self:
            self.dismiss(guest)
        for timer in self._vanished.values():
            timer.cancel()

    def _forget_later(self, guest: Guest) -> None:
        if len(self._vanished) >= MAX_VANISHED:
            self._drop(next(iter(self._vanished)))
        self._vanished[guest.token] = self._clock.call_at(
            self._clock.now() + KEPT, partial(self._drop, guest.token)
        )

    def _drop(self, token: str) -> None:
        self._vanished.pop(token).cancel()
        self._guests.pop(token).leave()
