"""The scale of certainty: one scale for the thermometer, the guesser's voice, and the win.

A probability is hard to read off a bar where the threshold is 0.989: 0.9 looks like the end, and is
far from a win. On this scale a win is at `FLAG`, at a visible distance from the end, whatever the
threshold. Half of it follows the probability, which moves the bar while a drawing begins; the other
half follows the logarithm of the doubt that is left, which shows the way from 0.9 to the threshold.

The page has the same functions in `game/web/pad/js/certainty.js`. Pure.
"""

import math
from typing import Literal

FLAG = 0.85  # certainty at the threshold: here stands the flag, and from here on a word is certain
DOUBTFUL = 0.2  # below this certainty the guesser hesitates
HOT = 0.4  # from this certainty of the word on, the guesser is excited
CLOSE = 0.55  # from this certainty on, a first guess is close to a win
CLOSE_HELD = 1_500.0  # ms; a guess that stays close as long gets some encouragement

Voice = Literal["doubtful", "guess", "certain"]


def certainty(probability: float, threshold: float) -> float:
    """The certainty of a word, 0 to 1, which is `FLAG` at the threshold.

    Args:
        probability: of the word, 0 to 1.
        threshold: lowest probability that wins, above 0 and below 1.
    """
    if probability >= threshold:
        return FLAG + (1 - FLAG) * (probability - threshold) / (1 - threshold)
    doubt = math.log1p(-probability) / math.log1p(-threshold)
    return FLAG * (probability / threshold + doubt) / 2


def voice(probability: float, threshold: float) -> Voice:
    """How the guesser says its first guess: certain only where a win is."""
    sure = certainty(probability, threshold)
    return "certain" if sure >= FLAG else "doubtful" if sure < DOUBTFUL else "guess"


def close(probability: float, threshold: float) -> bool:
    """Whether a first guess of the word is close to a win, and not there yet."""
    return CLOSE <= certainty(probability, threshold) < FLAG
