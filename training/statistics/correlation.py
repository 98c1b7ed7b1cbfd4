"""Spearman's rank correlation with its permutation test. Pure functions."""

import math
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from training.statistics.intervals import Values
from training.statistics.sign_flip import checked

ORDERED_UP_TO = 8  # 8! orders take a second
ORDERS = 100_000  # random orders for more pairs


def spearman(x: Values, y: Values) -> float:
    """Rank correlation; nan if one side is constant or there are fewer than three pairs."""
    a, b = checked(np.asarray(x)), checked(np.asarray(y))
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return math.nan
    return float(np.corrcoef(_ranks(a), _ranks(b))[0, 1])


@dataclass(frozen=True)
class Correlation:
    """Spearman's rank correlation of pairs.

    Attributes:
        n: number of pairs.
        rho: the correlation, in -1 .. 1.
        p: two-sided p of the hypothesis that all orders are equally likely.
        least: the smallest p that so few pairs can give.
    """

    n: int
    rho: float
    p: float
    least: float


def rank_correlation(x: Values, y: Values, seed: int = 0) -> Correlation | None:
    """Spearman's correlation with its permutation test; None if it is not defined.

    The test goes through all orders of up to 8 pairs. For more pairs it draws 100,000 random orders
    from `seed`, and counts the observed order as one of them.
    """
    rho, n = spearman(x, y), len(x)
    if math.isnan(rho):
        return None
    a, b = (_standardised(_ranks(values)) for values in (x, y))
    if n <= ORDERED_UP_TO:
        orders = np.array(list(permutations(range(n))))
    else:
        rng = np.random.default_rng(seed)
        drawn = rng.permuted(np.tile(np.arange(n), (ORDERS, 1)), axis=1)
        orders = np.concatenate([np.arange(n)[None], drawn])
    as_far = np.abs(b[orders] @ a) >= abs(rho) - 1e-9
    return Correlation(n, rho, float(as_far.mean()), 2 / math.factorial(n))


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values scaled to mean 0 and length 1, so that their products are correlations."""
    centred = values - values.mean()
    return centred / np.linalg.norm(centred)


def _ranks(values: Values) -> NDArray[np.float64]:
    from scipy.stats import rankdata  # takes a second, and few experiments rank anything

    return rankdata(values)
