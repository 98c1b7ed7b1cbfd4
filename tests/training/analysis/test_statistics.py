"""Statistics proved on made samples whose truth is known."""

import math
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from training.analysis import statistics
from training.analysis.statistics import Interval

Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]


def normal(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    return rng.normal(0, 1, n)


def uneven(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Mean 0, two sizes of spread, as differences of accuracies have on easy and hard seeds."""
    return rng.normal(0, 1, n) * rng.choice([0.5, 2.0], n)


def skewed(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Mean 0, with now and then a run that went far better."""
    return rng.exponential(1, n) - 1


def share(hits: Callable[[np.random.Generator], bool], repeats: int) -> float:
    rng = np.random.default_rng(7)
    return sum(hits(rng) for _ in range(repeats)) / repeats


@pytest.mark.parametrize("draw", [normal, uneven, skewed])
@pytest.mark.parametrize("n", [8, 20])
def test_bootstrap_intervals_cover(draw: Draw, n: int):
    covered = share(lambda rng: statistics.bootstrap_interval(draw(rng, n)).covers(0), 400)
    assert covered >= 0.9  # 400 repeats scatter by 0.011
    assert draw is skewed or covered >= 0.925


@pytest.mark.parametrize("n", [2, 3, 8])
def test_intervals_of_a_mean_cover(n: int):
    covered = share(lambda rng: statistics.mean_interval(3 + normal(rng, n)).covers(3), 1000)
    assert 0.925 <= covered <= 0.975  # 1,000 repeats scatter by 0.007


def test_one_value_says_nothing_about_spread():
    assert statistics.mean_interval([2.0]) == Interval(2.0, -math.inf, math.inf)
    assert statistics.bootstrap_interval([2.0]) == Interval(2.0, -math.inf, math.inf)


def test_no_values_have_no_mean():
    with pytest.raises(ValueError, match="at least one value"):
        statistics.mean_interval([])


@pytest.mark.parametrize("n", [8, 11])
def test_p_is_uniform_under_the_null(n: int):
    rng = np.random.default_rng(3)
    p = np.array([statistics.sign_flip_test(uneven(rng, n)) for _ in range(1000)])
    for level in (0.05, 0.25, 0.5, 0.75):
        assert abs((p <= level).mean() - level) < 0.045  # 1,000 repeats scatter by 0.016


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=7))
def test_sign_flips_are_all_counted(differences: list[int]):
    sums = [
        abs(sum(s * d for s, d in zip(signs, differences, strict=True)))
        for signs in product((1, -1), repeat=len(differences))
    ]
    expected = np.mean([s >= abs(sum(differences)) for s in sums])
    assert statistics.sign_flip_test([float(d) for d in differences]) == pytest.approx(expected)


@pytest.mark.parametrize("n", [1, 5, 8])
def test_the_least_p_is_reached_when_all_agree(n: int):
    assert statistics.sign_flip_test([1.0 + k / 10 for k in range(n)]) == statistics.least_p(n)


def test_many_pairs_are_sampled_and_agree_with_enumeration(monkeypatch: pytest.MonkeyPatch):
    differences = np.random.default_rng(1).normal(0.4, 1, 14)
    exact = statistics.sign_flip_test(differences)
    monkeypatch.setattr(statistics, "EXACT_UP_TO", 10)
    sampled = statistics.sign_flip_test(differences)
    assert sampled != exact
    assert sampled == pytest.approx(exact, abs=0.006)
    assert statistics.sign_flip_test(differences) == sampled  # the seed is stated
    assert statistics.sign_flip_test(np.full(40, 1.0)) > 0


def test_holm_by_hand():
    assert statistics.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert statistics.holm([0.5, 0.9]) == [1.0, 1.0]
    assert statistics.holm([]) == []


def test_holm_controls_the_error_of_the_family():
    def any_false(rng: np.random.Generator) -> bool:
        tests = [statistics.sign_flip_test(normal(rng, 9)) for _ in range(5)]
        return min(statistics.holm(tests)) <= 0.05

    def any_unadjusted(rng: np.random.Generator) -> bool:
        return min(statistics.sign_flip_test(normal(rng, 9)) for _ in range(5)) <= 0.05

    assert share(any_false, 400) <= 0.085  # 400 repeats scatter by 0.011
    assert share(any_unadjusted, 400) > 0.13


def test_an_arm_against_itself_is_hardly_ever_called_better():
    def called(rng: np.random.Generator) -> bool:
        a, b = 90 + normal(rng, 8), 90 + normal(rng, 8)
        [found] = statistics.compare([(a, b)], region=0.0)  # the hardest: no region to hide in
        return found.verdict in ("better", "worse")

    assert share(called, 300) <= 0.05


def test_the_very_same_runs_are_equivalent():
    runs = [90.0, 91.0, 92.5, 90.5, 91.0, 90.0]
    [found] = statistics.compare([(runs, runs)], region=0.2)
    assert (found.verdict, found.p, found.beats) == ("equivalent", 1.0, pytest.approx(0.5))


def test_few_pairs_decide_nothing_however_alike():
    [found] = statistics.compare([([90.0] * 4, [90.0] * 4)], region=0.2)
    assert (found.verdict, found.at_least_as_good) == ("undecided", False)


def test_contrasts_that_are_not_done_yet_count_in_the_family():
    a, b = [1.0 + k / 100 for k in range(8)], [0.0] * 8
    assert statistics.compare([(a, b)], 0.2, declared=6)[0].verdict == "better"
    assert statistics.compare([(a, b)], 0.2, declared=7)[0].verdict == "undecided"


@pytest.mark.parametrize(("shift", "verdict"), [(1.0, "better"), (-1.0, "worse")])
def test_a_planted_difference_is_found(shift: float, verdict: str):
    def found(rng: np.random.Generator) -> bool:
        seeds = rng.normal(90, 2, 8)  # shared by both arms, far larger than the difference
        a, b = seeds + shift + rng.normal(0, 0.3, 8), seeds + rng.normal(0, 0.3, 8)
        return statistics.compare([(a, b)], region=0.2)[0].verdict == verdict

    assert share(found, 100) > 0.9


def test_close_arms_are_found_equivalent_and_noisy_ones_undecided():
    rng = np.random.default_rng(5)
    seeds = rng.normal(90, 2, 8)
    close = statistics.compare([(seeds + rng.normal(0, 0.05, 8), seeds)], region=0.2)[0]
    noisy = statistics.compare([(seeds + rng.normal(0, 2, 8), seeds)], region=0.2)[0]
    assert (close.verdict, close.at_least_as_good) == ("equivalent", True)
    assert (noisy.verdict, noisy.at_least_as_good) == ("undecided", False)


def test_holm_over_the_family_decides_the_verdict():
    a, b = [1.0 + k / 100 for k in range(8)], [0.0] * 8
    alone = statistics.compare([(a, b)], region=0.2)
    crowd = statistics.compare([(a, b)] * 7, region=0.2)  # 7 times the least p of 8 pairs is .0547
    assert alone[0].verdict == "better"
    assert {found.verdict for found in crowd} == {"undecided"}
    assert {found.at_least_as_good for found in crowd} == {True}


def test_pairs_must_be_pairs():
    with pytest.raises(ValueError, match="as many on both sides"):
        statistics.compare([([1.0, 2.0], [1.0])], region=0.2)


def test_probability_of_beating():
    assert statistics.probability_of_beating([3.0, 4.0], [1.0, 2.0]) == 1
    assert statistics.probability_of_beating([1.0, 2.0], [1.0, 2.0]) == 0.5
    assert statistics.probability_of_beating([2.0], [1.0, 2.0, 3.0, 3.0]) == 0.375


def test_spearman_sees_ranks_only():
    x = [1.0, 2.0, 3.0, 4.0]
    assert statistics.spearman(x, [1.0, 10.0, 100.0, 1e6]) == pytest.approx(1)
    assert statistics.spearman(x, [4.0, 3.0, 1.0, 2.0]) == pytest.approx(-0.8)
    assert statistics.spearman([1.0, 1.0, 2.0], [1.0, 2.0, 3.0]) == pytest.approx(3**0.5 / 2)
    assert math.isnan(statistics.spearman(x, [5.0] * 4))
    assert math.isnan(statistics.spearman([1.0, 2.0], [1.0, 2.0]))


def test_a_rank_correlation_is_tested_over_all_orders():
    found = statistics.rank_correlation([1.0, 2.0, 3.0, 4.0], [10.0, 20.0, 30.0, 40.0])
    assert found is not None
    assert (found.n, found.rho) == (4, pytest.approx(1))
    assert found.p == found.least == pytest.approx(2 / 24)  # this order and its reverse
    assert statistics.rank_correlation([1.0, 2.0], [1.0, 2.0]) is None


@pytest.mark.parametrize("n", [6, 12])
def test_p_of_a_rank_correlation_is_uniform_under_the_null(n: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(statistics, "PATTERNS", 2000)
    rng = np.random.default_rng(6)
    found = [statistics.rank_correlation(normal(rng, n), normal(rng, n)) for _ in range(400)]
    p = np.array([each.p for each in found if each is not None])
    assert len(p) == 400
    for level in (0.05, 0.25, 0.5):
        assert (p <= level).mean() <= level + 0.06  # 400 repeats scatter by 0.025
        assert (p <= level).mean() >= level - 0.1  # the exact test is a little too careful


def test_a_strong_rank_correlation_of_many_pairs_is_found():
    rng = np.random.default_rng(8)
    x = rng.normal(0, 1, 20)
    found = statistics.rank_correlation(x, x + rng.normal(0, 0.3, 20))
    assert found is not None
    assert found.p < 0.001
