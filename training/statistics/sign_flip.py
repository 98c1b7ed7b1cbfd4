"""The sign-flip test of paired differences, and the interval that is its inverse. Pure functions.

The test asks how often a mean as large as the observed one would occur if each difference were as
likely to lie on the other side of a supposed value. It only assumes that the differences are
symmetric around that value. It needs no normal distribution and no equal spread.

For the value 0 the symmetry is certain: if two arms do not differ, the two runs of a pair are
exchangeable, and the difference of two exchangeable values is symmetric even if each of them is
skewed. For another value, such as the edge of a region of equivalence, the differences are
symmetric if the results of one arm are those of the other shifted by a constant. If an arm
occasionally collapses, its differences are skewed. The interval is then too optimistic towards the
long tail, and `skewed` is True. Such a tail is a finding in itself and should be reported as lost
runs.

The interval needs no search. Flipping the signs of a subset around a supposed value gives a mean as
large as the observed one exactly when the mean over the subset is at most that value. So the
one-sided p of a value counts the non-empty subsets whose mean is below it (Hartigan 1969, "Using
subsample values as typical values"), and the limits of the interval are such means. The test and
the interval use the same sorted list, so they always agree.
"""

import math
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

EXACT_UP_TO = 14  # 2 ** 14 subsets take a millisecond
SUBSETS = 40_000  # random subsets for more differences
SEED = 0  # of the random subsets
ROUNDING = 1e-12  # share of the largest difference by which the order of a sum may change it


class SignFlip:
    """The sign-flip test of the mean of some differences, and its interval.

    Up to 14 values, all subsets are enumerated and the test is exact. For more, 40,000 random
    subsets from a fixed seed represent all. The observed pattern is counted among them, so p is
    never too small (Phipson & Smyth 2010).

    Args:
        differences: one a pair; at least one, all finite.

    Raises:
        ValueError: for none, or for one that is not finite.
    """

    def __init__(self, differences: NDArray[np.float64]) -> None:
        self.differences = checked(differences)

    @cached_property
    def _means(self) -> NDArray[np.float64]:
        """Means over the subsets, in rising order."""
        members = _subsets(len(self.differences))
        return np.sort(members @ self.differences / members.sum(1))

    @property
    def patterns(self) -> int:
        """Number of patterns of signs that p is a share of, including the observed one."""
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
        """The values that one-sided tests at this level do not reject: the lowest, the highest.

        They are the limits of an interval of confidence 1 − 2 · level. They are infinite if there
        are too few differences for that level.
        """
        rank = math.floor(level * self.patterns * (1 + 1e-9))  # how small p may be, in patterns
        if rank < 1:
            return -math.inf, math.inf
        return self._means[rank - 1] - self._slack, self._means[-rank] + self._slack


@lru_cache(maxsize=4)  # contrasts of one experiment have much the same number of pairs
def _subsets(n: int) -> NDArray[np.float64]:
    """Non-empty subsets of n values, as rows of 0 and 1: all of them, or a random selection."""
    if n <= EXACT_UP_TO:
        numbers = np.arange(1, 2**n)
        return ((numbers[:, None] >> np.arange(n)) & 1).astype(np.float64)
    drawn = np.random.default_rng(SEED).integers(0, 2, (SUBSETS, n)).astype(np.float64)
    return drawn[drawn.any(1)]


def least_p(n: int) -> float:
    """The smallest one-sided p that n differences can give."""
    return 2.0**-n if n <= EXACT_UP_TO else 1 / (SUBSETS + 1)


def skewed(differences: NDArray[np.float64]) -> bool:
    """Whether a few differences lie so far out on one side that symmetry is doubtful.

    True if the sample skewness is larger than in 99 % of normal samples of the same size.
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
        ValueError: if there is no value, or one is not finite: no statistic may ignore it.
    """
    sample = np.asarray(values, np.float64)
    if sample.ndim != 1 or not len(sample):
        raise ValueError("expected at least one value")
    if not np.isfinite(sample).all():
        raise ValueError(f"expected finite values, found {sample[~np.isfinite(sample)][0]}")
    return sample
