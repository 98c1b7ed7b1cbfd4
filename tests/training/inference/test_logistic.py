"""Logistic regression against scikit-learn, and on numerically difficult features."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from torch import Tensor

from training.inference.logistic import solve


def clouds(classes: int = 3, each: int = 40, size: int = 6) -> tuple[Tensor, Tensor]:
    """Overlapping clouds of points of very different scales."""
    torch.manual_seed(0)
    labels = torch.arange(classes).repeat_interleave(each)
    middles = torch.randn(classes, size)
    points = middles[labels] + torch.randn(len(labels), size)
    return points * torch.logspace(-3, 2, size) + 5, labels


@pytest.mark.parametrize("penalty", [1e-3, 1e-1])
def test_it_is_the_optimum_that_scikit_learn_finds(penalty: float):
    points, labels = clouds()
    weight, bias = solve(points, labels, 3, penalty)
    rows = StandardScaler().fit_transform(points.double().numpy())
    theirs = LogisticRegression(C=1 / (penalty * len(labels)), tol=1e-8, max_iter=10_000)
    expected = theirs.fit(rows, labels.numpy()).predict_proba(rows)
    found = (points @ weight.T + bias).softmax(1).numpy()
    np.testing.assert_allclose(found, expected, atol=5e-3)


def test_features_that_never_change_and_words_without_drawings_do_no_harm():
    points, labels = clouds()
    points[:, 2] = 1e4
    weight, bias = solve(points, labels, 4, 1e-2)
    assert weight.isfinite().all()
    assert not weight[:, 2].any()
    logits = points @ weight.T + bias
    assert (logits.argmax(1) == labels).double().mean() > 0.7
    assert (logits.argmax(1) != 3).all()


def test_a_stronger_penalty_makes_it_less_sure():
    points, labels = clouds()
    sure = []
    for penalty in (1e-3, 1e-1, 10.0):
        weight, bias = solve(points, labels, 3, penalty)
        sure.append(float((points @ weight.T + bias).softmax(1).amax(1).mean()))
    assert sure == sorted(sure, reverse=True)
    assert sure[-1] < 0.4


def test_tiny_features_tell_as_much_as_large_ones():
    points, labels = clouds()
    large, small = ((solve(f, labels, 3, 1e-2), f) for f in (points, points * 1e-9))
    (weight, bias), (tiny_weight, tiny_bias) = large[0], small[0]
    answers = (
        (large[1] @ weight.T + bias).argmax(1),
        (small[1] @ tiny_weight.T + tiny_bias).argmax(1),
    )
    assert (answers[0] == answers[1]).double().mean() > 0.98


@pytest.mark.parametrize("size", [1e-15, 1e15])
def test_the_size_of_features_does_not_matter(size: float):
    points, labels = clouds()
    plain, given = ((points * k, solve(points * k, labels, 3, 1e-2)) for k in (1.0, size))
    expected, found = (p @ weight.T + bias for p, (weight, bias) in (plain, given))
    torch.testing.assert_close(found, expected, atol=1e-2, rtol=1e-2)
