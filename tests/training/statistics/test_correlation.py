"""Rank correlations: known values, and a p that is small as often as it should be."""

import math

import numpy as np
import pytest

from tests.training.statistics.samples import normal
from training.statistics import correlation as module
from training.statistics.correlation import rank_correlation, spearman


def test_spearman_sees_ranks_only():
    x = [1.0, 2.0, 3.0, 4.0]
    assert spearman(x, [1.0, 10.0, 100.0, 1e6]) == pytest.approx(1)
    assert spearman(x, [4.0, 3.0, 1.0, 2.0]) == pytest.approx(-0.8)
    assert spearman([1.0, 1.0, 2.0], [1.0, 2.0, 3.0]) == pytest.approx(3**0.5 / 2)
    assert math.isnan(spearman(x, [5.0] * 4))
    assert math.isnan(spearman([1.0, 2.0], [1.0, 2.0]))


def test_a_rank_correlation_is_tested_over_all_orders():
    found = rank_correlation([1.0, 2.0, 3.0, 4.0], [10.0, 20.0, 30.0, 40.0])
    assert found is not None
    assert (found.n, found.rho) == (4, pytest.approx(1))
    assert found.p == found.least == pytest.approx(2 / 24)  # this order and its reverse
    assert rank_correlation([1.0, 2.0], [1.0, 2.0]) is None


@pytest.mark.parametrize("n", [6, 12])
def test_p_of_a_rank_correlation_is_uniform_under_the_null(n: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "ORDERS", 2000)
    rng = np.random.default_rng(6)
    found = [rank_correlation(normal(rng, n), normal(rng, n)) for _ in range(400)]
    p = np.array([each.p for each in found if each is not None])
    assert len(p) == 400
    for level in (0.05, 0.25, 0.5):
        assert (p <= level).mean() <= level + 0.06  # 400 repeats scatter by 0.025
        assert (p <= level).mean() >= level - 0.1  # the exact test is a little too careful


def test_a_strong_rank_correlation_of_many_pairs_is_found():
    rng = np.random.default_rng(8)
    x = rng.normal(0, 1, 20)
    found = rank_correlation(x, x + rng.normal(0, 0.3, 20))
    assert found is not None
    assert found.p < 0.001
