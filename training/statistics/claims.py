"""Claims about two arms from their pairs of runs: differences with intervals, and verdicts. Pure.

There is one value per seed. Two arms are compared by the differences between runs with the same
seed, so that the effects of the seed (choice of drawings, their order, first weights of the head)
cancel out.

Four claims can be made about a contrast: better (the mean difference is above 0), not worse (above
−region), worse, not better. Equivalent is not worse and not better. The claims of all contrasts are
one family: the chance that any of them is false is at most 5 %. Each is tested at
0.05 / (2 · contrasts), and the intervals come from the same tests at the same level. So a claim is
made exactly where the interval excludes its boundary, and all intervals together hold with 95 %.
Holm's step-down procedure would find a little more in the last contrasts, but it offers no matching
intervals that show how large a difference is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from training.statistics.intervals import Interval, Values
from training.statistics.power import level
from training.statistics.sign_flip import SignFlip, checked, skewed

Claim = Literal["better", "worse", "equivalent", "not worse", "not better", "undecided"]


@dataclass(frozen=True)
class Comparison:
    """The comparison of two arms.

    Attributes:
        n: independent pairs.
        difference: mean of a − b with its interval; the intervals of a family hold together.
        confidence: confidence of this interval on its own, in 0 .. 1.
        p: two-sided p of the hypothesis that the arms do not differ, for this contrast alone.
        adjusted: the same p for the family: at most .05 exactly where the interval excludes 0.
        beats: chance that one run of a beats one run of b.
        region: half the width of the region of equivalence.
        median: of a − b over the independent pairs.
        skewed: whether a few pairs lie so far out that the interval is doubtful.
    """

    n: int
    difference: Interval
    confidence: float
    p: float
    adjusted: float
    beats: float
    region: float
    median: float
    skewed: bool = False

    @property
    def at_least_as_good(self) -> bool:
        """Whether a is not worse than b by the region or more."""
        return self.difference.low > -self.region

    @property
    def at_most_as_good(self) -> bool:
        """Whether a is not better than b by the region or more."""
        return self.difference.high < self.region

    @property
    def verdict(self) -> Claim:
        """The strongest claim that can be made about a against b."""
        if self.at_least_as_good and self.at_most_as_good:
            return "equivalent"
        if self.difference.low > 0:
            return "better"
        if self.difference.high < 0:
            return "worse"
        if self.at_least_as_good:
            return "not worse"
        return "not better" if self.at_most_as_good else "undecided"


def compare(
    family: Sequence[tuple[Values, Values]],
    region: float,
    declared: int | None = None,
    groups: Sequence[Sequence[object] | None] | None = None,
) -> list[Comparison]:
    """Compare pairs of arms, each given by paired values, as one family of contrasts.

    Args:
        family: (a, b) with the same seeds in the same order.
        region: differences up to this size, either way, are of no practical importance.
        declared: number of contrasts in the whole family, if some of them are not done yet.
        groups: for each contrast, what its pairs share, such as the checkpoint that they start
            from. Pairs of a group are not independent, so their mean counts as one pair. None if
            every pair is independent.

    Raises:
        ValueError: if a and b differ in length, are empty, or hold a value that is not finite, or
            if the region is not at least 0.
    """
    if not region >= 0:
        raise ValueError(f"region is {region}: expected at least 0")
    size = max(len(family), declared or 0)
    shared = groups if groups is not None else [None] * len(family)
    return [
        _comparison(checked(np.asarray(a)), checked(np.asarray(b)), group, region, size)
        for (a, b), group in zip(family, shared, strict=True)
    ]


def _comparison(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    group: Sequence[object] | None,
    region: float,
    size: int,
) -> Comparison:
    gaps = differences(a, b, group)
    flips, tested = SignFlip(gaps), level(size)
    low, high = flips.limits(tested)
    return Comparison(
        len(gaps),
        Interval(float(gaps.mean()), low, high),
        1 - 2 * tested,
        flips.p(),
        min(1.0, size * flips.p()),
        probability_of_beating(a, b),
        region,
        float(np.median(gaps)),
        skewed(gaps),
    )


def differences(a: Values, b: Values, group: Sequence[object] | None = None) -> NDArray[np.float64]:
    """a − b for each pair, or the mean of each group of pairs that are not independent.

    Raises:
        ValueError: if a and b differ in length.
    """
    if len(a) != len(b):
        raise ValueError("expected the same number of values on both sides")
    pairs = np.subtract(a, b, dtype=float)
    return pairs if group is None else group_means(pairs, group)


def group_means(values: NDArray[np.float64], group: Sequence[object]) -> NDArray[np.float64]:
    """One mean a group, in the order in which groups first appear.

    A kind of start is judged by its checkpoints, not by the runs that start from one of them: ten
    runs from one checkpoint tell much about that checkpoint and little about other checkpoints of
    its kind.
    """
    return np.array(
        [values[[each == member for each in group]].mean() for member in dict.fromkeys(group)]
    )


def probability_of_beating(a: Values, b: Values) -> float:
    """Chance that one run of `a` beats one run of `b`, a tie counting half.

    Raises:
        ValueError: for no values.
    """
    gaps = checked(np.asarray(a))[:, None] - checked(np.asarray(b))[None, :]
    return float((gaps > 0).mean() + 0.5 * (gaps == 0).mean())
