"""Metrics against values computed by hand, and properties that hold for all inputs."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.special import softmax

from training.metrics import classification

WORDS = ("cat", "dog", "sun")
SCORES = np.array([[3.0, 1, 0], [0, 2, 1], [5, 4, 0], [0, 1, 9]])
LABELS = np.array([0, 1, 1, 0])  # guessed: cat, dog, cat, sun
Floats = NDArray[np.float64]

unit = some.floats(0, 1)
logits = arrays(np.float64, (6, 3), elements=some.floats(-20, 20))
labels = arrays(np.int64, 6, elements=some.integers(0, 2))


def test_accuracy():
    assert classification.accuracy(SCORES, LABELS) == 0.5
    assert math.isnan(classification.accuracy(SCORES[:0], LABELS[:0]))


def test_by_word_has_only_words_with_drawings():
    assert classification.by_word(SCORES, LABELS, WORDS) == {"cat": 0.5, "dog": 0.5}
    assert classification.by_word_share(np.array([True, False]), np.array([2, 2]), WORDS) == {
        "sun": 0.5
    }


def test_macro_counts_words_alike():
    assert classification.macro({"cat": 1.0, "dog": 0.5}) == 0.75
    assert math.isnan(classification.macro({}))


def test_confusion_has_true_words_in_rows():
    assert classification.confusion(SCORES, LABELS) == [[1, 0, 1], [1, 1, 0], [0, 0, 0]]


def test_precision_and_recall_are_means_over_words():
    precision, recall = classification.precision_recall([[1, 0, 1], [1, 1, 0], [0, 0, 0]])
    assert precision == pytest.approx((1 / 2 + 1 + 0) / 3)
    assert recall == pytest.approx((1 / 2 + 1 / 2 + 0) / 3)


@given(logits, labels)
def test_confusion_counts_each_drawing_and_its_diagonal_is_accuracy(
    scores: Floats, labels: NDArray[np.int64]
):
    table = np.array(classification.confusion(scores, labels))
    np.testing.assert_array_equal(table.sum(1), np.bincount(labels, minlength=3))
    assert table.trace() / 6 == pytest.approx(classification.accuracy(scores, labels))


def test_log_loss_in_nats():
    logits = np.log(np.array([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]]))
    expected = -(math.log(0.25) + math.log(0.8)) / 2
    assert classification.log_loss(logits, np.array([1, 1])) == pytest.approx(expected)
    assert classification.log_loss(2 * logits, np.array([1, 1]), 2.0) == pytest.approx(expected)


def test_calibration_error_of_two_bins():
    probabilities = np.array([[0.6, 0.4], [0.7, 0.3], [0.1, 0.9], [0.05, 0.95]])
    labels = np.array([0, 1, 1, 1])  # right, wrong; right, right
    expected = (2 * abs(0.65 - 0.5) + 2 * abs(0.925 - 1)) / 4
    assert classification.calibration_error(probabilities, labels, 2) == pytest.approx(expected)


@given(logits, labels)
def test_calibration_error_is_a_share(scores: Floats, labels: NDArray[np.int64]):
    assert 0 <= classification.calibration_error(softmax(scores, axis=1), labels) <= 1


@pytest.mark.parametrize("planted", [0.3, 1.0, 2.5])
def test_the_temperature_of_a_planted_distribution_is_found(planted: float):
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (20_000, 4))
    cumulative = softmax(logits, axis=1).cumsum(1)
    labels = (rng.random((20_000, 1)) < cumulative).argmax(1)
    assert classification.fit_temperature(logits * planted, labels) == pytest.approx(
        planted, rel=0.05
    )


@given(logits, labels)
def test_no_temperature_is_better_than_the_fitted_one(scores: Floats, labels: NDArray[np.int64]):
    fitted = classification.fit_temperature(scores, labels)
    assert 0.05 <= fitted <= 20
    least = classification.log_loss(scores, labels, fitted)
    assert all(
        least <= classification.log_loss(scores, labels, t) + 1e-3 for t in (0.06, 0.5, 1, 19)
    )


def test_a_win_is_top_1_on_two_successive_frames():
    frames = np.array(
        [
            [[0.7, 0.3], [0.6, 0.4], [0.9, 0.1]],  # the first word holds .6 and .6
            [[0.9, 0.1], [0.2, 0.8], [0.9, 0.1]],  # neither holds two frames
            [[0.1, 0.9], [0.3, 0.7], [0.8, 0.2]],  # the second word, then lost
        ]
    )
    np.testing.assert_allclose(classification.win_scores(frames), [[0.6, -1], [-1, -1], [-1, 0.7]])


def test_the_best_pair_of_frames_counts_and_they_must_be_neighbours():
    frames = np.array([[[0.6, 0.4], [0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.95, 0.05]]])
    np.testing.assert_allclose(classification.win_scores(frames), [[0.8, -1]])


@given(arrays(np.float64, (2, 5, 3), elements=unit), unit)
def test_win_scores_are_the_thresholds_up_to_which_a_game_is_won(frames: Floats, at: float):
    scores = classification.win_scores(frames)
    for n in range(2):
        for word in range(3):
            held = [frame.argmax() == word and frame[word] >= at for frame in frames[n]]
            wins = any(a and b for a, b in pairwise(held))
            assert (scores[n, word] >= at) == wins


def test_the_threshold_is_the_least_that_surely_keeps_false_wins_rare():
    false = np.array([[-1.0]] * 990 + [[0.305]] * 5 + [[0.8055]] * 5)
    assert classification.pick_threshold(false, 0.0153) == 0  # ten of a thousand, at most 15.2
    assert classification.pick_threshold(false, 0.0151) == 0.306
    assert classification.pick_threshold(false, 0.005) == 0.806
    assert classification.pick_threshold(np.array([[1.0]]), 0.5) == 1.0


def test_pairs_of_one_drawing_count_together_and_missing_ones_not_at_all():
    apart = np.array([[0.9, 0.1], [0.1, 0.9]] * 5 + [[0.1, 0.1]] * 90)
    together = np.array([[0.9, 0.9]] * 5 + [[0.1, 0.1]] * 95)
    assert classification.upper_share(together, 0.5) > classification.upper_share(apart, 0.5) > 0.05
    assert classification.upper_share(np.array([[0.9, np.nan]] * 3), 0.5) == 1


def test_the_bound_holds_as_often_as_it_should():
    random = np.random.default_rng(1)
    held = [
        classification.upper_share(np.where(random.random((2_000, 1)) < 0.02, 1.0, 0.0), 0.5)
        >= 0.02
        for _ in range(500)
    ]
    assert 0.91 < np.mean(held) < 0.98


@given(some.lists(unit, min_size=1, max_size=30), unit)
def test_the_threshold_allows_no_more_and_one_step_less_would(scores: list[Any], allowed: float):
    false = np.array(scores)[:, None]
    at = classification.pick_threshold(false, allowed)
    if at < 1:
        assert classification.upper_share(false, at + 1e-9) <= allowed
    if at > 0:
        assert classification.upper_share(false, at - 0.001 - 1e-9) > allowed


def test_reliability_holds_confidence_accuracy_and_count_of_each_bin():
    probabilities = np.array([[0.6, 0.4], [0.7, 0.3], [0.2, 0.8], [0.1, 0.9]])
    labels = np.array([1, 0, 1, 1])
    bins = classification.reliability(probabilities, labels, 2)
    assert [n for *_, n in bins] == [2, 2]
    np.testing.assert_allclose([row[:2] for row in bins], [(0.65, 0.5), (0.85, 1.0)])
