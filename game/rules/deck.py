"""The order in which words are asked: random, with easy and hard words spread evenly.

A word's difficulty was measured when the model was published and is in the model's card. Without
balance, one race of three words might hold the three that the model recognises at once, and the
next race the three that it recognises worst.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random

from game.rules.difficulty import BANDS, bands_of


def word_order(
    words: Sequence[str],
    difficulty: Mapping[str, float],
    rng: Random,
    recent: Callable[[], Mapping[str, float]] = dict,
    note: Callable[[str], None] = lambda word: None,
    band: Callable[[], int | None] = lambda: None,
) -> Iterator[str]:
    """An endless sequence of words, drawn from a `Deck`, which takes the same arguments.

    Args:
        band: called before each word; returns the argument of `Deck.draw`.
    """
    deck = Deck(words, difficulty, rng, recent, note)
    while True:
        yield deck.draw(band())


class Deck:
    """The words of one game, drawn one at a time at random, without repetition while any is left.

    Attributes:
        bands: word -> band, 0 (easy) to 2 (hard), as `difficulty.bands_of`.
    """

    def __init__(
        self,
        words: Sequence[str],
        difficulty: Mapping[str, float],
        rng: Random,
        recent: Callable[[], Mapping[str, float]] = dict,
        note: Callable[[str], None] = lambda word: None,
    ) -> None:
        """Make a deck from which nothing has been drawn.

        Args:
            words: the words to choose from, each once.
            difficulty: word -> 0 (easy) to 1 (hard); a missing word counts as the median.
            rng: source of the random choice.
            recent: returns the words that the players were asked lately -> time in ms.
            note: called with each word that is drawn.
        """
        self.bands = bands_of(words, difficulty)
        self._rng = rng
        self._recent, self._note = recent, note
        self._drawn: dict[str, None] = {}  # words drawn from this deck, the latest last
        self._hand: list[int] = []

    def draw(self, band: int | None = None) -> str:
        """Draw the next word.

        Args:
            band: the wanted band, 0 to 2; when no word of it is left, the nearest band is taken.
                None takes the bands in turn: every three words hold one of each.
        """
        if band is None:
            band = self._next_of_hand()
        options = self._fresh() or self._oldest_half()
        nearest = min(abs(self.bands[word] - band) for word in options)
        options = [word for word in options if abs(self.bands[word] - band) == nearest]
        word = options[int(self._rng.random() * len(options))]
        self._drawn.pop(word, None)
        self._drawn[word] = None
        self._note(word)
        return word

    def _next_of_hand(self) -> int:
        if not self._hand:
            self._hand = self._rng.sample(range(BANDS), BANDS)
        return self._hand.pop()

    def _fresh(self) -> list[str]:
        asked = {*self._recent(), *self._drawn}
        return [word for word in self.bands if word not in asked]

    def _oldest_half(self) -> list[str]:
        """The half of the words that was asked longest ago, for when every word has been asked."""
        recent = self._recent()
        drawn = {word: turn for turn, word in enumerate(self._drawn)}
        order = sorted(self.bands, key=lambda word: (drawn.get(word, -1), recent.get(word, 0.0)))
        return order[: max(len(order) // 2, 1)]
