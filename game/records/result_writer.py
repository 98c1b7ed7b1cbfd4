"""The result writer of a game: stores each round as it ends, and then the game.

With a `Keeper`, failures are tried again, and players are told about delays of their results,
also after they have left the game. Without one, a failure is logged and the result is lost. The
game goes on either way.
"""

import logging
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from game import meters
from game.background import Work
from game.clock import Clock
from game.guests.guest import Guest
from game.messages import GameKept
from game.records.storage import AttemptRecord, GameRecord, GivenUp, Keeper, Storage

log = logging.getLogger(__name__)

Ids = list[str | None]
Games = Callable[[], dict[int, GameRecord]]
TellFinished = Callable[[int, GameKept], None]


class ResultWriter:
    """Stores the results of one game or race.

    Args:
        spawn: starts a coroutine without waiting for it.
        keeper: stores with retries; None to try once.
        players: returns the guests who are in the game.
        clock: tells when a round or the game has ended.

    Attributes:
        waiting: number of rounds and games that are being stored.
    """

    def __init__(
        self,
        storage: Storage,
        spawn: Callable[[Work], None],
        keeper: Keeper | None,
        players: Callable[[], Iterable[Guest]],
        clock: Clock,
    ) -> None:
        self._storage, self._background = storage, spawn
        self._keeper, self._players, self._clock = keeper, players, clock
        self._forgotten: set[str] = set()  # keys of players who had a waiting result deleted
        self.waiting = 0
        self._pending = 0
        self._closing: tuple[Games, TellFinished, datetime] | None = None

    def keep(self, attempts: Sequence[AttemptRecord], kept: Callable[[Ids], None]) -> None:
        """Store the attempts of a round.

        Args:
            kept: called with the ids of the replays when done; None for what was not stored.
        """
        self._pending += 1
        ended = self._clock.date()
        self._spawn(self._keep([replace(each, ended=ended) for each in attempts], kept))

    def close(self, games: Games, finished: TellFinished) -> None:
        """Store the games once all rounds are stored.

        Args:
            games: returns seat -> game; called when all rounds are stored.
            finished: called with a seat and its message for each game that was stored.
        """
        self._closing = games, finished, self._clock.date()
        self._close_when_kept()

    async def _keep(self, attempts: Sequence[AttemptRecord], kept: Callable[[Ids], None]) -> None:
        ids: Ids = [None] * len(attempts)
        try:
            if attempts:
                ids = await self._store(attempts)
        except Exception as error:
            _note_loss("a round", error)
        finally:
            self._done()
        self._pending -= 1
        kept(ids)
        self._close_when_kept()

    def _close_when_kept(self) -> None:
        if self._closing is not None and not self._pending:
            (games, finished, ended), self._closing = self._closing, None
            for seat, game in games().items():
                if game.key not in self._forgotten:
                    dated = replace(game, ended=ended)
                    self._spawn(self._keep_game(seat, dated, finished))

    def _spawn(self, work: Work) -> None:
        """Start a coroutine, and count it until it calls `_done`."""
        self.waiting += 1
        meters.RESULTS_WAITING.inc()
        self._background(work)

    def _done(self) -> None:
        self.waiting -= 1
        meters.RESULTS_WAITING.dec()

    async def _keep_game(self, seat: int, game: GameRecord, finished: TellFinished) -> None:
        try:
            kept = await self._store_game(game)
        except Exception as error:
            _note_loss("a game", error)
        else:
            if kept is not None:
                finished(seat, kept)
        finally:
            self._done()

    async def _store(self, attempts: Sequence[AttemptRecord]) -> Ids:
        with self._waiting({each.key for each in attempts}) as wait:
            if self._keeper is None:
                ids = await self._storage.keep(attempts)
            else:
                ids = await self._keeper.keep(attempts, wait.delayed)
            pairs = zip(attempts, ids, strict=True)
            wait.deleted |= {each.key for each, id in pairs if id is None}
        return ids

    async def _store_game(self, game: GameRecord) -> GameKept | None:
        with self._waiting({game.key}) as wait:
            if self._keeper is None:
                kept = await self._storage.keep_game(game)
            else:
                kept = await self._keeper.keep_game(game, wait.delayed)
            wait.deleted |= set() if kept else {game.key}
        return kept

    @contextmanager
    def _waiting(self, keys: Collection[str]) -> Generator["_Wait"]:
        """The wait for a result of the players with these keys.

        At the end the same guests who heard of a delay learn how it turned out, wherever they are
        by then.
        """
        wait, lost = _Wait([guest for guest in self._players() if guest.key in keys]), True
        try:
            yield wait
            lost = False
        finally:
            self._forgotten |= wait.deleted
            wait.settle(lost)


def _note_loss(what: str, error: Exception) -> None:
    if not isinstance(error, GivenUp):
        meters.RESULTS_LOST.inc()
        log.error("%s could not be stored", what, exc_info=error)


class _Wait:
    """The wait of some guests for a result of theirs.

    Attributes:
        deleted: keys of those who had it deleted meanwhile.
    """

    def __init__(self, owners: Sequence[Guest]) -> None:
        self._owners, self._told = owners, False
        self.deleted: set[str] = set()

    def delayed(self) -> None:
        """Tell the guests about a delay."""
        self._told = True
        for guest in self._owners:
            guest.result_delayed()

    def settle(self, lost: bool) -> None:
        """Tell those who heard of a delay how it turned out; `lost`: the result is not stored."""
        for guest in self._owners if self._told else ():
            stored = "deleted" if guest.key in self.deleted else "saved"
            guest.result_settled("not_saved" if lost else stored)
