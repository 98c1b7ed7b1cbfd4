"""Choosing each arm's learning rates on validation. Pure functions on the results of trials.

A phase is tuned after the phases before it, whose rates then stay as chosen: first the head on
frozen features, then everything. All rates of the suite are tried on all tuning seeds. While the
best one is the smallest or largest tried, another one beyond it is tried, 3 times smaller or
larger, up to the suite's maximum. An arm whose best rate is still at the edge is not measured: a
better rate may lie beyond it, and a verdict would compare a tuned arm with one that is not. The
same is true of an arm that learned at no rate, for which smaller ones are tried.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.experiment.plan import Plan
from training.experiment.results import Result
from training.suites.suite import FIRST_TUNING_SEED, STEP, Suite

# An edge hides nothing if accuracy is the same, to this, at the best rate and at the two beside it,
# and better than guessing.
FLAT = 0.001
FLAT_RATES = 3
Score = tuple[float, float]


@dataclass(frozen=True)
class Search:
    """The rates tried for the phases of one name.

    Attributes:
        name: of the rate (`training.strategies.strategy.Phase.name`).
        rate: the best of those tried, by mean accuracy on validation after the last epoch.
        at_edge: it is the smallest or largest tried, or no better than guessing, so that a better
            one may lie beyond.
        accuracy: by rate tried; 0 where a run diverged or failed.
        trials: how many there were.
        seconds: of training, all trials together.
        lost: trials that diverged or failed.
    """

    name: str
    rate: float
    at_edge: bool
    accuracy: Mapping[float, float]
    trials: int
    seconds: float
    lost: int


@dataclass(frozen=True)
class Choice:
    """An arm's learning rates for an amount of data.

    Attributes:
        searches: a search for each name of a rate, in the order of the phases.
        complete: whether all of them are done.
    """

    searches: tuple[Search, ...]
    complete: bool

    @property
    def rates(self) -> dict[str, float]:
        return {search.name: search.rate for search in self.searches}

    @property
    def at_edge(self) -> bool:
        return any(search.at_edge for search in self.searches)

    @property
    def measured(self) -> bool:
        """Whether the arm may enter a verdict."""
        return self.complete and not self.at_edge


@dataclass(frozen=True)
class TuningRun:
    """One tuning run that is to be done.

    Attributes:
        name: of the rate that is tried.
        rates: that rate, after those chosen for the phases before.
        seed: its seed.
    """

    name: str
    rates: Mapping[str, float]
    seed: int


def seeds(suite: Suite) -> range:
    """Seeds of the tuning runs, which no final run uses."""
    return range(FIRST_TUNING_SEED, FIRST_TUNING_SEED + suite.tuning_seeds)


def of_unit(found: Sequence[Result], per_word: int | None, arm: str) -> list[Result]:
    """The tuning runs of an arm at an amount."""
    return [r for r in found if (r.stage, r.per_word, r.arm) == ("tuning", per_word, arm)]


def choose(plan: Plan, names: Sequence[str], trials: Sequence[Result]) -> Choice:
    """The rates of these names that an arm's trials have found so far."""
    if plan.suite.prescribed:
        return Choice(_prescribed(plan.suite, names), complete=True)
    searches: list[Search] = []
    for name in names:
        own = _trials(trials, name, {search.name: search.rate for search in searches})
        if not own:
            return Choice(tuple(searches), complete=False)
        searches.append(_search(plan, name, own))
        if _untried(plan, own):
            return Choice(tuple(searches), complete=False)
    return Choice(tuple(searches), complete=True)


def next_runs(plan: Plan, names: Sequence[str], trials: Sequence[Result]) -> list[TuningRun]:
    """The tuning runs that are to be done next; empty when the arm is tuned.

    More may follow once these are done.
    """
    if plan.suite.prescribed:
        return []
    chosen: dict[str, float] = {}
    for name in names:
        own = _trials(trials, name, chosen)
        if untried := _untried(plan, own):
            return [TuningRun(name, {**chosen, name: rate}, seed) for rate, seed in untried]
        chosen[name] = _search(plan, name, own).rate
    return []


def _prescribed(suite: Suite, names: Sequence[str]) -> tuple[Search, ...]:
    [rate] = suite.rates
    return tuple(Search(name, rate, False, {}, 0, 0.0, 0) for name in names)


def _trials(trials: Sequence[Result], name: str, chosen: Mapping[str, float]) -> list[Result]:
    """Those of a rate's name that had the chosen rates before it."""
    own = (trial for trial in trials if trial.tuned == name)
    return [r for r in own if {n: rate for n, rate in r.rates.items() if n != name} == chosen]


def _untried(plan: Plan, own: Sequence[Result]) -> list[tuple[float, int]]:
    """Rates and seeds still to be tried, as far as is known by now."""
    suite = plan.suite
    done = {(trial.rates[trial.tuned or ""], trial.seed) for trial in own}
    tried = {rate for rate, _ in done}
    grid = sorted(tried | set(suite.rates))
    left = [(rate, seed) for rate in grid for seed in seeds(suite) if (rate, seed) not in done]
    if left or len(grid) >= suite.most_rates:
        return left
    search = _search(plan, own[0].tuned or "", own)
    if not search.at_edge:
        return []
    smallest = min(search.accuracy)
    smaller = search.rate == smallest or _guesses(plan, search.accuracy[search.rate])
    following = beyond(smallest, 1 / STEP) if smaller else beyond(search.rate)
    return [(following, seed) for seed in seeds(suite)]


def beyond(rate: float, step: float = STEP) -> float:
    """The next rate beyond the edge of a grid."""
    return float(f"{rate * step:.3g}")


def _search(plan: Plan, name: str, own: Sequence[Result]) -> Search:
    """The best rate; of equally accurate ones the one with less loss."""
    scores = _scores(own)
    best = max(scores, key=lambda rate: scores[rate])
    return Search(
        name,
        best,
        _guesses(plan, scores[best][0]) or _at_edge(best, scores),
        {rate: score[0] for rate, score in scores.items()},
        len(own),
        sum(trial.seconds for trial in own),
        sum(trial.status != "finished" for trial in own),
    )


def _scores(own: Sequence[Result]) -> dict[float, Score]:
    """Mean accuracy and loss of each rate, rising."""
    by_rate: dict[float, list[Score]] = {}
    for trial in sorted(own, key=lambda trial: (trial.rates[trial.tuned or ""], trial.seed)):
        by_rate.setdefault(trial.rates[trial.tuned or ""], []).append(_score(trial))
    return {
        rate: (sum(s[0] for s in scores) / len(scores), sum(s[1] for s in scores) / len(scores))
        for rate, scores in by_rate.items()
    }


def _guesses(plan: Plan, accuracy: float) -> bool:
    """Whether the best runs learned nothing: all were lost, or are no better than guessing."""
    return accuracy <= 1 / len(plan.words) + FLAT


def _at_edge(best: float, scores: Mapping[float, Score]) -> bool:
    """Whether a better rate may lie beyond: not where accuracy no longer changes with the rate."""
    rates = list(scores)
    if best not in (rates[0], rates[-1]):
        return False
    outer = rates[:FLAT_RATES] if best == rates[0] else rates[-FLAT_RATES:]
    reached = [scores[rate][0] for rate in outer]
    return len(outer) < FLAT_RATES or max(reached) - min(reached) > FLAT


def _score(trial: Result) -> Score:
    """Accuracy, and loss turned so that more is better."""
    if trial.status != "finished":
        return 0.0, -math.inf
    last = trial.history[-1]
    return last["validation_accuracy"], -last["validation_loss"]
