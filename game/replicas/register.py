"""Who players are: noted in Redis by the replica they are connected to, for every other one."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from game.guests.guest import Account, Guest
from game.guests.presence import KEPT, Guests
from game.messages import Hello
from game.replicas import scripts
from game.replicas.relay import Relay
from game.replicas.remote_room import RemoteRoom
from game.replicas.store import RedisUnreachable, Store

REMEMBERED = int(KEPT / 1000) + 120  # seconds for which the others know a player; told again
REFRESH = 60.0  # seconds between two tellings
AGAIN = 0.2  # seconds between two tries


class Register:
    """What the replica `name`d notes about its `guests`, and learns about them.

    Args:
        place: makes a guest's place in the room of a code.
    """

    def __init__(
        self,
        guests: Guests,
        name: str,
        store: Store,
        relay: Relay,
        activity: Callable[[Guest, str], RemoteRoom],
    ) -> None:
        self._guests, self._name, self._store = guests, name, store
        self._relay, self._activity = relay, activity
        self._unsaved: dict[str, Guest] = {}
        self._some_unsaved = asyncio.Event()

    async def recall(self, hello: Hello) -> None:
        """Make a guest known who was last seen at another replica, which lets go.

        Raises:
            Away: when Redis does not answer.
        """
        token = hello.token or ""
        if not token or self._guests.known(token) is not None:
            return
        fields = await self._store.recall(token)
        if fields:
            self._guests.expect(self._guest_of(token, fields))
            if fields["gateway"] != self._name:
                self._relay.say(scripts.channel(fields["gateway"]), f"moved {token}")

    def note(self, guest: Guest) -> None:
        """Tell the others soon who a guest is now."""
        self._unsaved[guest.token] = guest
        self._some_unsaved.set()

    def moved(self, token: str) -> None:
        """A player is connected to another replica now."""
        guest = self._guests.known(token)
        if guest is not None:
            if isinstance(guest.activity, RemoteRoom):
                guest.activity.rest()
                guest.activity = None
            self._guests.release(guest)

    async def save(self) -> None:
        """Note who players are, for ever; those who stay, again and again."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(REFRESH):
                    await self._some_unsaved.wait()
            self._some_unsaved.clear()
            unsaved, self._unsaved = self._unsaved, {}
            unsaved |= {} if unsaved else {guest.token: guest for guest in self._guests.connected}
            if not await self._saved(unsaved):
                self._unsaved = unsaved | self._unsaved
                self._some_unsaved.set()
                await asyncio.sleep(AGAIN)

    async def _saved(self, guests: dict[str, Guest]) -> bool:
        if not guests:
            return True
        try:
            await self._store.remember(
                {token: self._fields(guest) for token, guest in guests.items()}, REMEMBERED
            )
        except RedisUnreachable:
            return False
        return True

    def _fields(self, guest: Guest) -> dict[str, str]:
        account = guest.account
        found = {
            "gateway": self._name,
            "key": guest.browser_key,
            "account": account.key if account else None,
            "account_name": account.name if account else None,
            "name": guest.name,
            "colour": None if guest.colour is None else str(guest.colour),
            "room": guest.activity.code if isinstance(guest.activity, RemoteRoom) else None,
        }
        return {name: text for name, text in found.items() if text is not None}

    def _guest_of(self, token: str, fields: dict[str, str]) -> Guest:
        account = fields.get("account")
        guest = Guest(
            fields["key"], Account(account, fields.get("account_name")) if account else None
        )
        guest.token = token
        guest.name = fields.get("name", guest.name)
        guest.colour = int(fields["colour"]) if "colour" in fields else None
        if "room" in fields:
            guest.activity = self._activity(guest, fields["room"])
        return guest
