"""Whether a held first guess may win: the measure, on probabilities made by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.held_guess import STEPS, measure, scores_of

WORDS = ("one", "two")
THRESHOLD = 0.99
END, ANY = slice(-1, None), slice(None)


def frames(*rows: list[float]) -> NDArray[np.float32]:
    """Probabilities of the first of two words in the frames of each drawing."""
    first = np.array(rows, np.float32)
    return np.stack([first, 1 - first], 2)


def test_an_ordinary_win_needs_two_frames_and_a_held_one_the_last():
    scores = scores_of(frames([0.2, 0.95, 0.9]), END)
    np.testing.assert_allclose(scores.ordinary[0], [0.9, -1.0], rtol=1e-6)
    np.testing.assert_allclose(scores.held[0], [0.9, -1.0], rtol=1e-6)
    np.testing.assert_allclose(scores_of(frames([0.2, 0.95, 0.9]), ANY).held[0], [0.95, 0.8])


def found(others: NDArray[np.float32], moments: slice):
    own = np.repeat(frames([0.6, 0.9, 0.9], [0.999, 0.999, 0.999]), 5, axis=0)
    kinds = np.zeros((len(others), 2), bool)
    labels = np.zeros(len(own), np.int64)
    return measure(own, labels, others, kinds, WORDS, THRESHOLD, moments)


def test_a_rule_that_wins_no_wrong_word_is_allowed_from_the_lowest_step():
    result = found(frames([0.5, 0.5, 0.5]), END)
    assert result["without"]["true"] == 0.5
    assert result["allowed"] == 0.55
    assert [step["p2"] for step in result["steps"]] == [p for p in STEPS if p < THRESHOLD]
    assert result["steps"][0]["true"] == 1.0


@pytest.mark.parametrize(("moments", "allowed"), [(END, 0.55), (ANY, None)])
def test_a_sure_moment_on_the_way_counts_only_where_one_may_rest_there(
    moments: slice, allowed: float | None
):
    result = found(np.repeat(frames([0.5, 0.988, 0.5]), 50, axis=0), moments)
    assert result["allowed"] == allowed
    assert result["without"]["false"] == 0
