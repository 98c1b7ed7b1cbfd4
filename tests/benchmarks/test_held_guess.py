"""How long a first guess has to hold: the measure, on probabilities made by hand."""

from math import nan as NaN
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.held_guess import HOLDS, LOWEST, Watched, measure
from game.rules.attempt import VERDICT_GAP

THRESHOLDS = np.array([0.9, 0.9])


def watched(*first: float) -> Watched:
    """A drawing judged every 100 ms, with probabilities of the first of two words."""
    shares = np.array(first, np.float32)
    return Watched(100 * np.arange(1.0, len(first) + 1), np.stack([shares, 1 - shares], 1))


def test_a_word_must_stay_the_first_guess_at_its_threshold():
    flickering = watched(0.95, 0.2, 0.95, 0.95, 0.5)
    assert same(flickering.won(THRESHOLDS, 100), [400, NaN])
    assert same(flickering.won(THRESHOLDS, 200), [NaN, NaN])


def test_the_finished_drawing_stays_until_the_bell():
    assert same(watched(0.2, 0.95).won(THRESHOLDS, 1_500), [1_700, NaN])
    assert same(watched(0.2, 0.95).won(THRESHOLDS, 19_800), [20_000, NaN])
    assert same(watched(0.2, 0.95).won(THRESHOLDS, 19_801), [NaN, NaN])


def same(found: NDArray[np.float64], expected: list[float]) -> bool:
    return np.array_equal(found, expected, equal_nan=True)


def pairs(*rows: tuple[bool, bool]) -> NDArray[np.bool_]:
    return np.array(rows)


def test_wins_of_own_and_of_wrong_words_are_counted():
    """Of ten drawings of the first word, five look like the second one for a moment."""
    drawings = [watched(0.95, 0.95)] * 5 + [watched(0.05, 0.05, 0.95, 0.95)] * 5
    own, wrong = pairs(*[(True, False)] * 10), pairs(*[(False, True)] * 10)
    found = measure(drawings, own, wrong, THRESHOLDS)
    assert [rule["hold_ms"] for rule in found["rules"]] == list(HOLDS)
    first, *later = found["rules"]
    assert 0.5 < first.pop("false_bound") < 0.9
    assert first == {"hold_ms": 100, "lowest": 0.0, "false": 0.5, "true": 1.0, "seconds": 0.3}
    assert {rule["false"] for rule in later} == {0.0}
    assert found["game"] == {
        "hold_ms": VERDICT_GAP,
        **{k: v for k, v in rule_of(found, VERDICT_GAP).items() if k not in ("hold_ms", "lowest")},
    }


def rule_of(found: dict[str, Any], hold: float) -> dict[str, Any]:
    [rule] = [rule for rule in found["rules"] if rule["hold_ms"] == hold]
    return rule


def test_a_higher_lowest_threshold_wins_less():
    drawings = [watched(0.6, 0.6), watched(0.95, 0.95), watched(0.95, 0.95)]
    own, wrong = pairs(*[(True, False)] * 3), pairs(*[(False, True)] * 3)
    found = measure(drawings, own, wrong, np.array([0.1, 0.1]))["rules"]
    assert {rule["lowest"] for rule in found} == set(LOWEST)
    assert {rule["true"] for rule in found} == {1.0}
    strict = measure(drawings, own, wrong, THRESHOLDS)["rules"]
    assert [rule["true"] for rule in strict] == pytest.approx([2 / 3] * len(strict), abs=1e-3)
