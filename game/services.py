"""What every game and room shares: the model and its judge, the clock, the storage, chance."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from game.background import Background, Work
from game.clock import Clock
from game.judging.judge import JudgeQueue, Model
from game.records.storage import Storage
from game.rules.deck import word_order


@dataclass(frozen=True)
class Rival:
    """Another published model, that guesses along in a showdown, with a judge for itself."""

    name: str
    model: Model
    judge: JudgeQueue


@dataclass(frozen=True)
class Services:
    """The shared parts, passed to whatever plays.

    Attributes:
        model_name: the published name of the model, which replays tell.
        rng: source of every random choice.
        spawn: runs a coroutine without waiting for it.
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
