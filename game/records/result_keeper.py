"""Keeps results however long the database is locked, full or away: tried for ten minutes and again
at the next start, under ids that make a second try none.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from game import meters
from game.messages import GameKept
from game.records.journal import Journal, Result, remove
from game.records.replays import new_id
from game.records.storage import AttemptRecord, GameRecord, Storage

PROMPT = 0.5  # seconds in which a result is usually kept; then it goes into the journal
AGAIN = (0.25, 2.0)  # seconds between two tries: at first, at most
WITHIN = 600.0  # seconds after which a result is given up until the next start

log = logging.getLogger(__name__)

Delayed = Callable[[], None]
Once = Callable[[], Coroutine[Any, Any, None]]


class ResultKeeper:
    """Hands results to `storage`.

    Args:
        journal: where they wait beside the memory; None where nothing may be written.

    Attributes:
        delayed: results that wait longer than usual.
    """

    def __init__(self, storage: Storage, journal: Journal | None = None) -> None:
        self._storage, self._journal = storage, journal
        self.delayed = 0

    async def keep(self, attempts: Sequence[AttemptRecord], delayed: Delayed) -> list[str]:
        """Keep a round's attempts; their ids. `delayed` is called when it takes long.

        Raises:
            Exception: of the storage, when it could not be done within `WITHIN`.
        """
        named = tuple(replace(each, id=each.id or new_id()) for each in attempts)
        kept: list[str] = []

        async def once() -> None:
            kept[:] = await self._storage.keep(named)

        await self._until_kept(Result(attempts=named), once, delayed)
        return kept

    async def keep_game(self, game: GameRecord, delayed: Delayed) -> GameKept:
        """Keep a finished game, as `keep`."""
        named = replace(game, id=game.id or new_id())
        kept: list[GameKept] = []

        async def once() -> None:
            kept[:] = [await self._storage.keep_game(named)]

        await self._until_kept(Result(game=named), once, delayed)
        return kept[0]

    async def keep_journal(self) -> None:
        """Keep what an earlier server has left; what cannot be kept stays for the next."""
        for path, result in await asyncio.to_thread(self._journal_entries):
            waiting = _Waiting(self, result, lambda: None, path)
            try:
                await waiting.until_kept(lambda result=result: self._once(result))
            except Exception:
                log.exception("a result of the journal could not be kept")
            else:
                log.info("a result of the journal is kept")

    async def on_time(self) -> bool:
        """Whether no result waits, for `/readyz`."""
        return self.delayed == 0

    async def has_room(self) -> bool:
        """Whether the disk of the records has room, for `/readyz`."""
        return self._journal is None or await asyncio.to_thread(self._journal.has_room)

    def add(self, result: Result) -> Path | None:
        """Write a result into the journal; None where that cannot be done."""
        return self._journal.add(result) if self._journal else None

    async def _until_kept(self, result: Result, once: Once, delayed: Delayed) -> None:
        await _Waiting(self, result, delayed).until_kept(once)

    async def _once(self, result: Result) -> None:
        if result.attempts:
            await self._storage.keep(result.attempts)
        if result.game:
            await self._storage.keep_game(result.game)

    def _journal_entries(self) -> list[tuple[Path, Result]]:
        return [*self._journal.entries()] if self._journal else []


class _Waiting:
    """One result on its way; `path` is its file in the journal, once it has one."""

    def __init__(
        self, keeper: ResultKeeper, result: Result, delayed: Delayed, path: Path | None = None
    ) -> None:
        self._keeper, self._result, self._delayed = keeper, result, delayed
        self._path, self._late = path, False

    async def until_kept(self, once: Once) -> None:
        """Try until it is kept, or for `WITHIN` seconds."""
        loop = asyncio.get_running_loop()
        end, (wait, most) = loop.time() + WITHIN, AGAIN
        try:
            while not await self._kept(once, loop.time() > end):
                await asyncio.sleep(wait)
                wait = min(2 * wait, most)
        finally:
            if self._late:
                self._keeper.delayed -= 1
                meters.RESULTS_DELAYED.dec()
        remove(self._path)

    async def _kept(self, once: Once, last: bool) -> bool:
        """One try; false when another is worth it."""
        task = asyncio.ensure_future(once())
        done, _ = await asyncio.wait([task], timeout=None if self._late else PROMPT)
        if not done:
            await self._be_late()
        try:
            await task
        except Exception:
            await self._be_late()
            if last:
                raise
            log.warning("a result waits to be kept", exc_info=True)
            return False
        return True

    async def _be_late(self) -> None:
        """Say that it takes long, and write it down."""
        if self._late:
            return
        self._late = True
        self._keeper.delayed += 1
        meters.RESULTS_DELAYED.inc()
        self._delayed()
        if self._path is None:
            self._path = await asyncio.to_thread(self._keeper.add, self._result)
