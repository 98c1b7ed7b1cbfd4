"""The register of players in Redis, by which a player can move from one replica to another."""

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

REMEMBERED = int(KEPT / 1000) + 120  # seconds that an entry lasts after it was last written
REFRESH = 60.0  # seconds after which the entries of connected players are written again
AGAIN = 0.2  # seconds between two tries


class Register:
    """Saves the guests of one replica in Redis, and loads guests of other replicas.

    Args:
        guests: the guests of this replica.
        name: name of this replica.
        activity: makes the activity of a guest who is in the room with a code.
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
        """Load a guest who was last connected to another replica, and tell that replica.

        Raises:
            RedisUnreachable: Redis does not answer.
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
        """Save a guest soon."""
        self._unsaved[guest.token] = guest
        self._some_unsaved.set()

    def moved(self, token: str) -> None:
        """Let go of a player who is now connected to another replica."""
        guest = self._guests.known(token)
        if guest is not None:
            if isinstance(guest.activity, RemoteRoom):
                guest.activity.rest()
                guest.activity = None
            self._guests.release(guest)

    async def save(self) -> None:
        """Save guests whenever they change, and all connected ones every `REFRESH` seconds.

        Runs until it is cancelled.
        """
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
            "badge": guest.badge,
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
        guest.badge = fields.get("badge")
        if "room" in fields:
            guest.activity = self._activity(guest, fields["room"])
        return guest
