"""One replica: it listens to its channel, renews its lease, and takes over rooms of stopped ones.

A replica's lease is a key in Redis that expires unless it is renewed. A replica without a lease
counts as stopped.
"""

import asyncio
import logging
import random
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import suppress

from game import meters
from game.guests.presence import Guests
from game.replicas.gateway import Gateway
from game.replicas.lease import Lease
from game.replicas.member import unpacked
from game.replicas.store import RedisUnreachable, Store, logged
from game.services import Services
from models.command import UserError

GOODBYE = 2.0  # seconds to send what is queued when the replica stops

log = logging.getLogger(__name__)


class Replica:
    """One replica, made before the event loop runs; its `lobby` is for `game.rooms.hub.Hub`."""

    def __init__(self, url: str, lease: Lease) -> None:
        self.name = secrets.token_hex(6)
        self._url, self._lease = url, lease
        self._store = Store(url, lease.answer_within)
        self._gateway: Gateway
        self._tasks: list[asyncio.Task[None]] = []
        self._subscribed = False  # whether it has ever listened to its channel
        self._answers_since = 0.0  # time since which Redis answers; 0 while it does not
        self._alive: dict[str, bool] = {}

    def lobby(self, services: Services, guests: Guests) -> Gateway:
        """Make the replica's lobby."""
        self._gateway = Gateway(services, guests, self.name, self._store)
        return self._gateway

    async def ping(self) -> bool:
        """Whether Redis answers."""
        try:
            await self._store.ping()
        except RedisUnreachable:
            return False
        return True

    async def on_time(self) -> bool:
        """Whether no result of a room that this replica owns waits to be stored."""
        return await self._gateway.room_owner.on_time()

    async def start(self) -> None:
        """Take a lease and start the replica's tasks; returns once its channel is open.

        Raises:
            UserError: Redis cannot be reached.
        """
        try:
            await self._store.live(self.name, self._lease.seconds)
        except RedisUnreachable as error:
            raise UserError(
                f"cannot reach Redis: {error}",
                "Expected in REDIS_URL an address such as redis://localhost:6379",
            ) from error
        self._lease.renew(True, time.monotonic())
        work = (
            self._gateway.relay.run(),
            self._gateway.register.save(),
            self._listen(),
            self._keep_lease(),
            self._pulse(),
        )
        self._tasks = [asyncio.create_task(each) for each in work]
        while not self._subscribed:
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        """Stop the tasks and give up the lease, so that other replicas take over the rooms.

        Takes little more than `GOODBYE` seconds, even when Redis does not answer.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE):
                while not self._gateway.relay.empty:
                    await asyncio.sleep(0.01)
        self._gateway.room_owner.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(RedisUnreachable):
            await self._store.leave(self.name)
        await self._store.close()

    # -- channel -----------------------------------------------------------------------------------

    async def _listen(self) -> None:
        while True:
            try:
                async with self._store.listening(self.name) as texts:
                    await self._recover()
                    self._subscribed = True
                    await self._take_all(texts)
            except (RedisUnreachable, TimeoutError):
                log.warning("the connection to Redis was lost: connecting again")
            await asyncio.sleep(self._lease.beat)

    async def _take_all(self, texts: AsyncGenerator[str]) -> None:
        while True:
            text = await self._next(texts)
            try:
                self._take(text)
            except Exception:
                log.exception("a message from another replica could not be handled")

    async def _next(self, texts: AsyncGenerator[str]) -> str:
        """The next text of the channel.

        The silence is measured in two parts: when this process did not run for a while, it finds
        the first part over, and then reads what has arrived meanwhile.

        Raises:
            TimeoutError: nothing came for `Lease.silence` seconds.
        """
        coming = asyncio.ensure_future(anext(texts))
        try:
            for _ in range(2):
                done, _ = await asyncio.wait([coming], timeout=self._lease.silence / 2)
                if done:
                    return await coming
            raise TimeoutError
        finally:
            if coming.cancel():
                await asyncio.wait([coming])

    def _take(self, text: str) -> None:
        what, _, rest = text.partition(" ")
        match what:
            case "in":
                code, number, id, event = rest.split(" ", 3)
                self._gateway.room_owner.hear(code, logged(number, id, event))
            case "out":
                code, fence, news = rest.split(" ", 2)
                self._gateway.hear(code, int(fence), unpacked(self.name, news))
            case "lost":
                self._gateway.room_owner.drop(rest)
            case "moved":
                self._gateway.register.moved(rest)
            case "hidden":
                self._gateway.hidden(rest)
            case "gone":
                self._alive[rest] = False
                asyncio.get_running_loop().create_task(self._take_over(rest))
            case _:
                pass

    async def _recover(self) -> None:
        """Check owners and logs of the rooms, because messages may have been missed."""
        if self._subscribed:
            self._gateway.ask_again()
            await self._gateway.room_owner.check()

    # -- lease -------------------------------------------------------------------------------------

    async def _keep_lease(self) -> None:
        while True:
            try:
                await self._renew_lease()
            except RedisUnreachable:
                self._answers_since = 0.0
            await asyncio.sleep(self._lease.beat)

    async def _pulse(self) -> None:
        while True:
            self._lease.pulse(time.monotonic())
            await asyncio.sleep(self._lease.beat)

    async def _renew_lease(self) -> None:
        held, alive = await self._store.live(self.name, self._lease.seconds)
        now = time.monotonic()
        expired = self._lease.renew(held, now)
        self._answers_since = self._answers_since or now
        gone = {name for name in self._alive if not alive.get(name)}
        missing = {name for name in gone if not self._alive[name]}
        self._alive = dict.fromkeys(gone, False) | alive
        if expired:
            meters.LEASES_EXPIRED.inc()
            log.warning(
                "this replica's lease expired: others may have taken over its rooms; "
                "it is renewed for %g s from now on",
                self._lease.seconds,
            )
            await self._recover()
        if now - self._answers_since < self._lease.grace:
            return
        self._gateway.room_owner.gateway_lost(missing.__contains__)
        for name in alive:
            if not alive[name]:
                await self._take_over(name)

    async def _take_over(self, dead: str) -> None:
        """Take over the rooms of a stopped replica, except those that others take first."""
        codes = await self._store.rooms_of(dead)
        random.shuffle(codes)
        for code in codes:
            if await self._store.claim(code, dead, self.name):
                self._gateway.room_owner.load(code)
        if not await self._store.rooms_of(dead):
            await self._store.forget(dead)
