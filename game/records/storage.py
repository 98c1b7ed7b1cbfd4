"""The storage interface of the game: store results, find ghosts to race against, hide drawings.

`game.records` implements it. The game confirms a result to players only after `keep` has returned,
so a confirmed result is on disk.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from game.messages import BoardMode, GameKept, GhostOf, Replay


class NotFound(Exception):
    """There is no such replay or challenge, or no ghost to race against."""


class DailyDone(Exception):
    """The player has used the ranked attempt of today's daily game."""


@dataclass(frozen=True)
class AttemptRecord:
    """A player's finished attempt at one word, to be stored.

    Attributes:
        key: the player's secret key; must not be shown, and is stored only as a hash.
        replay: the attempt.
        id: id for the stored replay, so that storing it twice has no effect; None for a new id.
        ended: when the attempt ended, in UTC; None for the time at which it is stored.
    """

    key: str
    replay: Replay
    id: str | None = None
    ended: datetime | None = None


@dataclass(frozen=True)
class GameRecord:
    """A player's finished game or race, to be stored.

    Attributes:
        key: the player's secret key; must not be shown, and is stored only as a hash.
        source: id of its `RacePlan`; None when it had none.
        replays: ids of the stored attempts, one for each word; None for one that was not stored.
        milliseconds: total drawing time.
        place: place in the race, from 1; None for a solo game.
        racers: number of runners, including ghosts; 1 for a solo game.
        id: id for the stored game, so that storing it twice has no effect; None for a new id.
        ended: when the game ended, in UTC; None for the time at which it is stored.
    """

    key: str
    name: str
    colour: int
    mode: BoardMode
    source: str | None
    words: tuple[str, ...]
    replays: tuple[str | None, ...]
    points: float
    milliseconds: float
    place: int | None = None
    racers: int = 1
    id: str | None = None
    ended: datetime | None = None


@dataclass(frozen=True)
class Ghost:
    """A recorded player, with a replay for each word of the plan; None for a missing one."""

    name: str
    colour: int
    replays: tuple[Replay | None, ...]


@dataclass(frozen=True)
class RacePlan:
    """The words and ghosts of a race, chosen before it begins.

    Attributes:
        id: the `source` of the race's results, such as `challenge:ID` or `daily:2026-11-21`.
        words: in order.
    """

    id: str
    words: tuple[str, ...]
    ghosts: tuple[Ghost, ...] = ()


class GivenUp(Exception):
    """A result is given up after many tries; whoever gave it up has counted it."""


class Keeper(Protocol):
    """Stores results as a `Storage` does, with retries.

    `delayed` is called once if that takes long.
    """

    async def keep(
        self, attempts: Sequence[AttemptRecord], delayed: Callable[[], None]
    ) -> list[str | None]: ...

    async def keep_game(self, game: GameRecord, delayed: Callable[[], None]) -> GameKept | None: ...


class Storage(Protocol):
    """Stores and finds results. Methods run on the event loop, so slow work belongs in a thread.

    Every method may also raise other exceptions when it fails; the game logs them and goes on.
    """

    async def keep(self, attempts: Sequence[AttemptRecord]) -> list[str | None]:
        """Store the attempts of a round, on disk when this returns; return their replays' ids.

        The id is None for an attempt whose player had everything deleted after it had ended: it is
        not stored.
        """
        ...

    async def keep_game(self, game: GameRecord) -> GameKept | None:
        """Store a finished game; return its challenge and its rank in the daily game.

        None if the player had everything deleted after the game had ended: it is not stored.
        """
        ...

    async def ghosts(
        self, key: str, of: GhostOf, replay: str | None, words: Sequence[str]
    ) -> RacePlan:
        """A race of at most `PLAN_ROUNDS` of the model's `words`, with a ghost that has drawn them.

        Raises:
            NotFound: there is no such ghost.
        """
        ...

    async def bests(self, key: str, words: Sequence[str]) -> int:
        """The number of the model's `words` of which the player's own drawings are stored."""
        ...

    async def challenge(self, id: str) -> RacePlan:
        """The words of a challenge, with the challenger as its ghost.

        Raises:
            NotFound: there is no such challenge, or it is hidden.
        """
        ...

    async def daily(self, key: str, words: Sequence[str]) -> RacePlan:
        """Today's words, chosen from the model's `words`. The result uses up the ranked attempt.

        Raises:
            DailyDone: the player has used today's ranked attempt.
        """
        ...

    async def hide(self, replay: str) -> bool:
        """Hide a replay from everyone for good; return false when there is none."""
        ...
