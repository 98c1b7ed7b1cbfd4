"""A storage in memory for tests, which fails or waits when a test tells it to."""

import asyncio
from collections.abc import Sequence

from game.background import Work
from game.messages import GameKept, GhostOf, Replay
from game.records.storage import (
    AttemptRecord,
    DailyDone,
    GameRecord,
    Ghost,
    NotFound,
    RacePlan,
)
from game.rules.race import PLAN_ROUNDS


class Memory:
    """A storage in memory.

    Attributes:
        tries: the stored attempts; the id of the nth is `replay-n`.
        gate: an event that `keep` waits for; None if it does not wait.
        broken: whether every call fails.
    """

    def __init__(self) -> None:
        self.attempts: list[AttemptRecord] = []
        self.games: list[GameRecord] = []
        self.hidden: set[str] = set()
        self.gate: asyncio.Event | None = None
        self.broken = False
        self._dailies: set[str] = set()

    async def keep(self, attempts: Sequence[AttemptRecord]) -> list[str | None]:
        await self._work()
        ids: list[str | None] = [
            f"replay-{len(self.attempts) + number}" for number in range(len(attempts))
        ]
        self.attempts += attempts
        return ids

    async def keep_game(self, game: GameRecord) -> GameKept:
        await self._work()
        self.games.append(game)
        return GameKept(challenge=f"challenge-{len(self.games) - 1}")

    async def ghosts(
        self, key: str, of: GhostOf, replay: str | None, words: Sequence[str]
    ) -> RacePlan:
        await self._work()
        kept = [t.replay for t in self.attempts if t.key == key or of != "best"]
        if not kept:
            raise NotFound
        asked = tuple(words[:PLAN_ROUNDS])
        drawn = {replay.word: replay for replay in kept}
        ghost = Ghost("Ghost", 1, tuple(drawn.get(word) for word in asked))
        return RacePlan("ghost", asked, (ghost,))

    async def bests(self, key: str, words: Sequence[str]) -> int:
        await self._work()
        return len({each.replay.word for each in self.attempts if each.key == key})

    async def challenge(self, id: str) -> RacePlan:
        await self._work()
        number = id.removeprefix("challenge-")
        if not number.isdecimal() or int(number) >= len(self.games):
            raise NotFound
        game = self.games[int(number)]
        replays = tuple(self._replay(replay) for replay in game.replays)
        return RacePlan(f"challenge:{id}", game.words, (Ghost(game.name, game.colour, replays),))

    async def daily(self, key: str, words: Sequence[str]) -> RacePlan:
        await self._work()
        if key in self._dailies:
            raise DailyDone
        self._dailies.add(key)
        return RacePlan("daily:2026-11-21", tuple(words[:PLAN_ROUNDS]))

    async def hide(self, replay: str) -> bool:
        await self._work()
        known = replay in {f"replay-{number}" for number in range(len(self.attempts))}
        self.hidden.update({replay} if known else ())
        return known

    def _replay(self, id: str | None) -> Replay | None:
        return None if id is None else self.attempts[int(id.removeprefix("replay-"))].replay

    async def _work(self) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if self.broken:
            raise OSError("the disk is full")


def at_once(work: Work) -> None:
    """Run a coroutine that never really waits, for tests without an event loop."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise AssertionError("the work waits for something")
