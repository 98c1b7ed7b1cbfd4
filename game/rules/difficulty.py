"""Bands of difficulty: which of a model's words are easy, middling or hard. Pure.

A model's card gives the difficulty of each word: the share of its finished validation drawings that
the model does not recognise well enough to win a round. The bands are thirds of the words in that
order.
"""

from collections.abc import Mapping, Sequence

BANDS = 3  # 0 easy, 1 middling, 2 hard
WARM_UP = 2  # a game with a time limit begins with this many easy words
STREAK = 3  # after each such number of words guessed in a row, words are one band harder


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


def rising_band(outcomes: Sequence[str]) -> int:
    """The band (0 to 2) of the next word in a game whose words share one time limit.

    The first `WARM_UP` words are easy. Later words get harder with every `STREAK` words that were
    guessed in a row.

    Args:
        outcomes: outcomes of the words so far; "guessed" for a word that the AI guessed.
    """
    if len(outcomes) < WARM_UP:
        return 0
    streak = next((n for n, out in enumerate(reversed(outcomes)) if out != "guessed"), None)
    return min((len(outcomes) if streak is None else streak) // STREAK, BANDS - 1)
