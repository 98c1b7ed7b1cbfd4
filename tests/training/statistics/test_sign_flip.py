"""The sign-flip test and its interval, against plain enumeration and on generated samples."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.training.statistics.samples import Draw, normal, share, uneven
from training.statistics import sign_flip
from training.statistics.sign_flip import SignFlip, least_p, skewed


def flips(values: list[float] | NDArray[np.float64]) -> SignFlip:
    return SignFlip(np.asarray(values, float))


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=7), st.integers(-3, 3))
def test_sign_flips_are_all_counted(differences: list[int], value: int):
    away = [d - value for d in differences]
    sums = [
        sum(s * d for s, d in zip(signs, away, strict=True))
        for signs in product((1, -1), repeat=len(away))
    ]
    found = flips([float(d) for d in differences])
    assert found.p_above(value) == pytest.approx(np.mean([s >= sum(away) for s in sums]))
    assert found.p_below(value) == pytest.approx(np.mean([s <= sum(away) for s in sums]))


@given(
    st.lists(st.floats(-10, 10), min_size=1, max_size=9),
    st.floats(-11, 11),
    st.sampled_from([0.002, 0.025, 0.1, 0.25]),
)
def test_the_interval_excludes_exactly_what_the_test_rejects(
    differences: list[float], value: float, level: float
):
    found = flips(differences)
    low, high = found.limits(level)
    assert (value < low) == (found.p_above(value) <= level + 1e-12)
    assert (value > high) == (found.p_below(value) <= level + 1e-12)


@pytest.mark.parametrize("n", [1, 5, 8])
def test_the_least_p_is_reached_when_all_agree(n: int):
    found = flips([1.0 + k / 10 for k in range(n)])
    assert found.p_above(0) == found.least == least_p(n) == 2.0**-n


def test_too_few_pairs_for_a_level_have_no_limits():
    assert flips([1.0, 1.1, 1.2]).limits(0.025) == (-math.inf, math.inf)


def test_many_pairs_are_sampled_and_agree_with_enumeration(monkeypatch: pytest.MonkeyPatch):
    differences = np.random.default_rng(1).normal(0.4, 1, 14)
    exact = flips(differences)
    expected = exact.p_above(0), exact.limits(0.01)
    monkeypatch.setattr(sign_flip, "EXACT_UP_TO", 10)
    sign_flip._subsets.cache_clear()
    sampled, again = flips(differences), flips(differences)
    assert sampled.patterns != exact.patterns
    assert sampled.p_above(0) == pytest.approx(expected[0], abs=0.002)
    assert sampled.limits(0.01) == pytest.approx(expected[1], abs=0.05)
    assert again.limits(0.01) == sampled.limits(0.01)  # the seed is stated
    assert flips(np.full(40, 1.0)).p_above(0) == pytest.approx(1 / 40_001, rel=0.01)
    sign_flip._subsets.cache_clear()


@pytest.mark.parametrize("n", [8, 11])
def test_p_is_uniform_under_the_null(n: int):
    rng = np.random.default_rng(3)
    p = np.array([flips(uneven(rng, n)).p() for _ in range(1000)])
    for level in (0.05, 0.25, 0.5, 0.75):
        assert abs((p <= level).mean() - level) < 0.045  # 1,000 repeats scatter by 0.016


@pytest.mark.parametrize("draw", [normal, uneven])
@pytest.mark.parametrize(("n", "repeats"), [(8, 1500), (16, 1000)])
@pytest.mark.usefixtures("few_subsets")
def test_intervals_cover_what_they_promise(draw: Draw, n: int, repeats: int):
    def covers(rng: np.random.Generator) -> bool:
        low, high = flips(1 + draw(rng, n)).limits(0.025)
        return low <= 1 <= high

    assert share(covers, repeats) >= 0.95 - 0.014  # two standard errors of 1,000 repeats


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_what_is_no_number_is_refused(bad: float):
    with pytest.raises(ValueError, match="finite"):
        flips([1.0, bad])
    with pytest.raises(ValueError, match="at least one"):
        flips([])


def test_a_run_that_collapsed_makes_differences_skewed():
    rng = np.random.default_rng(2)
    plain = rng.normal(0, 1, 16)
    assert not skewed(plain)
    plain[3] = -30
    assert skewed(plain)
    assert not skewed(np.ones(16))


def test_seven_differences_are_too_few_to_be_called_skewed_and_eight_are_not():
    far = np.array([0.1, -0.1, 0.05, 0.0, -0.05, 0.02, 30.0])
    assert not skewed(far)
    assert skewed(np.append(far, -0.02))
