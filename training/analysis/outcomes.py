"""The outcomes by which contrasts are decided. A suite declares one before it runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import fmean

from training.experiment.results import Test
from training.metrics.win_rate import AREA
from training.suites.suite import OutcomeName

EARLY = ("25%", "50%", "75%")  # shares of the ink, as results name them


@dataclass(frozen=True)
class OutcomeMeasure:
    """A measure of a finished run; more is better.

    Attributes:
        title: its name, in a word or two.
        description: how it is measured, as part of a sentence.
        beats: the words that stand between a better arm and a worse one.
        of: percentage points of an evaluated run.
        guessing: percentage points of a network that guesses one of K words at random.
    """

    title: str
    description: str
    beats: str
    of: Callable[[Test], float]
    guessing: Callable[[int], float]


def _chance(words: int) -> float:
    return 100 / words


OUTCOMES: Mapping[OutcomeName, OutcomeMeasure] = {
    "accuracy": OutcomeMeasure(
        "accuracy",
        "accuracy on finished drawings",
        "is more accurate than",
        lambda test: 100 * test.accuracy,
        _chance,
    ),
    "robustness": OutcomeMeasure(
        "accuracy on changed drawings",
        "accuracy on drawings changed as other people and pads would change them (noise, thicker "
        "lines, turned, ...), mean over the changes",
        "is more accurate on changed drawings than",
        lambda test: 100 * fmean(test.changed.values()),
        _chance,
    ),
    "early": OutcomeMeasure(
        "early accuracy",
        "accuracy on beginnings of stroke drawings, mean over words and over "
        "25, 50 and 75 % of the ink",
        "is more accurate than",
        lambda test: 100 * fmean(test.partial[share] for share in EARLY),
        _chance,
    ),
    "wins": OutcomeMeasure(
        "true wins",
        "the share of a word's stroke drawings that would win for it, mean over words and over "
        f"thresholds at which none to {100 * AREA:g} % of wrong pairs of drawing and word win too",
        "wins more than",
        lambda test: 100 * test.wins.area if test.wins else 0.0,
        lambda words: 0.0,
    ),
}
