"""The result writer of a game: stores each round as it ends, and then the game.

With a `ResultKeeper`, failures are tried again, and players are told about delays of their results,
also after they have left the game. Without one, a failure is logged and the result is lost. The
game goes on either way.
"""

import logging
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextlib import contextmanager

from game import meters
from game.background import Work
from game.guests.guest import Guest
from game.messages import GameKept
from game.records.result_keeper import ResultKeeper
from game.records.storage import AttemptRecord, GameRecord, Storage

log = logging.getLogger(__name__)

Ids = list[str | None]
Games = Callable[[], dict[int, GameRecord]]
Finished = Callable[[int, GameKept], None]


class ResultWriter:
    """Stores the results of one game or race.

    Args:
        spawn: starts a coroutine without waiting for it.
        keeper: stores with retries; None if the storage does so itself.
        players: returns the guests who are in the game.

    Attributes:
        waiting: number of rounds and games that are being stored.
    """

    def __init__(
        self,
        storage: Storage,
        spawn: Callable[[Work], None],
        keeper: ResultKeeper | None,
        players: Callable[[], Iterable[Guest]],
    ) -> None:
        self._storage, self._background = storage, spawn
        self._keeper, self._players = keeper, players
        self._forgotten: set[str] = set()  # keys of players who had a waiting result deleted
        self.waiting = 0
        self._pending = 0
        self._closing: tuple[Games, Finished] | None = None

    def keep(self, attempts: Sequence[AttemptRecord], kept: Callable[[Ids], None]) -> None:
        """Store the attempts of a round.

        Args:
            kept: called with the ids of the replays when done; None for what was not stored.
        """
        self._pending += 1
        self._spawn(self._keep(attempts, kept))

    def close(self, games: Games, finished: Finished) -> None:
        """Store the games once all rounds are stored.

        Args:
            games: returns seat -> game; called when all rounds are stored.
            finished: called with a seat and its message for each game that was stored.
        """
        self._closing = games, finished
        self._close_when_kept()

    async def _keep(self, attempts: Sequence[AttemptRecord], kept: Callable[[Ids], None]) -> None:
        ids: Ids = [None] * len(attempts)
        try:
            if attempts:
                ids = [*await self._store(attempts)]
                pairs = zip(attempts, ids, strict=True)
                self._forgotten |= {each.key for each, id in pairs if id is None}
        except Exception:
            meters.RESULTS_LOST.inc()
            log.exception("a round could not be stored")
        finally:
            self._done()
        self._pending -= 1
        kept(ids)
        self._close_when_kept()

    def _close_when_kept(self) -> None:
        if self._closing is not None and not self._pending:
            (games, finished), self._closing = self._closing, None
            for seat, game in games().items():
                if game.key not in self._forgotten:
                    self._spawn(self._keep_game(seat, game, finished))

    def _spawn(self, work: Work) -> None:
        """Start a coroutine, and count it until it calls `_done`."""
        self.waiting += 1
        meters.RESULTS_WAITING.inc()
        self._background(work)

    def _done(self) -> None:
        self.waiting -= 1
        meters.RESULTS_WAITING.dec()

    async def _keep_game(self, seat: int, game: GameRecord, finished: Finished) -> None:
        try:
            kept = await self._store_game(game)
        except Exception:
            meters.RESULTS_LOST.inc()
            log.exception("a game could not be stored")
        else:
            finished(seat, kept)
        finally:
            self._done()

    async def _store(self, attempts: Sequence[AttemptRecord]) -> Sequence[str | None]:
        if self._keeper is None:
            return await self._storage.keep(attempts)
        with self._waiting({each.key for each in attempts}) as delayed:
            return await self._keeper.keep(attempts, delayed)

    async def _store_game(self, game: GameRecord) -> GameKept:
        if self._keeper is None:
            return await self._storage.keep_game(game)
        with self._waiting({game.key}) as delayed:
            return await self._keeper.keep_game(game, delayed)

    @contextmanager
    def _waiting(self, keys: Collection[str]) -> Generator[Callable[[], None]]:
        """A callback that tells the players with these keys about a delay.

        At the end the same guests learn how it turned out, wherever they are by then.
        """
        owners = [guest for guest in self._players() if guest.key in keys]
        told: list[Guest] = []

        def delayed() -> None:
            told.extend(owners)
            for guest in owners:
                guest.result_delayed()

        lost = True
        try:
            yield delayed
            lost = False
        finally:
            for guest in told:
                guest.result_settled(lost)
