"""Choosing each arm's learning rate on validation, with the same trials for every arm."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from training.experiment.results import Result
from training.experiment.suites import FIRST_TUNING_SEED, Suite


@dataclass(frozen=True)
class Choice:
    """An arm's learning rate for an amount of data.

    Attributes:
        rate: the best of those tried, by mean accuracy on validation after the last epoch.
        at_edge: it is the smallest or largest tried, so that a better one may lie beyond.
        accuracy: by rate tried; 0 where a run diverged or failed.
        seconds: of training, all trials together.
        lost: trials that diverged or failed.
    """

    rate: float
    at_edge: bool
    accuracy: dict[float, float]
    seconds: float
    lost: int


def seeds(suite: Suite) -> range:
    """Seeds of the tuning runs, which no final run uses."""
    return range(FIRST_TUNING_SEED, FIRST_TUNING_SEED + suite.tuning_seeds)


def of_unit(found: Sequence[Result], per_word: int | None, arm: str) -> list[Result]:
    """The tuning runs of an arm at an amount."""
    return [r for r in found if (r.stage, r.per_word, r.arm) == ("tuning", per_word, arm)]


def choose(trials: Sequence[Result]) -> Choice:
    """The best rate of an arm's trials; of equally accurate ones the one with less loss.

    Raises:
        ValueError: when there are none.
    """
    if not trials:
        raise ValueError("expected at least one trial")
    rates = sorted({trial.rate for trial in trials})
    by_rate = {rate: [_score(t) for t in trials if t.rate == rate] for rate in rates}
    means = {
        rate: tuple(sum(part) / len(scores) for part in zip(*scores, strict=True))
        for rate, scores in by_rate.items()
    }
    best = max(rates, key=lambda rate: means[rate])
    return Choice(
        best,
        best in (rates[0], rates[-1]),
        {rate: mean[0] for rate, mean in means.items()},
        sum(trial.seconds for trial in trials),
        sum(trial.status != "finished" for trial in trials),
    )


def _score(trial: Result) -> tuple[float, float]:
    """Accuracy, and loss turned so that more is better."""
    if trial.status != "finished":
        return 0.0, -math.inf
    last = trial.history[-1]
    return last["validation_accuracy"], -last["validation_loss"]
