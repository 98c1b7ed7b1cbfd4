"""Findings from the results of an experiment: standings, contrasts, curves. Pure functions.

Accuracies and other outcomes are in percentage points here. A final run that diverged or failed is
never left out: it counts as guessing at random.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.analysis.outcomes import OUTCOMES, OutcomeMeasure
from training.experiment import tuning
from training.experiment.plan import Plan
from training.experiment.results import Result, Test
from training.experiment.tuning import Choice
from training.statistics import claims
from training.statistics.claims import Comparison
from training.statistics.intervals import Interval, mean_interval, spread
from training.strategies.catalogue import STRATEGIES
from training.strategies.strategy import GIVEN
from training.suites.suite import Unit

Measure = Callable[[Result], float]


@dataclass(frozen=True)
class Standing:
    """One arm at one amount of data.

    Attributes:
        per_word: training drawings per word; None for all.
        arm: the strategy's name.
        choice: its learning rates; None before tuning, or if the strategy is no longer in the
            catalogue.
        runs: final runs by seed.
        words: number of words.
        outcome: the measure that decides the suite.
    """

    per_word: int | None
    arm: str
    choice: Choice | None
    runs: tuple[Result, ...]
    words: int
    outcome: OutcomeMeasure

    @property
    def lost(self) -> int:
        """Number of final runs that diverged or failed."""
        return sum(run.test is None for run in self.runs)

    @property
    def measured(self) -> bool:
        """Whether verdicts may use the arm: its best learning rates are inside the grids."""
        return self.choice is None or self.choice.measured

    @property
    def pictured(self) -> Result | None:
        """The run that is shown in pictures: the first one with a feature map."""
        return next((run for run in self.runs if run.feature_map or run.before), None)

    def points(self, outcome: OutcomeMeasure) -> dict[int, float]:
        """Points of an outcome by seed; a lost run gets the points of random guessing."""
        guessing = outcome.guessing(self.words)
        return {
            run.seed: guessing if run.test is None else outcome.of(run.test) for run in self.runs
        }

    def reached(self, outcome: OutcomeMeasure) -> Interval:
        """Mean of an outcome over seeds, with its interval."""
        return mean_interval(list(self.points(outcome).values()))

    @property
    def decided(self) -> Interval:
        """The outcome that decides the suite, with its interval."""
        return self.reached(self.outcome)

    @property
    def accuracy(self) -> Interval:
        return self.reached(OUTCOMES["accuracy"])

    def mean(self, measure: Measure) -> float:
        """Mean of a measure over the evaluated runs; NaN if there are none."""
        values = [measure(run) for run in self.runs if run.test is not None]
        return float(np.mean(values)) if values else math.nan

    def median(self, measure: Measure) -> float:
        """Median of a measure over the evaluated runs, for times that a busy machine distorts."""
        values = [measure(run) for run in self.runs if run.test is not None]
        return median(values) if values else math.nan

    @property
    def unsteadiness(self) -> float:
        """Time of the longest run divided by that of the shortest; NaN if none finished."""
        seconds = [max(run.seconds, 1e-9) for run in self.runs if run.test is not None]
        return max(seconds) / min(seconds) if seconds else math.nan

    def reaching(self, target: float) -> int:
        """Number of runs whose validation accuracy reached `target`."""
        return sum(math.isfinite(first_reaching(run, "images", target)) for run in self.runs)

    def to_target(self, what: str, target: float) -> float:
        """Median of images or seconds until validation reached `target`; a miss is infinite."""
        return median(first_reaching(run, what, target) for run in self.runs)


def first_reaching(run: Result, what: str, target: float) -> float:
    """`images` or `seconds` after the first epoch at or above a validation accuracy in 0 .. 1."""
    reached = (epoch[what] for epoch in run.history if epoch["validation_accuracy"] >= target)
    return next(reached, math.inf)


@dataclass(frozen=True)
class Contrast:
    """A declared contrast at one amount of data, over the seeds that both arms have run.

    The start is a random factor: runs that begin with the same checkpoint count as one pair.

    Attributes:
        spread: standard deviation of the independent differences, in points; nan for one.
    """

    per_word: int | None
    a: str
    b: str
    found: Comparison
    spread: float


@dataclass(frozen=True)
class Findings:
    """What an experiment found.

    Attributes:
        plan: what was declared.
        standings: arms with final runs, by amount of data in the plan's order, best first.
        contrasts: those that have pairs of measured arms, in the plan's order, each at all amounts
            of data. All are in one family.
        tuned: the chosen learning rates of every unit that has tuning runs.
        undone: number of declared final runs that are not done yet.
        sharing: arms that begin, or whose teachers do, with weights that were pretrained here: runs
            from one checkpoint are not independent of each other.
    """

    plan: Plan
    standings: tuple[Standing, ...]
    contrasts: tuple[Contrast, ...]
    tuned: Mapping[Unit, Choice]
    undone: int
    sharing: frozenset[str]

    @property
    def pairs(self) -> int:
        """Independent pairs of the contrast that has the fewest."""
        return self.plan.suite.pairs_of(self.sharing)

    @property
    def unmeasured(self) -> list[Unit]:
        """Units whose best learning rate is still at the edge of the largest grid allowed."""
        return [unit for unit, choice in self.tuned.items() if choice.complete and choice.at_edge]

    def at(self, per_word: int | None) -> list[Standing]:
        return [standing for standing in self.standings if standing.per_word == per_word]

    @property
    def outcome(self) -> OutcomeMeasure:
        """The measure that decides the contrasts."""
        return OUTCOMES[self.plan.suite.outcome]

    @property
    def decided_on(self) -> str:
        """The deciding measure in words, with the split, such as "test accuracy"."""
        return f"{self.plan.suite.eval_split} {self.outcome.title}"

    @property
    def amounts(self) -> list[int | None]:
        """Amounts with standings, in the plan's order."""
        return [amount for amount in self.plan.suite.amounts if self.at(amount)]


def findings(plan: Plan, found: Sequence[Result]) -> Findings:
    """Compute the findings of an experiment from its results, which may be incomplete."""
    suite = plan.suite
    standings: list[Standing] = []
    tuned, sharing = _tuned(plan, found), _sharing(plan, found)
    for per_word in suite.amounts:
        own = [_standing(plan, found, tuned, per_word, arm) for arm in suite.arms]
        standings += sorted((s for s in own if s.runs), key=lambda s: -s.decided.mean)
    by_unit = {(s.per_word, s.arm): s for s in standings}
    undone = len(suite.units) * suite.seeds - sum(len(standing.runs) for standing in standings)
    contrasts = tuple(_contrasts(plan, by_unit, sharing))
    return Findings(plan, tuple(standings), contrasts, tuned, undone, sharing)


def _tuned(plan: Plan, found: Sequence[Result]) -> dict[Unit, Choice]:
    """The learning rates of units that have tuning runs or whose rates are prescribed."""
    choices: dict[Unit, Choice] = {}
    for unit in plan.suite.units:
        trials = tuning.of_unit(found, *unit)
        if trials or plan.suite.prescribed:
            choices[unit] = tuning.choose(plan, _rate_names(unit[1], found), trials)
    return choices


def _rate_names(arm: str, found: Sequence[Result]) -> Sequence[str]:
    """Names of an arm's learning rates; its strategy need not be in the catalogue any more."""
    if arm in STRATEGIES:
        return STRATEGIES[arm].rate_names
    return max((list(run.rates) for run in found if run.arm == arm), key=len, default=[])


def _sharing(plan: Plan, found: Sequence[Result]) -> frozenset[str]:
    """See `Findings`. The runs tell, since their arm need not be in the catalogue any more."""
    trained = {run.arm: run.strategy for run in found}
    return frozenset(arm for arm in plan.suite.arms if _shares(plan, arm, trained.get(arm)))


def _shares(plan: Plan, arm: str, trained: Mapping[str, Any] | None) -> bool:
    """Whether an arm with this strategy is one of `Findings.sharing`.

    A teacher that is in no catalogue counts as one that begins with what was pretrained here.
    """
    if trained is None:
        return plan.suite.start_made_here(arm)
    teacher, made = trained.get("teacher"), plan.starts.keys() - GIVEN
    if trained.get("start") in made:
        return True
    return plan.suite.start_made_here(teacher) if teacher in STRATEGIES else bool(teacher and made)


def _standing(
    plan: Plan,
    found: Sequence[Result],
    tuned: Mapping[Unit, Choice],
    per_word: int | None,
    arm: str,
) -> Standing:
    runs = [r for r in found if (r.stage, r.per_word, r.arm) == ("final", per_word, arm)]
    return Standing(
        per_word,
        arm,
        tuned.get((per_word, arm)),
        tuple(sorted(runs, key=lambda run: run.seed)),
        len(plan.words),
        OUTCOMES[plan.suite.outcome],
    )


def _contrasts(
    plan: Plan, by_unit: Mapping[Unit, Standing], sharing: frozenset[str]
) -> list[Contrast]:
    """The contrasts that have pairs of measured arms.

    The family keeps its declared size even if some of its contrasts are not done or not measured.
    """
    names: list[tuple[int | None, str, str]] = []
    family: list[tuple[list[float], list[float]]] = []
    shared: list[list[int] | None] = []
    for a, b in plan.suite.contrasts:
        for per_word in plan.suite.amounts:
            one, other = by_unit.get((per_word, a)), by_unit.get((per_word, b))
            if one is None or other is None or not (one.measured and other.measured):
                continue
            left, right = one.points(one.outcome), other.points(other.outcome)
            seeds = sorted(left.keys() & right.keys())
            if seeds:
                names.append((per_word, a, b))
                family.append(([left[s] for s in seeds], [right[s] for s in seeds]))
                alone = sharing.isdisjoint((a, b))
                shared.append(None if alone else [plan.suite.checkpoint(s) for s in seeds])
    compared = claims.compare(family, plan.region, plan.suite.family, shared)
    gaps = [claims.differences(*pairs, group) for pairs, group in zip(family, shared, strict=True)]
    return [
        Contrast(*name, found, spread(gap))
        for name, found, gap in zip(names, compared, gaps, strict=True)
    ]


@dataclass(frozen=True)
class Curve:
    """Validation accuracy of an arm in points after each epoch.

    Attributes:
        images: images seen, mean over seeds.
        seconds: seconds of training alone, median over seeds.
        mean, low, high: accuracy over seeds, with its 95 % interval.
    """

    images: NDArray[np.float64]
    seconds: NDArray[np.float64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def curve(standing: Standing) -> Curve:
    """The learning curve of the runs that finished; empty if none did.

    A run that stopped earlier than others, out of patience, keeps its last value.
    """
    whole = [run.history for run in standing.runs if run.status == "finished"]
    length = max(map(len, whole), default=0)
    epochs = [[history[min(k, len(history) - 1)] for history in whole] for k in range(length)]
    bands = [
        mean_interval([100 * record["validation_accuracy"] for record in epoch]) for epoch in epochs
    ]

    return Curve(
        np.array([fmean(record["images"] for record in epoch) for epoch in epochs]),
        np.array([median(record["seconds"] for record in epoch) for epoch in epochs]),
        np.array([band.mean for band in bands]),
        np.array([band.low for band in bands]),
        np.array([band.high for band in bands]),
    )


def plateau(standing: Standing) -> float | None:
    """Points gained on validation over the last quarter of the epochs; None for too few epochs."""
    line = curve(standing).mean
    quarter = len(line) // 4
    return float(line[-1] - line[-1 - quarter]) if quarter else None


def targets(found: Findings, per_word: int | None) -> list[float]:
    """The declared target, and the highest multiple of 5 % that all runs of all arms reach.

    The speeds of arms cannot be compared at a target that some of them never reach.
    """
    runs = [run for standing in found.at(per_word) for run in standing.runs]
    best = [max((e["validation_accuracy"] for e in run.history), default=0.0) for run in runs]
    common = math.floor(20 * min(best, default=0.0) + 1e-9) / 20
    declared = found.plan.suite.target
    return sorted({declared, common} if 0 < common < declared else {declared})


def confusion(standing: Standing) -> NDArray[np.float64]:
    """Shares [true word][guessed word] over all seeds; rows sum to 1."""
    counts = sum(np.array(run.test.confusion, float) for run in standing.runs if run.test)
    table = np.asarray(counts, float)
    return np.divide(table, np.maximum(table.sum(1, keepdims=True), 1))


AS_DRAWN = "as drawn"


def changes(standings: Sequence[Standing]) -> list[str]:
    """Names of the changes to the evaluated drawings, unchanged first."""
    return [AS_DRAWN, *next((list(test.changed) for test in _tests(standings)), [])]


def inks(standings: Sequence[Standing]) -> list[str]:
    """Shares of the ink at which stroke drawings were judged."""
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
    """Mean share of true wins in points, by the share of false wins; empty if not evaluated."""
    asked = [run.test.wins for run in standing.runs if run.test is not None and run.test.wins]
    return (
        {share: 100 * fmean(wins.true[share] for wins in asked) for share in asked[0].true}
        if asked
        else {}
    )
