"""How hard a word is: easy, middling or hard among a model's words, and what that changes. Pure.

A model's card gives the difficulty of a word: the share of its finished validation drawings that
the model does not recognise well enough to win a round. Bands are thirds of that order.
"""

from collections.abc import Mapping, Sequence

BANDS = 3  # 0 easy, 1 middling, 2 hard
WARM_UP = 2  # first words of a Sprint, which are easy
STREAK = 3  # guessed words in a row that make the next ones a band harder
WORTH = (1.0, 1.5, 2.0)  # times the points, by band
DAILY_BANDS = (0, 0, 1, 1, 2)  # of the day's five words, in order


def bands_of(words: Sequence[str], difficulty: Mapping[str, float]) -> dict[str, int]:
    """The band of each word, by thirds of the order of difficulty.

    Args:
        words: all there are, each once; equally hard ones keep this order.
        difficulty: 0 to 1; a word that is not in it counts as the middle of those that are.
    """
    known = sorted(difficulty[word] for word in words if word in difficulty)
    middle = known[len(known) // 2] if known else 0.0
    ordered = sorted(words, key=lambda word: difficulty.get(word, middle))
    return {word: rank * BANDS // len(words) for rank, word in enumerate(ordered)}


def sprint_band(asked: int, streak: int) -> int:
    """The band of a Sprint's next word.

    Args:
        asked: words asked so far.
        streak: words guessed in a row up to now.
    """
    return 0 if asked < WARM_UP else min(streak // STREAK, BANDS - 1)


def worth(band: int) -> float:
    """What the points of a word of this band are multiplied by."""
    return WORTH[band]
