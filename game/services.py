"""What all places of the game share: the model and its judge, the clock, the records, chance."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from game.clock import Clock
from game.judging.judge import FrameSource, Model
from game.messages import Message
from game.records.storage import Storage
from game.rules.deck import word_order

log = logging.getLogger(__name__)


class Link(Protocol):
    """The way to a client. Sending never waits, and a fatal `Problem` ends the link."""

    def send(self, message: Message) -> None: ...


class JudgeQueue(Protocol):
    """Where drawings are judged: `game.judging.judge.Judge`."""

    def want(self, player: FrameSource) -> None: ...


@dataclass(frozen=True)
class Rival:
    """Another published model, that guesses along in a showdown, with a judge for itself."""

    name: str
    model: Model
    judge: JudgeQueue


Work = Coroutine[Any, Any, None]


class Background:
    """Work that nobody waits for; an error in it is logged."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, work: Work) -> None:
        """Have it done on the running event loop."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def finish(self, seconds: float) -> None:
        """Wait for what is begun, but not for ever."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("work in the background failed", exc_info=error)


@dataclass(frozen=True)
class Services:
    """What every place needs.

    Attributes:
        model_name: the published name of the model, which replays tell.
        rng: chance.
        spawn: has a coroutine done without waiting for it.
        rivals: other models that know the same words.
        sign_in: whether players may sign in.
    """

    model: Model
    judge: JudgeQueue
    clock: Clock
    storage: Storage
    model_name: str
    rng: Random = field(default_factory=Random)
    spawn: Callable[[Work], None] = field(default_factory=Background)
    rivals: Sequence[Rival] = ()
    sign_in: bool = False

    def deck(self) -> Iterator[str]:
        """Words to ask for, without end."""
        return word_order(self.model.words, self.model.difficulty, self.rng)
