"""Means and their intervals, on generated samples with known means."""

import math

import pytest

from tests.training.statistics.samples import normal, share
from training.statistics.intervals import Interval, mean_interval, spread


@pytest.mark.parametrize("n", [2, 3, 8])
def test_intervals_of_a_mean_cover(n: int):
    covered = share(lambda rng: mean_interval(3 + normal(rng, n)).covers(3), 1000)
    assert 0.925 <= covered <= 0.975  # 1,000 repeats scatter by 0.007


def test_no_values_have_no_mean():
    with pytest.raises(ValueError, match="at least one value"):
        mean_interval([])


def test_one_value_has_no_spread():
    assert mean_interval([2.0]) == Interval(2.0, -math.inf, math.inf)
    assert math.isnan(spread([2.0]))
    assert spread([1.0, 3.0]) == pytest.approx(2**0.5)


def test_what_is_no_number_is_refused():
    with pytest.raises(ValueError, match="finite"):
        mean_interval([1.0, math.nan])
