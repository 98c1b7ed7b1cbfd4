"""`Records`: the implementation of `game.records.storage.Storage` with a database.

One thread writes, because SQLite allows one writer; several threads read. When a method that stores
something returns, the data is on disk.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from game.judging.judge import Model
from game.messages import (
    Board,
    BoardMode,
    ChallengeInfo,
    DailyInfo,
    GameKept,
    GhostOf,
    Replay,
    Span,
)
from game.records import boards, daily, games, ghosts, replays, retention
from game.records.database import Database
from game.records.journal import Journal
from game.records.recorder import confirms
from game.records.shipped_ghosts import FolderGhosts, shipped
from game.records.storage import AttemptRecord, GameRecord, Ghost, NotFound, RacePlan

READERS = 4  # threads
DATA = "DOODLE_DATA_DIR"

T = TypeVar("T")


def utc_now() -> datetime:
    return datetime.now(UTC)


class Records:
    """Open records.

    Args:
        model: judges the drawings of ghosts, and daily games a second time.
        model_name: the model's name in its card.
        data: a folder of Quick, Draw! drawings for ghosts, as in `open_records`.
        now: returns the date and time in UTC.
    """

    def __init__(
        self,
        database: Database,
        model: Model,
        model_name: str,
        data: Path | None = None,
        rng: Random | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database, self._model, self._now = database, model, now
        self._rng = rng or Random()
        folder = data or Path(os.environ.get(DATA) or "data")
        self._hands = FolderGhosts(model, model_name, folder, self._rng)
        self._writer = ThreadPoolExecutor(1, "records-write")
        self._readers = ThreadPoolExecutor(READERS, "records-read")

    def close(self) -> None:
        """Wait for running work, and close the database."""
        self._writer.shutdown()
        self._readers.shutdown()
        self._database.close()

    @property
    def journal(self) -> Journal:
        """The journal for results that cannot be stored in the database at once."""
        return Journal(self._database.unsaved)

    async def answers(self) -> bool:
        """Whether the database answers.

        Raises:
            SQLAlchemyError: it does not answer.
        """
        return await self._read(lambda session: session.scalar(select(1)) == 1)

    # -- game.records.storage.Storage --------------------------------------------------------------

    async def keep(self, attempts: Sequence[AttemptRecord]) -> list[str | None]:
        """Store the attempts of a round; return the ids of their replays."""
        return await self._write(partial(replays.keep, attempts=attempts, now=self._now()))

    async def keep_game(self, game: GameRecord) -> GameKept | None:
        """Store a finished game. The strokes of a daily game are judged again for its points."""
        points = game.points
        if game.mode == "daily":
            points = await self._in_thread(self._readers, partial(self._confirmed, game))
        return await self._write(partial(games.keep, game=game, points=points, now=self._now()))

    async def ghosts(
        self, key: str, of: GhostOf, replay: str | None, words: Sequence[str]
    ) -> RacePlan:
        """A race against the player's own best drawings, a recorded ghost, or a replay's player.

        Raises:
            NotFound: there is no such ghost.
        """
        match of:
            case "best":
                ghost = await self._read(
                    partial(ghosts.own_best, key=key, words=words, rng=self._rng)
                )
            case "replay":
                find = partial(ghosts.of_replay, replay=replay or "", words=words, rng=self._rng)
                ghost = await self._read(find)
            case "hand":
                ghost = await self._recorded_ghost(key, words)
        if ghost is None:
            raise NotFound
        drawn = tuple(replay for replay in ghost.replays if replay)
        return RacePlan("ghost", tuple(replay.word for replay in drawn), (ghost,))

    async def bests(self, key: str, words: Sequence[str]) -> int:
        """The number of the model's `words` of which the player's own drawings are stored."""
        player = replays.player_of(key)
        return len(await self._read(partial(replays.bests, player=player, words=words)))

    async def challenge(self, id: str) -> RacePlan:
        """The words of a challenge, with the challenger as its ghost.

        Raises:
            NotFound: the challenge is unknown or hidden, or the model does not know its words.
        """
        plan = await self._read(partial(ghosts.of_challenge, id=id))
        if plan is None or not set(plan.words) <= set(self._model.words):
            raise NotFound
        return plan

    async def daily(self, key: str, words: Sequence[str]) -> RacePlan:
        """Today's words, chosen from the model's `words`.

        Raises:
            DailyDone: the player has used today's ranked attempt.
        """
        date = self._now().date().isoformat()
        await self._read(partial(daily.check_try, date=date, key=key))
        return RacePlan(f"{games.DAILY}{date}", daily.daily_words(date, words))

    async def hide(self, replay: str) -> bool:
        """Hide a replay from everyone for good; return false when there is none."""
        return await self._write(partial(replays.hide, id=replay))

    async def forget(self, key: str) -> int:
        """Delete all results of the player with a key; return the number of replays and games.

        What the player has finished until now is not stored later either.
        """
        return await self._write(partial(retention.forget, key=key, now=self._now()))

    async def expire(self, days: int | None) -> int:
        """Delete what need not be kept any longer; return the number of replays and games."""
        return await self._write(partial(retention.expire, now=self._now(), days=days))

    # -- for HTTP ----------------------------------------------------------------------------------

    async def replay(self, id: str) -> Replay | None:
        """A replay; None when it is unknown or hidden."""
        return await self._read(partial(replays.shown, id=id))

    async def challenge_info(self, id: str) -> ChallengeInfo | None:
        """A challenge, for its link; None when it is unknown or hidden."""
        return await self._read(partial(games.challenge_info, id=id))

    async def daily_info(self, key: str | None) -> DailyInfo:
        """Today's daily game, for the player with the key."""
        now, words = self._now(), self._model.words
        return await self._read(partial(daily.info, now=now, key=key, words=words))

    async def board(self, span: Span, mode: BoardMode | None, word: str | None) -> Board:
        """The board of a word, of a mode, or of all words; see `boards.board`."""
        return await self._read(
            partial(boards.board, span=span, mode=mode, word=word, now=self._now())
        )

    async def _recorded_ghost(self, key: str, words: Sequence[str]) -> Ghost | None:
        """A ghost from the data folder, else of another player, else one that ships."""
        ghost = await self._in_thread(self._readers, partial(self._hands.from_folder, words))
        if ghost is None:
            ghost = await self._read(partial(ghosts.stranger, key=key, words=words, rng=self._rng))
        return ghost or await self._in_thread(self._readers, partial(shipped, words))

    def _confirmed(self, game: GameRecord) -> float:
        """Points of the stored attempts, without guesses that judging again does not confirm."""
        with self._database.reading() as session:
            attempts = [replays.to_replay(row) for row in games.attempts(session, game)]
        return sum(
            replay.points
            for replay in attempts
            if replay.outcome != "guessed" or confirms(self._model, replay)
        )

    # -- threads -----------------------------------------------------------------------------------

    async def _write(self, work: Callable[[Session], T]) -> T:
        def whole() -> T:
            with self._database.writing() as session:
                return work(session)

        def settled() -> T:
            try:
                return whole()
            except IntegrityError:  # another server has stored the same name or daily game
                return whole()

        return await self._in_thread(self._writer, settled)

    async def _read(self, work: Callable[[Session], T]) -> T:
        def whole() -> T:
            with self._database.reading() as session:
                return work(session)

        return await self._in_thread(self._readers, whole)

    async def _in_thread(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, work)
