"""How well starts transfer: accuracy of their features before training, and after it. Pure.

Accuracies are in percentage points.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from training.analysis.findings import Findings, Standing
from training.experiment.results import digest
from training.statistics.correlation import Correlation, rank_correlation

FEWEST = 3  # starts, for a rank correlation


@dataclass(frozen=True)
class Transferability:
    """One arm at one amount of data.

    Attributes:
        per_word: training drawings per word; None for all.
        arm: the strategy's name.
        start: the weights that it begins from.
        recipe: equal for arms that differ only in their start.
        before: mean accuracy of its features before training, by the way of measuring it.
        after: mean test accuracy.
    """

    per_word: int | None
    arm: str
    start: str
    recipe: str
    before: dict[str, float]
    after: float


def transferabilities(found: Findings) -> list[Transferability]:
    """The transferability of every arm whose start was measured, in the order of the standings."""
    measured = ((s, s.pictured) for s in found.standings)
    return [
        Transferability(
            standing.per_word,
            standing.arm,
            _start(run.strategy),
            digest(
                {
                    k: v
                    for k, v in run.strategy.items()
                    if k not in ("name", "description", *_BEGINS)
                }
            ),
            _before(standing),
            standing.accuracy.mean,
        )
        for standing, run in measured
        if run is not None and run.before
    ]


def _before(standing: Standing) -> dict[str, float]:
    """Mean accuracy before training, over the seeds whose start was measured."""
    measured = [run.before for run in standing.runs if run.before]
    return {name: 100 * fmean(before[name] for before in measured) for name in measured[0]}


_BEGINS = ("start", "stem")  # the fields of a strategy that describe its start


def _start(strategy: dict[str, str]) -> str:
    stem = strategy.get("stem", "summed")
    start = strategy.get("start", "–")
    return start if stem == "summed" or start == "random" else f"{start}, stem {stem}"


@dataclass(frozen=True)
class Rank:
    """Whether better starts gave better results, among arms that differ only in their start.

    Attributes:
        arms: the arms of the group, best first.
        per_word: training drawings per word; None for all.
        measure: how the start was measured.
        found: Spearman's correlation of start and result.
    """

    arms: tuple[str, ...]
    per_word: int | None
    measure: str
    found: Correlation


def ranks(measured_starts: Sequence[Transferability]) -> list[Rank]:
    """The ranks of every group of at least three starts, by every measure that all of them have."""
    groups: defaultdict[tuple[str, int | None], list[Transferability]] = defaultdict(list)
    for each in measured_starts:
        groups[each.recipe, each.per_word].append(each)
    found: list[Rank] = []
    for (_, per_word), group in groups.items():
        if len({each.start for each in group}) < FEWEST:
            continue
        arms = tuple(each.arm for each in group)
        for measure in set.intersection(*(set(each.before) for each in group)):
            before, after = [w.before[measure] for w in group], [w.after for w in group]
            correlation = rank_correlation(before, after)
            if correlation is not None:
                found.append(Rank(arms, per_word, measure, correlation))
    return sorted(found, key=lambda rank: (rank.measure, rank.arms))
