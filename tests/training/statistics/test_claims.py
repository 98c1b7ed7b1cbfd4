"""Claims about contrasts: simulations count how often any claim of a family is false."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.statistics.samples import normal, share
from training.statistics.claims import Comparison, compare, group_means, probability_of_beating
from training.statistics.intervals import Interval

REGION = 0.5


def family(rng: np.random.Generator, truths: list[float], n: int, sd: float) -> list[Comparison]:
    """Contrasts of arms with one control, with given true differences.

    They are correlated, like those of a suite."""
    control = rng.normal(0, sd / math.sqrt(2), n)
    arms = [rng.normal(truth, sd / math.sqrt(2), n) for truth in truths]
    return compare([(90 + arm, 90 + control) for arm in arms], REGION)


@pytest.mark.parametrize("n", [9, 16])
@pytest.mark.usefixtures("few_subsets")
def test_hardly_ever_is_any_arm_called_better_or_worse_that_is_not(n: int):
    def any_false(rng: np.random.Generator) -> bool:
        return any(
            c.difference.low > 0 or c.difference.high < 0 for c in family(rng, [0.0] * 5, n, 0.6)
        )

    assert share(any_false, 1000) <= 0.05 + 0.014


@pytest.mark.parametrize("n", [9, 16])
@pytest.mark.usefixtures("few_subsets")
def test_hardly_ever_is_any_arm_called_not_worse_that_is(n: int):
    """The arms are worse by exactly the region, where this error is most likely."""

    def any_false(rng: np.random.Generator) -> bool:
        return any(c.at_least_as_good for c in family(rng, [-REGION] * 5, n, 0.6))

    assert share(any_false, 1000) <= 0.05 + 0.014


def test_both_kinds_of_claim_are_one_family():
    """Some arms are at 0, where "better" and "worse" are false, others at either boundary."""
    truths = [0.0, 0.0, -REGION, -REGION, REGION, REGION]

    def any_false(rng: np.random.Generator) -> bool:
        found = family(rng, truths, 10, 0.6)
        return any(
            (truth <= 0 and c.difference.low > 0)
            or (truth >= 0 and c.difference.high < 0)
            or (truth <= -REGION and c.at_least_as_good)
            or (truth >= REGION and c.at_most_as_good)
            for c, truth in zip(found, truths, strict=True)
        )

    assert share(any_false, 1000) <= 0.05 + 0.014


def test_intervals_of_a_family_hold_together():
    truths = [0.0, 0.3, -0.7, 2.0]

    def all_hold(rng: np.random.Generator) -> bool:
        found = family(rng, truths, 10, 0.6)
        return all(c.difference.covers(t) for c, t in zip(found, truths, strict=True))

    assert share(all_hold, 1000) >= 0.95 - 0.014


@given(st.lists(st.floats(-3, 3), min_size=6, max_size=10), st.integers(1, 6))
def test_interval_and_p_never_disagree(differences: list[float], declared: int):
    zeros = [0.0] * len(differences)
    [found] = compare([(differences, zeros)], REGION, declared)
    decided = found.difference.low > 0 or found.difference.high < 0
    assert decided == (found.adjusted <= 0.05 + 1e-12)


def test_the_very_same_runs_are_equivalent():
    runs = [90.0, 91.0, 92.5, 90.5, 91.0, 90.0]
    [found] = compare([(runs, runs)], region=0.2)
    assert (found.verdict, found.p, found.beats) == ("equivalent", 1.0, pytest.approx(0.5))


def test_few_pairs_decide_nothing_however_alike():
    [found] = compare([([90.0] * 5, [90.0] * 5)], region=0.2)
    assert (found.verdict, found.at_least_as_good) == ("undecided", False)


def test_contrasts_that_are_not_done_yet_count_in_the_family():
    a, b = [1.0 + k / 100 for k in range(8)], [0.0] * 8
    assert compare([(a, b)], 0.2, declared=6)[0].verdict == "better"
    assert compare([(a, b)], 0.2, declared=7)[0].verdict == "undecided"  # 2 · 7 / 2 ** 8 > .05


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.8, 1.2, "better"),
        (-1.2, -0.8, "worse"),
        (-0.1, 0.1, "equivalent"),
        (0.1, 0.3, "equivalent"),  # surely better, by less than matters
        (0.1, 1.9, "better"),
        (-0.3, 1.9, "not worse"),
        (-1.9, 0.3, "not better"),
        (-1.9, 1.9, "undecided"),
    ],
)
def test_the_strongest_claim_is_the_verdict(low: float, high: float, verdict: str):
    middle, half = (low + high) / 2, (high - low) / 2
    differences = middle + half * np.array([-1.0, 1.0, -1.0, 1.0, -1.0, 1.0])
    [found] = compare([(differences, np.zeros(6))], REGION)
    assert found.difference.low == pytest.approx(low)
    assert found.difference.high == pytest.approx(high)
    assert found.verdict == verdict


def test_pairs_must_be_pairs_of_numbers():
    with pytest.raises(ValueError, match="same number of values on both sides"):
        compare([([1.0, 2.0], [1.0])], region=0.2)
    with pytest.raises(ValueError, match="finite"):
        compare([([1.0, math.nan], [1.0, 2.0])], region=0.2)


def test_runs_from_one_checkpoint_are_one_pair():
    assert group_means(np.array([1.0, 2.0, 5.0, 7.0]), ["b", "a", "b", "a"]).tolist() == [3.0, 4.5]
    a, b = np.arange(12.0) + 50, np.zeros(12)
    [found] = compare([(a, b)], REGION, groups=[[k // 4 for k in range(12)]])
    assert (found.n, found.difference.mean, found.verdict) == (3, 55.5, "undecided")


def test_pairs_that_share_a_checkpoint_are_not_taken_for_independent():
    """Checkpoints differ much more than seeds do, but neither kind of start is better."""

    def false(rng: np.random.Generator, grouped: bool) -> bool:
        starts = np.repeat(normal(rng, 8), 3)
        a, b = starts + 0.2 * normal(rng, 24), 0.2 * normal(rng, 24)
        groups = [k // 3 for k in range(24)] if grouped else None
        [found] = compare([(a, b)], REGION, groups=[groups])
        return found.adjusted <= 0.05

    assert share(lambda rng: false(rng, True), 300) <= 0.05 + 0.025
    assert share(lambda rng: false(rng, False), 60) > 0.15


def test_probability_of_beating():
    assert probability_of_beating([3.0, 4.0], [1.0, 2.0]) == 1
    assert probability_of_beating([1.0, 2.0], [1.0, 2.0]) == 0.5
    assert probability_of_beating([2.0], [1.0, 2.0, 3.0, 3.0]) == 0.375


def test_an_interval_that_just_reaches_the_region_claims_nothing():
    def verdict(low: float, high: float) -> str:
        middle = (low + high) / 2
        return Comparison(9, Interval(middle, low, high), 0.95, 0.5, 0.5, 0.5, 0.5, middle).verdict

    assert verdict(-0.5, 0.9) == "undecided"
    assert verdict(-0.9, 0.5) == "undecided"
    assert verdict(-0.49, 0.9) == "not worse"
    assert verdict(-0.9, 0.49) == "not better"


@pytest.mark.parametrize("region", [-0.5, math.nan])
def test_a_region_below_nothing_is_refused(region: float):
    """Else equal arms would be found neither equivalent nor different."""
    with pytest.raises(ValueError, match="expected at least 0"):
        compare([([1.0, 2.0], [1.0, 2.0])], region)
