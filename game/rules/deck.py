"""In which order words are asked for: by chance, but easy and hard ones dealt evenly.

How hard a word is was measured when the model was published; its card tells. Without balance one
race of three words might hold the three that the AI knows at once, and the next its worst.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random

from game.rules.difficulty import BANDS, bands_of


def word_order(words: Sequence[str], difficulty: Mapping[str, float], rng: Random) -> Iterator[str]:
    """Words without end: none again before all were asked for, and never the same twice running.

    Args:
        words: all there are.
        difficulty: of each word, 0 to 1; one that is not named is as hard as the middle of all.
        rng: chance.
    """
    last = None
    while True:
        order = balanced(words, difficulty, rng)
        if order[0] == last:
            order.append(order.pop(0))
        yield from order
        last = order[-1]


def balanced(words: Sequence[str], difficulty: Mapping[str, float], rng: Random) -> list[str]:
    """Each word once; of the first three, the next three and so on, one is of each third.

    Args: as `word_order`.
    """
    known = sorted(difficulty[word] for word in words if word in difficulty)
    middle = known[len(known) // 2] if known else 0.0
    by_chance = rng.sample(words, len(words))  # so equally hard words are in no order
    ordered = sorted(by_chance, key=lambda word: difficulty.get(word, middle))
    bands = [ordered[k * len(words) // BANDS : (k + 1) * len(words) // BANDS] for k in range(BANDS)]
    dealt: list[str] = []
    for band in bands:
        rng.shuffle(band)
    while any(bands):
        hand = [band.pop() for band in bands if band]
        dealt += rng.sample(hand, len(hand))
    return dealt


class Deck:
    """The words of a game, one at a time: by chance, but none again while others are left."""

    def __init__(
        self,
        words: Sequence[str],
        difficulty: Mapping[str, float],
        rng: Random,
        recent: Callable[[], Mapping[str, float]] = dict,
        note: Callable[[str], None] = lambda word: None,
    ) -> None:
        """Nothing is drawn yet.

        Args:
            words: all there are, each once.
            difficulty: of each word, 0 to 1.
            rng: chance.
            recent: words that the players were asked lately, and when; later is higher.
            note: called with each word that is drawn.
        """
        self.bands = bands_of(words, difficulty)
        self._rng = rng
        self._recent, self._note = recent, note
        self._drawn: dict[str, None] = {}  # by this deck, the latest last
        self._hand: list[int] = []

    def draw(self, band: int | None = None) -> str:
        """The next word.

        Args:
            band: how hard it is, where such a word is left; None for easy, middling and hard ones
                in equal parts: of three words, one of each.
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
        """When every word was asked: the half that was asked longest ago, never the last one."""
        recent = self._recent()
        drawn = {word: turn for turn, word in enumerate(self._drawn)}
        order = sorted(self.bands, key=lambda word: (drawn.get(word, -1), recent.get(word, 0.0)))
        return order[: max(len(order) // 2, 1)]
