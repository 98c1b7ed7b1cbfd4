"""What the game asks of its records: keep results, find someone to race, hide a drawing.

`game.records` implements it. Rooms await `keep` before they tell a result, so a result that a
player has seen is on disk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from game.messages import BoardMode, GameKept, GhostOf, Replay


class NotFound(Exception):
    """No such replay, challenge, or nobody recorded to race."""


class DailyDone(Exception):
    """The key has had its ranked try of today's daily."""


@dataclass(frozen=True)
class AttemptRecord:
    """A player's finished try at one word, to be kept.

    Attributes:
        key: the player's private key; never to be shown or stored as it is.
        replay: what happened.
        id: of the kept replay, so that what is kept again is kept once; None for a new one.
    """

    key: str
    replay: Replay
    id: str | None = None


@dataclass(frozen=True)
class GameRecord:
    """A player's finished game or race, to be kept.

    Attributes:
        key: the player's private key; never to be shown or stored as it is.
        source: id of the `RacePlan` it followed, None when it had none.
        replays: ids of the kept tries, in order; None for one that could not be kept.
        milliseconds: drawing time in all.
        place: in the race, from 1; None alone.
        racers: how many raced, ghosts included; 1 alone.
        id: of the kept game, so that what is kept again is kept once; None for a new one.
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


@dataclass(frozen=True)
class Ghost:
    """A recorded player: a replay for each word of the plan, None where there is none."""

    name: str
    colour: int
    replays: tuple[Replay | None, ...]


@dataclass(frozen=True)
class RacePlan:
    """A race laid out before: its words in order, and who is raced.

    Attributes:
        id: names the plan to `Storage.keep_game`, such as `challenge:ID` or `daily:2026-11-21`.
    """

    id: str
    words: tuple[str, ...]
    ghosts: tuple[Ghost, ...] = ()


class Storage(Protocol):
    """Awaited on the event loop, so slow work belongs in a thread.

    Any method may raise another exception when storing fails: the game logs it and goes on.
    """

    async def keep(self, attempts: Sequence[AttemptRecord]) -> list[str]:
        """Store a round's tries; their replays' ids, all on disk when this returns."""
        ...

    async def keep_game(self, game: GameRecord) -> GameKept:
        """Store a finished game: the challenge it can be raced by, its rank in a daily."""
        ...

    async def ghosts(
        self, key: str, of: GhostOf, replay: str | None, words: Sequence[str]
    ) -> RacePlan:
        """`PLAN_ROUNDS` of the model's `words`, or fewer, with a ghost that has drawn them.

        Raises:
            Unknown: when there is nothing to race.
        """
        ...

    async def challenge(self, id: str) -> RacePlan:
        """The words of a challenge, and the challenger as its ghost.

        Raises:
            Unknown: when there is no such challenge, or it is hidden.
        """
        ...

    async def daily(self, key: str, words: Sequence[str]) -> RacePlan:
        """Today's words out of the model's `words`; the result takes the key's one ranked try.

        Raises:
            DailyDone: when it was taken before.
        """
        ...

    async def hide(self, replay: str) -> bool:
        """Hide a replay from everyone, for good; false when there is none."""
        ...
