"""What the result files of an experiment add up to: standings, contrasts, curves. Pure.

Accuracies and other outcomes are in points of 100 here. A final run that diverged or failed counts
with what guessing gets, never as if it had not been.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np
from numpy.typing import NDArray

from training.analysis import statistics
from training.analysis.outcomes import OUTCOMES, Outcome
from training.analysis.statistics import Comparison, Interval
from training.experiment import tuning
from training.experiment.results import Plan, Result, Test
from training.experiment.tuning import Choice

Measure = Callable[[Result], float]


@dataclass(frozen=True)
class Standing:
    """One arm at one amount of data.

    Attributes:
        per_word: training drawings a word; None for all.
        arm: the strategy's name.
        choice: its learning rate; None before tuning.
        runs: final runs by seed.
        words: how many there are.
        outcome: what the suite is decided on.
    """

    per_word: int | None
    arm: str
    choice: Choice | None
    runs: tuple[Result, ...]
    words: int
    outcome: Outcome

    @property
    def lost(self) -> int:
        """Final runs that diverged or failed."""
        return sum(run.test is None for run in self.runs)

    @property
    def pictured(self) -> Result | None:
        """The run that was looked at closely: the first one whose features were mapped."""
        return next((run for run in self.runs if run.feature_map or run.before), None)

    def points(self, outcome: Outcome) -> dict[int, float]:
        """Points of an outcome by seed; a lost run gets what guessing gets."""
        guessing = outcome.guessing(self.words)
        return {
            run.seed: guessing if run.test is None else outcome.of(run.test) for run in self.runs
        }

    def reached(self, outcome: Outcome) -> Interval:
        """Mean of an outcome over seeds, with its interval."""
        return statistics.mean_interval(list(self.points(outcome).values()))

    @property
    def decided(self) -> Interval:
        """What it reached of the outcome that the suite is decided on."""
        return self.reached(self.outcome)

    @property
    def accuracy(self) -> Interval:
        return self.reached(OUTCOMES["accuracy"])

    def mean(self, measure: Measure) -> float:
        """Mean of a measure over the runs that sat the test; nan where none did."""
        values = [measure(run) for run in self.runs if run.test is not None]
        return float(np.mean(values)) if values else math.nan

    def median(self, measure: Measure) -> float:
        """Likewise the median, for what a machine that was busy for a while would distort."""
        values = [measure(run) for run in self.runs if run.test is not None]
        return median(values) if values else math.nan

    @property
    def unsteadiness(self) -> float:
        """How many times longer the longest run took than the shortest; nan where none sat."""
        seconds = [max(run.seconds, 1e-9) for run in self.runs if run.test is not None]
        return max(seconds) / min(seconds) if seconds else math.nan

    def reaching(self, target: float) -> int:
        """Runs whose validation reached `target`."""
        return sum(math.isfinite(first_reaching(run, "images", target)) for run in self.runs)

    def to_target(self, what: str, target: float) -> float:
        """Median of images or seconds until validation reached `target`; infinite for misses."""
        return median(first_reaching(run, what, target) for run in self.runs)


def first_reaching(run: Result, what: str, target: float) -> float:
    """`images` or `seconds` after the first epoch at or above a validation accuracy in 0 .. 1."""
    reached = (epoch[what] for epoch in run.history if epoch["validation_accuracy"] >= target)
    return next(reached, math.inf)


@dataclass(frozen=True)
class Contrast:
    """A declared contrast at one amount of data, over the seeds that both arms have run."""

    per_word: int | None
    a: str
    b: str
    found: Comparison


@dataclass(frozen=True)
class Findings:
    """All there is to tell.

    Attributes:
        plan: what was declared.
        standings: that have final runs, by amount in the plan's order, best first.
        contrasts: that have pairs, in the plan's order, each at all amounts; all in one family.
        undone: final runs that the plan has and the files have not.
    """

    plan: Plan
    standings: tuple[Standing, ...]
    contrasts: tuple[Contrast, ...]
    undone: int

    def at(self, per_word: int | None) -> list[Standing]:
        return [standing for standing in self.standings if standing.per_word == per_word]

    @property
    def outcome(self) -> Outcome:
        """What the contrasts are decided on."""
        return OUTCOMES[self.plan.suite.outcome]

    @property
    def decided_on(self) -> str:
        """The same in words, with the split: "test accuracy" and others."""
        return f"{self.plan.suite.sat_on} {self.outcome.title}"

    @property
    def amounts(self) -> list[int | None]:
        """Those with standings, in the plan's order."""
        return [amount for amount in self.plan.suite.amounts if self.at(amount)]


def findings(plan: Plan, found: Sequence[Result]) -> Findings:
    """Add up an experiment's results, complete or not."""
    suite = plan.suite
    standings: list[Standing] = []
    for per_word in suite.amounts:
        own = [_standing(plan, found, per_word, arm) for arm in suite.arms]
        standings += sorted((s for s in own if s.runs), key=lambda s: -s.decided.mean)
    by_unit = {(s.per_word, s.arm): s for s in standings}
    done = sum(len(standing.runs) for standing in standings)
    return Findings(
        plan,
        tuple(standings),
        tuple(_contrasts(plan, by_unit)),
        len(suite.units) * suite.seeds - done,
    )


def _standing(plan: Plan, found: Sequence[Result], per_word: int | None, arm: str) -> Standing:
    trials = tuning.of_unit(found, per_word, arm)
    runs = [r for r in found if (r.stage, r.per_word, r.arm) == ("final", per_word, arm)]
    return Standing(
        per_word,
        arm,
        tuning.choose(trials) if trials else None,
        tuple(sorted(runs, key=lambda run: run.seed)),
        len(plan.words),
        OUTCOMES[plan.suite.outcome],
    )


def _contrasts(plan: Plan, by_unit: dict[tuple[int | None, str], Standing]) -> list[Contrast]:
    """All that have pairs. Those still without one take part in Holm's method as p = 1 would."""
    names: list[tuple[int | None, str, str]] = []
    family: list[tuple[list[float], list[float]]] = []
    for a, b in plan.suite.contrasts:
        for per_word in plan.suite.amounts:
            one, other = by_unit.get((per_word, a)), by_unit.get((per_word, b))
            if one is None or other is None:
                continue
            left, right = one.points(one.outcome), other.points(other.outcome)
            seeds = sorted(left.keys() & right.keys())
            if seeds:
                names.append((per_word, a, b))
                family.append(([left[s] for s in seeds], [right[s] for s in seeds]))
    declared = len(plan.suite.contrasts) * len(plan.suite.amounts)
    compared = statistics.compare(family, plan.region, declared)
    return [Contrast(*name, found) for name, found in zip(names, compared, strict=True)]


@dataclass(frozen=True)
class Curve:
    """Validation accuracy of an arm in points, an epoch each.

    Attributes:
        images: mean over seeds.
        seconds: median over seeds, of training alone.
        mean, low, high: over seeds, with the 95 % interval.
    """

    images: NDArray[np.float64]
    seconds: NDArray[np.float64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def curve(standing: Standing) -> Curve:
    """The learning curve of the runs that finished; empty where none did.

    A run that ended before others, as patience allows, stays where it was.
    """
    whole = [run.history for run in standing.runs if run.status == "finished"]
    length = max(map(len, whole), default=0)
    epochs = [[history[min(k, len(history) - 1)] for history in whole] for k in range(length)]
    bands = [
        statistics.mean_interval([100 * record["validation_accuracy"] for record in epoch])
        for epoch in epochs
    ]

    return Curve(
        np.array([fmean(record["images"] for record in epoch) for epoch in epochs]),
        np.array([median(record["seconds"] for record in epoch) for epoch in epochs]),
        np.array([band.mean for band in bands]),
        np.array([band.low for band in bands]),
        np.array([band.high for band in bands]),
    )


def confusion(standing: Standing) -> NDArray[np.float64]:
    """Shares [true word][guessed word] over all seeds; rows sum to 1."""
    counts = sum(np.array(run.test.confusion, float) for run in standing.runs if run.test)
    table = np.asarray(counts, float)
    return np.divide(table, np.maximum(table.sum(1, keepdims=True), 1))


AS_DRAWN = "as drawn"


def changes(standings: Sequence[Standing]) -> list[str]:
    """What was done to the exam's drawings, nothing first."""
    return [AS_DRAWN, *next((list(test.changed) for test in _tests(standings)), [])]


def inks(standings: Sequence[Standing]) -> list[str]:
    """Shares of the ink that stroke drawings were shown with."""
    return next((list(test.partial) for test in _tests(standings)), [])


def _tests(standings: Sequence[Standing]) -> Iterator[Test]:
    return (run.test for s in standings for run in s.runs if run.test is not None)


def accuracy_under(standing: Standing, condition: str) -> float:
    """Mean accuracy in points under a change, or with a share of the ink."""

    def read(run: Result) -> float:
        if run.test is None:
            return math.nan
        by_condition = {AS_DRAWN: run.test.accuracy, **run.test.changed, **run.test.partial}
        return 100 * by_condition[condition]

    return standing.mean(read)


def true_wins(standing: Standing) -> dict[str, float]:
    """Mean share of true wins in points, by the share of false wins; empty where none was asked."""
    asked = [run.test.wins for run in standing.runs if run.test is not None and run.test.wins]
    return (
        {share: 100 * fmean(wins.true[share] for wins in asked) for share in asked[0].true}
        if asked
        else {}
    )
