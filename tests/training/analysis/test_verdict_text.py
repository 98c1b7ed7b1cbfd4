"""Numbers and verdicts in words."""

import math

import numpy as np
import pytest

from training.analysis.findings import Contrast
from training.analysis.numbers import counted, number, p_value, points, signed, span
from training.analysis.verdict_text import brief, probably, verdict
from training.statistics.claims import Comparison, compare
from training.statistics.intervals import Interval


def contrast(low: float, high: float, adjusted: float = 0.5) -> Contrast:
    mean = (low + high) / 2
    found = Comparison(9, Interval(mean, low, high), 0.95, adjusted, adjusted, 0.5, 0.5, mean)
    return Contrast(None, "a", "b", found, 0.3)


@pytest.mark.parametrize(
    ("low", "high", "sentence"),
    [
        (0.2, 1.4, "a is better than b, by 0.20 to 1.40 points (mean difference +0.80, p"),
        (-1.4, -0.2, "a is worse than b, by 0.20 to 1.40 points ("),
        (
            -0.2,
            0.3,
            "a and b are equivalent: they differ by less than 0.5 points (mean difference +0.05, −",
        ),
        (-0.2, 1.4, "a is at least as good as b, to within 0.5 points ("),
        (-1.4, 0.2, "a is at most as good as b, to within 0.5 points ("),
        (-1.4, 1.4, "whether a or b is better is not decided ("),
    ],
)
def test_every_verdict_has_its_sentence(low: float, high: float, sentence: str):
    assert verdict(contrast(low, high)).startswith(sentence)


def test_a_likely_difference_is_called_probable_and_not_decided():
    likely = contrast(-0.1, 2.9, adjusted=0.07)
    assert probably(likely.found) == "probably better, p .070"
    assert "; a is probably better, p .070, not decided (" in verdict(likely)
    assert probably(contrast(-3.0, 0.6, adjusted=0.11).found).startswith("probably worse, p .11")
    assert not probably(contrast(-1, 2, adjusted=0.3).found)
    assert not probably(contrast(0.1, 2, adjusted=0.01).found)
    assert brief(contrast(-0.6, 2.9, adjusted=0.07).found) == probably(likely.found)


def test_outlying_pairs_are_mentioned_beside_the_verdict():
    rng = np.random.default_rng(1)
    a = rng.normal(90, 0.2, 16)
    a[4] = 40
    [found] = compare([(a, rng.normal(90, 0.2, 16))], 0.5)
    assert verdict(Contrast(None, "a", "b", found, 12.0)).endswith(
        "the interval is in doubt; the median difference is +0.05."
    )
    assert brief(found).endswith(", a few pairs lie far out, median +0.05")


def test_numbers_are_written_as_people_write_them():
    assert (signed(-1.234), signed(0.001), signed(math.inf)) == ("−1.23", "0.00", "+∞")
    assert span(Interval(0, -1, 0.5)) == "−1.00 to +0.50"
    assert span(Interval(0, -math.inf, math.inf)) == "no interval: too few pairs"
    assert (number(math.nan), number(math.inf), number(1234.5, 1)) == ("–", "–", "1,234.5")
    assert (points(1.0), points(0.5), counted(1, "run"), counted(2, "run")) == (
        *("1 point", "0.5 points"),
        *("1 run", "2 runs"),
    )
    assert [p_value(p) for p in (0.0004, 0.0123, 0.3, 1.0)] == [
        "p < .001",
        "p .012",
        "p .30",
        "p 1",
    ]
