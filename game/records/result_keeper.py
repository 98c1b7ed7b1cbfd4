"""Stores results with retries, so that a locked, full or unreachable database loses none.

Each result is tried for ten minutes, and again at the next start of the server. It has a fixed id,
so storing it twice has no effect.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from game import meters
from game.messages import GameKept
from game.records.journal import Journal, WaitingResult, remove, rewrite
from game.records.replays import new_id, player_of
from game.records.storage import AttemptRecord, GameRecord, Storage

PROMPT = 0.5  # seconds after which a result that is not stored goes into the journal
WRITING = 0.5  # seconds for which the player does not hear of that before it is written down
AGAIN = (0.25, 2.0)  # seconds between two tries: at first, and at most
WITHIN = 600.0  # seconds of trying, after which a result waits for the next start

log = logging.getLogger(__name__)

Delayed = Callable[[], None]
Once = Callable[[WaitingResult], Coroutine[Any, Any, None]]


class ResultKeeper:
    """Stores results in `storage`, again and again until it succeeds.

    Args:
        journal: files for results that wait; None to keep them in memory only.

    Attributes:
        delayed: number of results that have waited longer than `PROMPT`.
    """

    def __init__(self, storage: Storage, journal: Journal | None = None) -> None:
        self._storage, self._journal = storage, journal
        self._waiting: set[_Waiting] = set()
        self.delayed = 0

    async def keep(self, attempts: Sequence[AttemptRecord], delayed: Delayed) -> list[str | None]:
        """Store the attempts of a round; return their ids, None for those that were deleted.

        Args:
            delayed: called once if storing takes longer than `PROMPT` or the first try fails.

        Raises:
            Exception: the last error of the storage, after `WITHIN` seconds.
        """
        named = tuple(replace(each, id=each.id or new_id()) for each in attempts)
        kept: dict[str | None, str | None] = {}

        async def once(left: WaitingResult) -> None:
            if left.attempts:
                ids = await self._storage.keep(left.attempts)
                kept.update(zip((each.id for each in left.attempts), ids, strict=True))

        waiting = _Waiting(self, WaitingResult(attempts=named), delayed)
        await self._until_kept(waiting, once)
        return [kept.get(each.id) if each in waiting.left.attempts else None for each in named]

    async def keep_game(self, game: GameRecord, delayed: Delayed) -> GameKept | None:
        """Store a finished game, in the same way as `keep`; None if it was deleted."""
        named = replace(game, id=game.id or new_id())
        kept: GameKept | None = None

        async def once(left: WaitingResult) -> None:
            nonlocal kept
            if left.game:
                kept = await self._storage.keep_game(left.game)

        waiting = _Waiting(self, WaitingResult(game=named), delayed)
        await self._until_kept(waiting, once)
        return kept if waiting.left.game else None

    async def forget(self, key: str) -> None:
        """Delete what waits of the player with a secret key, in memory and in the journal.

        When this returns, no try to store it is running any more: what a last one has stored can
        be deleted in the storage.
        """
        player = player_of(key)
        tries = [waiting.forget(player) for waiting in self._waiting]
        if running := [each for each in tries if each is not None]:
            await asyncio.wait(running)
        if self._journal:
            await asyncio.to_thread(self._journal.forget, [player])

    async def keep_journal(self) -> None:
        """Store the results in the journal; those that fail stay there until the next start."""
        entries = await asyncio.to_thread(self._journal_entries)
        found = [_Waiting(self, result, lambda: None, path) for path, result in entries]
        self._waiting.update(found)  # so that also those that come later can be forgotten
        for waiting in found:
            try:
                await self._until_kept(waiting, self._once)
            except Exception:
                log.exception("a result in the journal could not be stored")
            else:
                log.info("a result in the journal was stored")

    async def on_time(self) -> bool:
        """Whether no result waits, for `/readyz`."""
        return self.delayed == 0

    async def has_room(self) -> bool:
        """Whether the disk of the records is not full, for `/readyz`."""
        return self._journal is None or await asyncio.to_thread(self._journal.has_room)

    def add(self, result: WaitingResult) -> Path | None:
        """Write a result into the journal; return its file, None if that is not possible."""
        return self._journal.add(result) if self._journal else None

    async def _until_kept(self, waiting: "_Waiting", once: Once) -> None:
        self._waiting.add(waiting)
        try:
            await waiting.until_kept(once)
        finally:
            self._waiting.discard(waiting)

    async def _once(self, result: WaitingResult) -> None:
        if result.attempts:
            await self._storage.keep(result.attempts)
        if result.game:
            await self._storage.keep_game(result.game)

    def _journal_entries(self) -> list[tuple[Path, WaitingResult]]:
        return [*self._journal.entries()] if self._journal else []


class _Waiting:
    """One result that is being stored; `path` is its file in the journal, None without one.

    Attributes:
        left: the result without what players have had deleted.
    """

    def __init__(
        self,
        keeper: ResultKeeper,
        result: WaitingResult,
        delayed: Delayed,
        path: Path | None = None,
    ) -> None:
        self._keeper, self.left, self._delayed = keeper, result, delayed
        self._path, self._late = path, False
        self._try: asyncio.Future[None] | None = None

    def forget(self, player: str) -> asyncio.Future[None] | None:
        """Leave out a player (hashed key); return the running try that still has the player in."""
        left = self.left.without([player])
        found, self.left = left != self.left, left
        return self._try if found else None

    async def until_kept(self, once: Once) -> None:
        """Try until the result is stored, at most for `WITHIN` seconds."""
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
        """Try once; return false if it failed, or raise the error if this was the `last` try."""
        self._try = task = asyncio.ensure_future(once(self.left))
        done, _ = await asyncio.wait([task], timeout=None if self._late else PROMPT)
        if not done:
            await self._report_delay()
        try:
            await task
        except Exception:
            await self._report_delay()
            if last:
                raise
            log.warning("a result could not be stored yet: trying again", exc_info=True)
            return False
        return True

    async def _report_delay(self) -> None:
        """Write the result into the journal, and report that it is delayed.

        The player hears of the delay after the writing, so that what waits survives a kill; but a
        disk that hangs does not keep them waiting.
        """
        if self._late:
            return
        self._late = True
        self._keeper.delayed += 1
        meters.RESULTS_DELAYED.inc()
        writing = asyncio.ensure_future(self._write_down())
        await asyncio.wait([writing], timeout=WRITING)
        self._delayed()
        await writing

    async def _write_down(self) -> None:
        if self._path is not None:
            return
        written = self.left
        self._path = await asyncio.to_thread(self._keeper.add, written)
        if self._path and self.left != written:  # a player had it deleted meanwhile
            await asyncio.to_thread(rewrite, self._path, self.left)
