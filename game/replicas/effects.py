"""The effects of a replayed room: its requests to judge a pad and to store a result.

The requests are only collected here. The room's owner carries them out and writes the answers into
the log, so the room continues in the same way on every replica.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from game.background import Work
from game.judging.judge import FrameSource
from game.messages import GameKept, GhostOf
from game.records.storage import AttemptRecord, GameRecord, GivenUp, NotFound, RacePlan

Delayed = Callable[[], None]
Storable = tuple[AttemptRecord, ...] | GameRecord


@dataclass(frozen=True)
class _Wait:
    """Suspends a coroutine until the answer is sent into it.

    Attributes:
        delayed: called when the answer takes long.
    """

    what: Storable
    delayed: Delayed

    def __await__(self) -> Generator["_Wait", Any, Any]:
        return (yield self)


class Effects:
    """The room's storage and `Services.spawn`: collects what is to be stored until it is answered.

    Attributes:
        waiting: number of the request -> what is to be stored.
    """

    def __init__(self) -> None:
        self.waiting: dict[int, Storable] = {}
        self._work: dict[int, Work] = {}
        self._delayed: dict[int, Delayed] = {}  # of the requests whose delay was not told
        self._number = count(1)

    def spawn(self, work: Work) -> None:
        """Start a coroutine, which may ask for something to be stored."""
        self._go_on(work, lambda: work.send(None))

    def delay(self, number: int) -> None:
        """Tell the players that what the request asks for takes long, unless they know it."""
        if delayed := self._delayed.pop(number, None):
            delayed()

    def answer(self, number: int, answer: object) -> None:
        """Continue the coroutine that made the request; a second answer is ignored."""
        if work := self._take(number):
            self._go_on(work, lambda: work.send(answer))

    def give_up(self, number: int) -> None:
        """Continue the coroutine that made the request, whose result is lost."""
        if work := self._take(number):
            self._go_on(work, lambda: work.throw(GivenUp()))

    def _take(self, number: int) -> Work | None:
        self.waiting.pop(number, None)
        self._delayed.pop(number, None)
        return self._work.pop(number, None)

    def _go_on(self, work: Work, step: Callable[[], _Wait]) -> None:
        try:
            asked = step()
        except StopIteration:
            return
        number = next(self._number)
        self.waiting[number], self._work[number] = asked.what, work
        self._delayed[number] = asked.delayed

    async def keep(
        self, attempts: Sequence[AttemptRecord], delayed: Delayed = lambda: None
    ) -> list[str | None]:
        return await _Wait(tuple(attempts), delayed)

    async def keep_game(self, game: GameRecord, delayed: Delayed = lambda: None) -> GameKept | None:
        return await _Wait(game, delayed)

    async def ghosts(
        self, key: str, of: GhostOf, replay: str | None, words: Sequence[str]
    ) -> RacePlan:
        raise NotFound  # a room gets its plan when it is opened

    async def challenge(self, id: str) -> RacePlan:
        raise NotFound

    async def bests(self, key: str, words: Sequence[str]) -> int:
        raise NotFound  # no room asks for it

    async def daily(self, key: str, words: Sequence[str]) -> RacePlan:
        raise NotFound

    async def hide(self, replay: str) -> bool:
        raise NotFound


class PadRequests:
    """The room's judge: collects requests and numbers the pads in the order of their first one.

    Attributes:
        asking: numbers of the pads with a request that the owner has not taken yet.
        wanting: numbers of the pads with ink that no answer in the log covers yet.
    """

    busy = False  # the load matters only where rooms are opened
    wait = 0.0  # seconds; the room's timers must be the same on every replica that replays the log

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
        """The pad with a number; None when its race is over."""
        return self._players.get(number)

    def forget(self) -> None:
        """Drop all pads, because another race begins with new ones."""
        self.asking.clear()
        self.wanting.clear()
        self._numbers.clear()
        self._players.clear()
