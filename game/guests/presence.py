"""Who is connected or was a moment ago, by token: welcome, vanish, come back."""

from collections.abc import Callable, Iterator
from functools import partial

from game.clock import Clock, Timer
from game.guests.guest import Account, Guest, Link
from game.guests.refusals import REPLACED, STOPPING
from game.messages import Hello, Message, State, Welcome

KEPT = 5 * 60_000.0  # ms for which a vanished player is remembered
MAX_VANISHED = 1_000  # such players; beyond, the one who has been away for longest is forgotten


class Guests:
    """All guests. `welcome` makes the first message to one, who may have `resumed`."""

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
        """Who has a link now."""
        return [guest for guest in self if guest.link is not None]

    def known(self, token: str | None) -> Guest | None:
        """Who was given the token."""
        return self._guests.get(token or "")

    def join(self, hello: Hello, link: Link, address: str, account: Account | None) -> Guest:
        """Welcome a player: the guest of the token while there is one, else a new one.

        Who has signed in or out meanwhile is a new one.
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
        return guest

    def vanish(self, guest: Guest, link: Link) -> None:
        """A link was lost: remember the guest for a while, unless another link is there already."""
        if guest.link is not link:
            return
        guest.link = None
        self._forget_later(guest)
        if guest.activity is not None:
            guest.activity.vanish(guest)

    def expect(self, guest: Guest) -> None:
        """Somebody who was known elsewhere comes here now."""
        self._guests[guest.token] = guest
        self._forget_later(guest)

    def release(self, guest: Guest) -> None:
        """A guest has gone elsewhere: whoever still holds the line is told, and nothing is kept."""
        if guest.link is not None:
            guest.link.send(REPLACED)
            guest.link = None
        guest.leave()
        if timer := self._vanished.pop(guest.token, None):
            timer.cancel()
        del self._guests[guest.token]

    def say_all(self, message: Message) -> None:
        """Tell everyone who is connected."""
        for guest in self._guests.values():
            guest.say(message)

    def dismiss(self, guest: Guest) -> None:
        """Tell a guest that the server goes away, and end the game."""
        guest.say(STOPPING)
        guest.link = None
        guest.leave()

    def stop(self) -> None:
        """Tell everyone that the server goes away, and end all games."""
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
