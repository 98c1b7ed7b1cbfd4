"""What a room that is told by its log asks of the world: to judge a pad, to keep a result.

Neither is done here. The owner does it and writes the answer into the log; with it the room goes
on, in the same way on every replica.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from game.background import Work
from game.judging.judge import FrameSource
from game.messages import GameKept, GhostOf
from game.records.storage import AttemptRecord, GameRecord, NotFound, RacePlan

Storable = tuple[AttemptRecord, ...] | GameRecord


@dataclass(frozen=True)
class _Wait:
    """Suspends a coroutine until it is sent an answer."""

    what: Storable

    def __await__(self) -> Generator[Storable, Any, Any]:
        return (yield self.what)


class Effects:
    """The room's storage and its `Services.spawn`: what is to be stored waits here for the answer.

    Attributes:
        waiting: what is to be kept, by number.
    """

    def __init__(self) -> None:
        self.waiting: dict[int, Storable] = {}
        self._work: dict[int, Work] = {}
        self._number = count(1)

    def spawn(self, work: Work) -> None:
        """Begin work, which may ask for something to be kept."""
        self._go_on(work, None)

    def answer(self, number: int, answer: object) -> None:
        """Go on with the work that asked; a second answer is none."""
        if self.waiting.pop(number, None) is not None:
            self._go_on(self._work.pop(number), answer)

    def _go_on(self, work: Work, answer: Any) -> None:
        try:
            what: Storable = work.send(answer)
        except StopIteration:
            return
        number = next(self._number)
        self.waiting[number], self._work[number] = what, work

    async def keep(self, attempts: Sequence[AttemptRecord]) -> list[str]:
        return await _Wait(tuple(attempts))

    async def keep_game(self, game: GameRecord) -> GameKept:
        return await _Wait(game)

    async def ghosts(
        self, key: str, of: GhostOf, replay: str | None, words: Sequence[str]
    ) -> RacePlan:
        raise NotFound  # a room has its plan when it is opened

    async def challenge(self, id: str) -> RacePlan:
        raise NotFound

    async def daily(self, key: str, words: Sequence[str]) -> RacePlan:
        raise NotFound

    async def hide(self, replay: str) -> bool:
        raise NotFound


class PadRequests:
    """The room's judge: numbers the pads of a race in the order in which they first ask.

    Attributes:
        asking: numbers of pads that have asked since somebody last took it.
        wanting: numbers of pads with ink that no answer was about yet.
    """

    busy = False  # a replayed room opens no rooms

    def __init__(self) -> None:
        self.asking: set[int] = set()
        self.wanting: set[int] = set()
        self._numbers: dict[FrameSource, int] = {}
        self._players: dict[int, FrameSource] = {}
        self._number = count(1)

    def want(self, player: FrameSource) -> None:
        if player not in self._numbers:
            number = next(self._number)
            self._numbers[player], self._players[number] = number, player
        self.asking.add(self._numbers[player])
        self.wanting.add(self._numbers[player])

    def __getitem__(self, number: int) -> FrameSource | None:
        """The pad of a number; None when its race is over."""
        return self._players.get(number)

    def forget(self) -> None:
        """Another race begins, with other pads."""
        self.asking.clear()
        self.wanting.clear()
        self._numbers.clear()
        self._players.clear()
