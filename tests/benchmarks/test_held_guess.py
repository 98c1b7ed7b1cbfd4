"""Whether a held first guess may win: the measure, on probabilities made by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.held_guess import Watched, measure

BARS = np.array([0.9, 0.9])


def watched(*first: float) -> Watched:
    """A drawing judged every 100 ms, with probabilities of the first of two words."""
    shares = np.array(first, np.float32)
    return Watched(100 * np.arange(1.0, len(first) + 1), np.stack([shares, 1 - shares], 1))


def test_a_word_must_stay_the_first_guess_at_its_bar():
    flickering = watched(0.95, 0.2, 0.95, 0.95, 0.5)
    assert flickering.holds(BARS, 100).tolist() == [True, False]
    assert flickering.holds(BARS, 200).tolist() == [False, False]


def test_the_finished_drawing_stays_until_the_bell():
    assert watched(0.2, 0.95).holds(BARS, 19_800).tolist() == [True, False]
    assert watched(0.2, 0.95).holds(BARS, 19_801).tolist() == [False, False]


def pairs(*rows: tuple[bool, bool]) -> NDArray[np.bool_]:
    return np.array(rows)


def test_a_rule_is_allowed_by_its_false_wins():
    drawings = [watched(0.95, 0.95)] * 99 + [watched(0.6, 0.6)]
    own, wrong = pairs(*[(True, False)] * 100), pairs(*[(False, True)] * 100)
    found = measure(drawings, own, wrong, BARS)
    assert found["without"] == {"false": 0.0, "false_bound": 0.0, "true": 0.99}
    assert found["steps"][0] == {"p": 0.2, "seconds": 1.0, **found["without"], "true": 1.0}
    assert found["allowed"] == found["steps"]


@pytest.mark.parametrize(
    ("wrong_ones", "allowed"), [(0, [0.2, 0.25, 0.3, 0.35, 0.5, 0.8]), (40, [0.8])]
)
def test_a_rule_that_wins_wrong_words_is_not(wrong_ones: int, allowed: list[float]):
    drawings = [watched(0.95, 0.95)] * 60 + [watched(0.6, 0.6)] * 40
    right = 100 - wrong_ones
    own = pairs(*[(True, False)] * right, *[(False, False)] * wrong_ones)
    wrong = pairs(*[(False, True)] * right, *[(True, True)] * wrong_ones)
    found = measure(drawings, own, wrong, BARS)
    assert sorted({step["p"] for step in found["allowed"]}) == allowed
    assert found["without"]["false"] == 0
