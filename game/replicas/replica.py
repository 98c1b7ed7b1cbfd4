"""One replica's life: it hears its channel, gives signs of life, and inherits from the dead."""

import asyncio
import logging
import random
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import suppress

from game.guests.presence import Guests
from game.replicas.gateway import Gateway
from game.replicas.member import unpacked
from game.replicas.store import TTL, RedisUnreachable, Store, logged
from game.services import Services
from models.command import UserError

BEAT = 0.5  # seconds between two signs of life, which come by the own channel too
SILENCE = 2.0  # seconds without one after which the channel is taken for lost
GRACE = 1.5  # seconds that the others get for a sign of life after Redis was away
GOODBYE = 2.0  # seconds to send what is left when the replica stops

log = logging.getLogger(__name__)


class Replica:
    """Made before the event loop runs; `lobby` goes to `game.rooms.hub.Hub`."""

    def __init__(self, url: str) -> None:
        self.name = secrets.token_hex(6)
        self._url = url
        self._store = Store(url)
        self._gateway: Gateway
        self._tasks: list[asyncio.Task[None]] = []
        self._heard = False  # the channel, at least once
        self._lived = 0.0  # when the last sign of life was given
        self._well = 0.0  # since when Redis answers
        self._alive: dict[str, bool] = {}

    def lobby(self, services: Services, guests: Guests) -> Gateway:
        """The way into rooms."""
        self._gateway = Gateway(services, guests, self.name, self._store)
        return self._gateway

    async def ping(self) -> bool:
        """Whether Redis answers."""
        try:
            await self._store.ping()
        except RedisUnreachable:
            return False
        return True

    async def start(self) -> None:
        """Begin to live.

        Raises:
            UserError: when Redis cannot be reached.
        """
        try:
            await self._store.live(self.name)
        except RedisUnreachable as error:
            raise UserError(
                f"cannot reach Redis: {error}",
                "Expected in REDIS_URL an address such as redis://localhost:6379",
            ) from error
        self._lived = time.monotonic()
        work = (
            self._gateway.relay.run(),
            self._gateway.register.save(),
            self._listen(),
            self._live(),
        )
        self._tasks = [asyncio.create_task(each) for each in work]
        while not self._heard:
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        """Hand the rooms over, and live no more. Nothing of this waits for long."""
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

    # -- hearing -----------------------------------------------------------------------------------

    async def _listen(self) -> None:
        while True:
            try:
                async with self._store.listening(self.name) as texts:
                    await self._recover()
                    self._heard = True
                    await self._take_all(texts)
            except (RedisUnreachable, TimeoutError):
                log.warning("nothing is heard from Redis: this replica listens anew")
            await asyncio.sleep(BEAT)

    async def _take_all(self, texts: AsyncGenerator[str]) -> None:
        while True:
            async with asyncio.timeout(SILENCE):
                text = await anext(texts)
            try:
                self._take(text)
            except Exception:
                log.exception("a message of another replica could not be taken")

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
                asyncio.get_running_loop().create_task(self._inherit(rest))
            case _:
                pass

    async def _recover(self) -> None:
        """Something may have been missed: see whose the rooms are, and how they stand."""
        if self._heard:
            self._gateway.ask_again()
            await self._gateway.room_owner.check()

    # -- living ------------------------------------------------------------------------------------

    async def _live(self) -> None:
        while True:
            try:
                await self._beat()
            except RedisUnreachable:
                self._well = 0.0
            await asyncio.sleep(BEAT)

    async def _beat(self) -> None:
        held, alive = await self._store.live(self.name)
        now = time.monotonic()
        self._well = self._well or now
        lapsed = not held or now - self._lived > TTL / 1000
        self._lived = now
        gone = {name for name in self._alive if not alive.get(name)}
        missing = {name for name in gone if not self._alive[name]}
        self._alive = dict.fromkeys(gone, False) | alive
        if lapsed:
            log.warning("this replica was taken for dead")
            await self._recover()
        if now - self._well < GRACE:
            return
        self._gateway.room_owner.gateway_lost(missing.__contains__)
        for name in alive:
            if not alive[name]:
                await self._inherit(name)

    async def _inherit(self, dead: str) -> None:
        """Take over what a dead replica has owned, or what of it no other takes first."""
        codes = await self._store.rooms_of(dead)
        random.shuffle(codes)
        for code in codes:
            if await self._store.claim(code, dead, self.name):
                self._gateway.room_owner.load(code)
        if not await self._store.rooms_of(dead):
            await self._store.forget(dead)
