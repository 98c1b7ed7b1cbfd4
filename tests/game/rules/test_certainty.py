"""The scale of certainty, on which bar, voice and win agree."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.rules.certainty import CLOSE, DOUBTFUL, FLAG, HOT, certainty, close, voice
from models import shelf

thresholds = st.floats(0.3, 0.999)
probabilities = st.floats(0, 1)


@given(thresholds)
def test_the_scale_runs_from_nothing_over_the_flag_to_the_end(threshold: float):
    assert certainty(0, threshold) == 0
    assert certainty(threshold, threshold) == pytest.approx(FLAG)
    assert certainty(1, threshold) == pytest.approx(1)
    assert 0 < DOUBTFUL < HOT < CLOSE < FLAG < 1


@given(thresholds, probabilities, probabilities)
def test_more_probable_is_more_certain(threshold: float, one: float, other: float):
    low, high = sorted((one, other))
    assert certainty(low, threshold) <= certainty(high, threshold) + 1e-9


@given(thresholds, probabilities)
def test_the_voice_is_certain_where_a_win_is_and_nowhere_else(threshold: float, p: float):
    assert (voice(p, threshold) == "certain") == (certainty(p, threshold) >= FLAG)
    if abs(p - threshold) > 1e-9:
        assert (voice(p, threshold) == "certain") == (p >= threshold)
    assert not (close(p, threshold) and voice(p, threshold) == "certain")


def test_with_the_published_threshold_the_last_steps_can_be_seen():
    threshold = shelf.read_card(shelf.DEFAULT).threshold
    steps = [certainty(p, threshold) for p in (0.5, 0.7, 0.85, 0.9, 0.95, 0.98)]
    assert all(later - earlier > 0.05 for earlier, later in pairwise(steps))
    assert FLAG - certainty(0.85, threshold) > 0.25
    assert [close(p, threshold) for p in (0.7, 0.9, 0.98, threshold)] == [False, True, True, False]
