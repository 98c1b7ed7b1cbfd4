"""The sign-flip test of paired differences, and the interval that is its inverse. Pure functions.

The test asks how often a mean as large as the one observed would come about if each difference
could as well have had the other sign around a supposed value. It assumes that differences are
symmetric around that value, and nothing else: no normal distribution, no equal spread.

For the value 0 symmetry holds by itself: if two arms do not differ, each of a pair of runs could
have been either arm's, and the difference of two exchangeable values is symmetric however skewed
each of them is. For another value, such as the edge of a region of equivalence, it holds where one
arm is the other one shifted. Where an arm now and then collapses, its differences are skewed; the
interval then speaks of their centre of symmetry, is too optimistic towards the long tail, and
`skewed` says so. Such a tail is a finding of its own and should be reported as lost runs.

The interval needs no search. Flipping the signs of a subset gives a mean as large as the observed
one around a supposed value exactly when the mean over the subset is at most that value. So the
one-sided p of a value counts the means over non-empty subsets below it (Hartigan 1969, "Using
subsample values as typical values"), and the limits of the interval are such means. Test and
interval read the same sorted list: they cannot disagree.
"""

import math
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

EXACT_UP_TO = 14  # 2 ** 14 subsets take a millisecond
SUBSETS = 40_000  # drawn at random beyond that
SEED = 0  # of those drawn
ROUNDING = 1e-12  # of the largest difference: what the order of a sum may change


class SignFlip:
    """All there is to ask about the mean of some differences.

    Exact by enumeration up to 14 values. Beyond that, 40,000 random subsets from a fixed seed stand
    for all; the p of a test that counts the observed pattern among them is never too small
    (Phipson & Smyth 2010).

    Args:
        differences: one a pair; at least one, all finite.

    Raises:
        ValueError: for none, or for one that is not finite.
    """

    def __init__(self, differences: NDArray[np.float64]) -> None:
        self.differences = checked(differences)

    @cached_property
    def _means(self) -> NDArray[np.float64]:
        """Means over the subsets, rising."""
        members = _subsets(len(self.differences))
        return np.sort(members @ self.differences / members.sum(1))

    @property
    def patterns(self) -> int:
        """Patterns of signs that p counts, the observed one among them."""
        return len(self._means) + 1

    @property
    def least(self) -> float:
        """The smallest one-sided p that so few differences can give."""
        return 1 / self.patterns

    @property
    def _slack(self) -> float:
        return ROUNDING * float(np.abs(self.differences).max())

    def p_above(self, value: float) -> float:
        """One-sided p of the hypothesis that the mean is `value` or less."""
        below = int(np.searchsorted(self._means, value + self._slack, "right"))
        return (1 + below) / self.patterns

    def p_below(self, value: float) -> float:
        """One-sided p of the hypothesis that the mean is `value` or more."""
        above = len(self._means) - int(np.searchsorted(self._means, value - self._slack, "left"))
        return (1 + above) / self.patterns

    def p(self, value: float = 0.0) -> float:
        """Two-sided p of the hypothesis that the mean is `value`."""
        return min(1.0, 2 * min(self.p_above(value), self.p_below(value)))

    def limits(self, level: float) -> tuple[float, float]:
        """The one-sided tests at a level reject the values below the first and above the second.

        Together they are an interval of confidence 1 − 2 · level. Infinite where there are too few
        differences for that level.
        """
        rank = math.floor(level * self.patterns * (1 + 1e-9))  # how small p may be, in patterns
        if rank < 1:
            return -math.inf, math.inf
        return self._means[rank - 1] - self._slack, self._means[-rank] + self._slack


@lru_cache(maxsize=4)  # contrasts of one experiment have much the same number of pairs
def _subsets(n: int) -> NDArray[np.float64]:
    """Non-empty subsets of n, as rows of 0 and 1: all, or as many drawn at random."""
    if n <= EXACT_UP_TO:
        numbers = np.arange(1, 2**n)
        return ((numbers[:, None] >> np.arange(n)) & 1).astype(np.float64)
    drawn = np.random.default_rng(SEED).integers(0, 2, (SUBSETS, n)).astype(np.float64)
    return drawn[drawn.any(1)]


def least_p(n: int) -> float:
    """The smallest one-sided p that n differences can give."""
    return 2.0**-n if n <= EXACT_UP_TO else 1 / (SUBSETS + 1)


def skewed(differences: NDArray[np.float64]) -> bool:
    """Whether a few differences are so far out on one side that symmetry is in doubt.

    True where the sample skewness is beyond what 99 % of normal samples of its size show.
    """
    sample = checked(differences)
    n, spread = len(sample), float(sample.std())
    if n < 8 or spread == 0:
        return False
    skewness = float(((sample - sample.mean()) ** 3).mean()) / spread**3
    error = math.sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3)))
    return abs(skewness) > 2.58 * error


def checked(values: NDArray[np.float64] | list[float]) -> NDArray[np.float64]:
    """Values as a sample.

    Raises:
        ValueError: for none, or for one that is not finite: no statistic may pass over it.
    """
    sample = np.asarray(values, np.float64)
    if sample.ndim != 1 or not len(sample):
        raise ValueError("expected at least one value")
    if not np.isfinite(sample).all():
        raise ValueError(f"expected finite values, found {sample[~np.isfinite(sample)][0]}")
    return sample
