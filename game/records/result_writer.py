"""Results on their way into the records: rounds as they end, then the game.

What fails is logged and is missing from the records; the game goes on.
"""

import logging
from collections.abc import Callable, Sequence

from game import meters
from game.background import Work
from game.messages import GameKept
from game.records.storage import AttemptRecord, GameRecord, Storage

log = logging.getLogger(__name__)

Ids = list[str | None]


class ResultWriter:
    """Of one game or race.

    Attributes:
        waiting: rounds and games that are on their way.
    """

    def __init__(self, storage: Storage, spawn: Callable[[Work], None]) -> None:
        self._storage, self._background = storage, spawn
        self.waiting = 0
        self._pending = 0
        self._games: Callable[[], dict[int, GameRecord]] | None = None
        self._finished: Callable[[int, GameKept], None]

    def keep(self, attempts: Sequence[AttemptRecord], kept: Callable[[Ids], None]) -> None:
        """Keep a round's tries, then tell their replays' ids, None for what is not on disk."""
        self._pending += 1
        self._spawn(self._keep(attempts, kept))

    def close(
        self, games: Callable[[], dict[int, GameRecord]], finished: Callable[[int, GameKept], None]
    ) -> None:
        """When all rounds are kept, keep the games by seat, then tell of each."""
        self._games, self._finished = games, finished
        self._close_when_kept()

    async def _keep(self, attempts: Sequence[AttemptRecord], kept: Callable[[Ids], None]) -> None:
        ids: Ids = [None] * len(attempts)
        try:
            if attempts:
                ids = [*await self._storage.keep(attempts)]
        except Exception:
            meters.RESULTS_LOST.inc()
            log.exception("a round could not be kept")
        finally:
            self._done()
        self._pending -= 1
        kept(ids)
        self._close_when_kept()

    def _close_when_kept(self) -> None:
        if self._games is not None and not self._pending:
            games, self._games = self._games, None
            for seat, game in games().items():
                self._spawn(self._keep_game(seat, game))

    def _spawn(self, work: Work) -> None:
        """Have it done, counted until `_done`."""
        self.waiting += 1
        meters.RESULTS_WAITING.inc()
        self._background(work)

    def _done(self) -> None:
        self.waiting -= 1
        meters.RESULTS_WAITING.dec()

    async def _keep_game(self, seat: int, game: GameRecord) -> None:
        try:
            finished = await self._storage.keep_game(game)
        except Exception:
            meters.RESULTS_LOST.inc()
            log.exception("a game could not be kept")
        else:
            self._finished(seat, finished)
        finally:
            self._done()
