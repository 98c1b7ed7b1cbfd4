"""Pictures for sharing, rendered one at a time and cached, because rendering is expensive."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from game.records.challenge_picture import challenge_card
from game.records.share_pictures import animation, card

KEPT = 64  # pictures in the cache
WAITING = 16  # pictures that may wait to be rendered; more are refused

# Each renders a replay; "challenge" renders a ghost.
MAKERS: dict[str, Callable[[Any], bytes]] = {
    "png": card,
    "gif": animation,
    "challenge": challenge_card,
}
TYPES = {"png": "image/png", "gif": "image/gif", "challenge": "image/png"}


class Busy(Exception):
    """Too many pictures wait to be rendered."""


class Pictures:
    """A cache of pictures by id and kind. Requests for the same picture share one rendering."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, str], asyncio.Future[bytes]] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, "pictures")

    async def picture(self, id: str, kind: str, source: object) -> bytes:
        """The bytes of a picture file.

        Args:
            id: identifies the picture in the cache.
            kind: a key of `MAKERS`.
            source: a replay or, for "challenge", a ghost.

        Raises:
            Busy: too many pictures wait to be rendered.
        """
        key = id, kind
        future = self._made.get(key)
        if future is None or _failed(future):  # Python 3.14 may call back only later
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
        if _failed(future) and self._made.get(key) is future:
            del self._made[key]


def _failed(future: asyncio.Future[bytes]) -> bool:
    return future.done() and (future.cancelled() or future.exception() is not None)
