"""What repeated runs say: intervals, paired differences, exact tests, verdicts. Pure functions.

Values are one a seed. Two arms are compared by the differences of the runs that share a seed, so
that what the seed decides (drawings, order, head) cancels out. The unit does not matter here;
`training.report.experiment_report` gives accuracies in points of 100.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Values = Sequence[float] | NDArray[np.float64]
Verdict = Literal["better", "worse", "equivalent", "undecided"]

CONFIDENCE = 0.95
RESAMPLES = 4000
FEWEST = 5  # pairs: below it one resample in a hundred is n times the same, and p never reaches .05
EXACT_UP_TO = 16  # 2 ** 16 sign patterns take milliseconds
ORDERED_UP_TO = 8  # 8! orders, likewise
PATTERNS = 100_000  # of random signs, or orders, above that


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval; infinite where one value says nothing about spread."""

    mean: float
    low: float
    high: float

    def covers(self, value: float) -> bool:
        return self.low <= value <= self.high


def mean_interval(values: Values) -> Interval:
    """Mean and 95 % interval of Student's t.

    Raises:
        ValueError: for no values.
    """
    sample = _sample(values)
    mean, error = float(sample.mean()), _standard_error(sample)
    if len(sample) < 2:
        return Interval(mean, -math.inf, math.inf)
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(sample) - 1)) * error
    return Interval(mean, mean - half, mean + half)


def bootstrap_interval(differences: Values, seed: int = 0) -> Interval:
    """Mean and 95 % interval by the symmetric bootstrap-t (Hall 1988).

    The percentile bootstrap covers 90 % where it promises 95 % when n is 8. Studentising each
    resample mends that; taking both tails together holds for heavy tails too, where two separate
    tails were simulated to cover 91 to 93 %. With fewer than five values it is Student's t.

    Raises:
        ValueError: for no values.
    """
    sample = _sample(differences)
    mean, error = float(sample.mean()), _standard_error(sample)
    if len(sample) < FEWEST or error == 0:
        return mean_interval(sample)
    drawn = np.random.default_rng(seed).integers(0, len(sample), (RESAMPLES, len(sample)))
    resamples = sample[drawn]
    errors = resamples.std(1, ddof=1) / math.sqrt(len(sample))
    # A resample of one value over and over has no spread: infinitely far out.
    studentised = np.abs(resamples.mean(1) - mean) / np.maximum(errors, 1e-300)
    half = float(np.quantile(studentised, CONFIDENCE)) * error
    return Interval(mean, mean - half, mean + half)


def sign_flip_test(differences: Values, seed: int = 0) -> float:
    """Two-sided p of the hypothesis that each difference could as well have had the other sign.

    Exact by enumeration up to 16 values: then it cannot go below 2 ** (1 - n). Beyond that by
    100,000 random patterns from `seed`, counting the one observed, so p is never 0.

    Raises:
        ValueError: for no values.
    """
    sample = _sample(differences)
    observed = abs(sample.sum())
    if len(sample) <= EXACT_UP_TO:
        signs = np.array(list(product((1.0, -1.0), repeat=len(sample) - 1)))
        sums = np.abs(sample[0] + signs @ sample[1:])  # the other half mirrors this one
        return float((sums >= observed * (1 - 1e-12)).mean())
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], (PATTERNS, len(sample)))
    as_far = (np.abs(signs @ sample) >= observed * (1 - 1e-12)).sum()
    return float((as_far + 1) / (PATTERNS + 1))


def holm(p: Sequence[float], declared: int | None = None) -> list[float]:
    """P-values adjusted for all being looked at, in the order given (Holm 1979).

    Args:
        p: of the tests that were done.
        declared: size of the family, when some of its tests are not done yet.
    """
    size = max(len(p), declared or 0)
    order = sorted(range(len(p)), key=lambda i: p[i])
    adjusted, highest = [0.0] * len(p), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (size - rank) * p[i]))
        adjusted[i] = highest
    return adjusted


def probability_of_beating(a: Values, b: Values) -> float:
    """Chance that one run of `a` beats one run of `b`, a tie counting half.

    Raises:
        ValueError: for no values.
    """
    gaps = _sample(a)[:, None] - _sample(b)[None, :]
    return float((gaps > 0).mean() + 0.5 * (gaps == 0).mean())


@dataclass(frozen=True)
class Comparison:
    """What the pairs of two arms say.

    Attributes:
        n: pairs.
        difference: mean of a - b with its bootstrap interval.
        p: of the sign-flip test.
        adjusted: p after Holm over the whole family.
        beats: chance that one run of a beats one of b.
        verdict: on a against b; always undecided below five pairs.
        at_least_as_good: the interval leaves no room for a being worse by more than the region.
    """

    n: int
    difference: Interval
    p: float
    adjusted: float
    beats: float
    verdict: Verdict
    at_least_as_good: bool


def compare(
    family: Sequence[tuple[Values, Values]], region: float, declared: int | None = None
) -> list[Comparison]:
    """Compare pairs of arms, each given by paired values, as one family of contrasts.

    Args:
        family: (a, b) with the same seeds in the same order.
        region: differences up to this size, either way, are of no practical importance.
        declared: size of the whole family, when some of it is not done yet.

    Raises:
        ValueError: when a and b differ in length, or are empty.
    """
    pairs = [(_sample(a), _sample(b)) for a, b in family]
    if any(len(a) != len(b) for a, b in pairs):
        raise ValueError("paired values must be as many on both sides")
    tests = [sign_flip_test(a - b) for a, b in pairs]
    found: list[Comparison] = []
    for (a, b), p, adjusted in zip(pairs, tests, holm(tests, declared), strict=True):
        difference = bootstrap_interval(a - b)
        found.append(
            Comparison(
                len(a),
                difference,
                p,
                adjusted,
                probability_of_beating(a, b),
                verdict(difference, adjusted, region) if len(a) >= FEWEST else "undecided",
                difference.low > -region and len(a) >= FEWEST,
            )
        )
    return found


def verdict(difference: Interval, p: float, region: float) -> Verdict:
    """Better or worse when the interval lies beyond the region and p, adjusted, is at most .05;
    equivalent when it lies within; else undecided."""
    if difference.low >= -region and difference.high <= region:
        return "equivalent"
    if p <= 1 - CONFIDENCE + 1e-12:
        if difference.low > region:
            return "better"
        if difference.high < -region:
            return "worse"
    return "undecided"


def least_p(n: int) -> float:
    """The smallest p that the sign-flip test can give with n pairs."""
    return 2.0 ** (1 - n)


def spearman(x: Values, y: Values) -> float:
    """Rank correlation; nan where one side never changes or there are fewer than three pairs."""
    a, b = _sample(x), _sample(y)
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return math.nan
    return float(np.corrcoef(stats.rankdata(a), stats.rankdata(b))[0, 1])


@dataclass(frozen=True)
class Correlation:
    """Spearman's rank correlation of pairs.

    Attributes:
        n: pairs.
        rho: in -1 .. 1.
        p: two-sided, of the hypothesis that any order would be as likely.
        least: the smallest p that so few pairs can give.
    """

    n: int
    rho: float
    p: float
    least: float


def rank_correlation(x: Values, y: Values, seed: int = 0) -> Correlation | None:
    """Spearman's correlation with its permutation test; None where it is not defined.

    The test goes through all orders up to 8 pairs, beyond that through 100,000 random ones from
    `seed`, counting the one observed.
    """
    rho, n = spearman(x, y), len(x)
    if math.isnan(rho):
        return None
    a, b = (_standardised(stats.rankdata(values)) for values in (x, y))
    if n <= ORDERED_UP_TO:
        orders = np.array(list(permutations(range(n))))
    else:
        rng = np.random.default_rng(seed)
        drawn = rng.permuted(np.tile(np.arange(n), (PATTERNS, 1)), axis=1)
        orders = np.concatenate([np.arange(n)[None], drawn])
    as_far = np.abs(b[orders] @ a) >= abs(rho) - 1e-9
    return Correlation(n, rho, float(as_far.mean()), 2 / math.factorial(n))


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of mean 0 and length 1, so that products are correlations."""
    centred = values - values.mean()
    return centred / np.linalg.norm(centred)


def _sample(values: Values) -> NDArray[np.float64]:
    sample = np.asarray(values, np.float64)
    if sample.ndim != 1 or not len(sample):
        raise ValueError("expected at least one value")
    return sample


def _standard_error(sample: NDArray[np.float64]) -> float:
    if len(sample) < 2 or np.ptp(sample) == 0:
        return 0.0
    return float(sample.std(ddof=1) / math.sqrt(len(sample)))
