"""Power: the values computed before a run agree with simulated runs."""

import math

import numpy as np
import pytest

from tests.training.statistics.samples import share
from training.statistics.claims import Comparison, compare
from training.statistics.power import Power, pairs_needed

SD, REGION, CONTRASTS = 0.6, 0.5, 3


def one_of_three(rng: np.random.Generator, n: int, truth: float) -> Comparison:
    return compare([(rng.normal(truth, SD, n), np.zeros(n))], REGION, declared=CONTRASTS)[0]


@pytest.mark.parametrize(("n", "repeats"), [(10, 800), (18, 400)])
@pytest.mark.usefixtures("few_subsets")
def test_arms_that_do_not_differ_are_found_not_worse_as_often_as_promised(n: int, repeats: int):
    power = Power(SD, n, CONTRASTS, REGION)
    found = share(lambda rng: one_of_three(rng, n, 0.0).at_least_as_good, repeats)
    assert found == pytest.approx(power.not_worse, abs=0.06)
    alike = share(lambda rng: one_of_three(rng, n, 0.0).verdict == "equivalent", repeats)
    assert alike >= power.equivalent - 0.05


def test_the_detectable_difference_is_found_in_80_percent():
    n = 12
    truth = Power(SD, n, CONTRASTS, REGION).detectable()
    found = share(lambda rng: one_of_three(rng, n, truth).difference.low > 0, 800)
    assert found == pytest.approx(0.8, abs=0.05)


def test_as_many_pairs_as_are_needed_and_not_one_more():
    n = pairs_needed(SD, REGION, CONTRASTS)
    assert n is not None
    assert Power(SD, n, CONTRASTS, REGION).not_worse >= 0.8
    assert Power(SD, n - 1, CONTRASTS, REGION).not_worse < 0.8
    assert pairs_needed(0.57, 0.5, 1) == 13
    assert pairs_needed(100.0, 0.1, 1) is None


def test_too_few_pairs_for_the_family_find_nothing():
    assert Power(SD, 8, 7, REGION).finds(50) == 0
    assert Power(SD, 8, 7, REGION).detectable() == math.inf
    assert Power(SD, 1, 1, REGION).not_worse == 0


def test_more_contrasts_and_more_spread_cost_power():
    plain = Power(SD, 12, 3, REGION)
    assert Power(SD, 12, 6, REGION).detectable() > plain.detectable()
    assert Power(2 * SD, 12, 3, REGION).detectable() == pytest.approx(2 * plain.detectable())


def test_the_search_for_pairs_ends_at_a_thousand():
    largest = 0.5 / Power(1.0, 1_000, 1, 0.5).detectable()  # the SD for which 1,000 pairs suffice
    assert pairs_needed(0.9999 * largest, 0.5, 1) == 1_000
    assert pairs_needed(1.0001 * largest, 0.5, 1) is None


def test_no_difference_is_detectable_with_too_few_pairs_and_a_huge_one_with_enough():
    assert Power(1.0, 3, 6, 0.5).detectable() == math.inf
    assert Power(1.0, 12, 6, 0.5).detectable() < 100


@pytest.mark.parametrize(
    ("sd", "region"), [(0.0, 0.5), (-1.0, 0.5), (math.nan, 0.5), (math.inf, 0.5), (1.0, -0.5)]
)
def test_no_power_without_a_spread_or_a_region(sd: float, region: float):
    with pytest.raises(ValueError, match="expected sd above 0, region at least 0"):
        Power(sd, 20, 6, region)
    with pytest.raises(ValueError, match="expected sd above 0, region at least 0"):
        pairs_needed(sd, region, 6)
