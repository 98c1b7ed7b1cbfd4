"""Bands of difficulty: which of a model's words are easy, middling or hard. Pure.

A model's card gives the difficulty of each word: the share of its finished validation drawings that
the model does not recognise well enough to win a round. The bands are thirds of the words in that
order.
"""

from collections.abc import Mapping, Sequence

BANDS = 3  # 0 easy, 1 middling, 2 hard
WARM_UP = 2  # a Sprint begins with this many easy words
STREAK = 3  # after this many words guessed in a row, the next words are one band harder
WORTH = (1.0, 1.5, 2.0)  # factor of a word's points, by band
DAILY_BANDS = (0, 0, 1, 1, 2)  # bands of the daily game's five words, in order


def bands_of(words: Sequence[str], difficulty: Mapping[str, float]) -> dict[str, int]:
    """Word -> band, 0 (easy) to 2 (hard): thirds of the words in order of difficulty.

    Args:
        words: each once; equally hard words keep this order.
        difficulty: word -> 0 to 1; a missing word counts as the median.
    """
    known = sorted(difficulty[word] for word in words if word in difficulty)
    middle = known[len(known) // 2] if known else 0.0
    ordered = sorted(words, key=lambda word: difficulty.get(word, middle))
    return {word: rank * BANDS // len(words) for rank, word in enumerate(ordered)}


def sprint_band(asked: int, streak: int) -> int:
    """The band of a Sprint's next word.

    Args:
        asked: number of words asked so far.
        streak: number of words guessed in a row up to now.
    """
    return 0 if asked < WARM_UP else min(streak // STREAK, BANDS - 1)


def worth(band: int) -> float:
    """The factor of the points of a word of this band (0 to 2)."""
    return WORTH[band]
