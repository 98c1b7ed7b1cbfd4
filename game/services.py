"""The services that all games and rooms share: model, judge, clock, storage, random numbers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

from game.background import Background, Work
from game.clock import Clock
from game.judging.judge import JudgeQueue, Model
from game.records.storage import Keeper, Storage
from game.rules.deck import word_order
from game.rules.word_memory import WordMemory
from game.words.packs import offered


@dataclass(frozen=True)
class Rival:
    """Another published model, which guesses too in a showdown, with a judge of its own."""

    name: str
    model: Model
    judge: JudgeQueue


@dataclass(frozen=True)
class Services:
    """The shared services, passed to every game and room.

    Attributes:
        model: the model that the game is played with; `judge` runs it.
        model_name: the model's published name, which each replay records.
        rng: source of every random choice.
        spawn: starts a coroutine without waiting for it.
        rivals: other models that know the same words, for the showdown.
        sign_in: whether players can sign in with an account.
        keeper: stores results with retries; None to try once.
        memory: the words that players were asked within the last hour.
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
    keeper: Keeper | None = None
    memory: WordMemory = field(default_factory=WordMemory)

    @cached_property
    def packs(self) -> dict[str, tuple[str, ...]]:
        """The word packs of which the model knows enough words, with those words."""
        return offered(self.model.words)

    @cached_property
    def shared_words(self) -> tuple[str, ...]:
        """The words that the model and all rivals know."""
        words = self.model.words
        return tuple(w for w in words if all(w in rival.model.words for rival in self.rivals))

    def deck(
        self,
        players: Callable[[], Iterable[str]],
        band: Callable[[], int | None] = lambda: None,
        words: Sequence[str] = (),
    ) -> Iterator[str]:
        """An endless sequence of words to ask; none comes again within an hour while any is left.

        Args:
            players: returns the keys of the players who are asked; called for each word.
            band: returns the band of the next word, as for `game.rules.deck.word_order`.
            words: the words to choose from; all words of the model when none is given.
        """
        return word_order(
            words or self.model.words,
            self.model.difficulty,
            self.rng,
            lambda: self.memory.recent(players(), self.clock.now()),
            lambda word: self.memory.note(players(), word, self.clock.now()),
            band,
        )
