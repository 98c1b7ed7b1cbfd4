"""Means with intervals. Pure functions on one value per run.

Two arms are compared in `training.statistics.claims`; what an experiment can find is computed in
`training.statistics.power`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from training.statistics.sign_flip import checked

Values = Sequence[float] | NDArray[np.float64]

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval; the interval is infinite if there are too few values."""

    mean: float
    low: float
    high: float

    def covers(self, value: float) -> bool:
        return self.low <= value <= self.high


def mean_interval(values: Values) -> Interval:
    """Mean and its 95 % interval by Student's t.

    Raises:
        ValueError: for no values, or for one that is not finite.
    """
    sample = checked(np.asarray(values))
    mean, n = float(sample.mean()), len(sample)
    if n < 2:
        return Interval(mean, -math.inf, math.inf)
    error = float(sample.std(ddof=1) / math.sqrt(n)) if np.ptp(sample) else 0.0
    half = float(special.stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * error
    return Interval(mean, mean - half, mean + half)


def spread(values: Values) -> float:
    """Sample standard deviation; nan for fewer than two values."""
    sample = checked(np.asarray(values))
    return float(sample.std(ddof=1)) if len(sample) > 1 else math.nan
