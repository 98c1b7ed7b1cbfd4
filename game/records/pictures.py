"""Pictures of replays, made one at a time and kept for a while: they cost, and many ask at once."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from game.records.challenge_picture import challenge_card
from game.records.share_pictures import animation, card

KEPT = 64  # pictures
WAITING = 16  # that are asked for but not yet made; more are refused

# Of a replay, but for "challenge", which is of a ghost.
MAKERS: dict[str, Callable[[Any], bytes]] = {
    "png": card,
    "gif": animation,
    "challenge": challenge_card,
}
TYPES = {"png": "image/png", "gif": "image/gif", "challenge": "image/png"}


class Busy(Exception):
    """Too many pictures are waited for."""


class Pictures:
    """Pictures by id and kind; who asks for one that is being made waits for the same one."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, str], asyncio.Future[bytes]] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, "pictures")

    async def picture(self, id: str, kind: str, source: object) -> bytes:
        """The bytes of a file of a kind in `MAKERS`, made of `source`.

        Raises:
            Busy: when too many others are waited for.
        """
        key = id, kind
        future = self._made.get(key)
        if future is None:
            future = self._begin(key, source)
        self._made.move_to_end(key)
        return await asyncio.shield(future)

    def _begin(self, key: tuple[str, str], source: object) -> asyncio.Future[bytes]:
        if sum(not future.done() for future in self._made.values()) >= WAITING:
            raise Busy
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._thread, MAKERS[key[1]], source)
        future.add_done_callback(lambda done: self._forget_failed(key, done))
        self._made[key] = future
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        return future

    def _forget_failed(self, key: tuple[str, str], future: asyncio.Future[bytes]) -> None:
        if future.cancelled() or future.exception():
            self._made.pop(key, None)
