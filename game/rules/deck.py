"""In which order words are asked for: by chance, but easy and hard ones dealt evenly.

How hard a word is was measured when the model was published; its card tells. Without balance one
race of three words might hold the three that the AI knows at once, and the next its worst.
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random

BANDS = 3  # easy, middling, hard


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
