"""The pace of recorded hands: when they win, and with how much of their ink."""

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.pace import RecordedRound, play, summary
from models.drawing import Drawing, Stroke

WORDS = ("bars", "dots")


def line(x: float, began: float) -> Stroke:
    """An upright line that takes a second."""
    steps = np.linspace(0, 1, 11)
    return Stroke(
        np.stack([np.full(11, x), 100 * steps], 1).astype(np.float32),
        (began + 1_000 * steps).astype(np.float32),
    )


SLOW = Drawing((line(0, 0), line(50, 2_000)))  # with a second between the lines


class CountsLines:
    """A model that is sure of bars when it sees as many upright lines."""

    words = WORDS
    thresholds: dict[str, float] = dict.fromkeys(WORDS, 0.9)
    difficulty: dict[str, float] = dict.fromkeys(WORDS, 0.5)

    def __init__(self, lines: int) -> None:
        self._lines = lines

    def probabilities(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        middle = bitmaps[:, 14] > 100
        found = (middle[:, 1:] & ~middle[:, :-1]).sum(1) + middle[:, 0]
        sure = np.where(found >= self._lines, 0.99, 0.2)
        return np.stack([sure, 1 - sure], 1).astype(np.float32)


def test_a_drawing_wins_when_the_second_line_reaches_the_middle():
    won = play(CountsLines(2), "bars", SLOW)
    assert won.seconds is not None
    assert 0.7 + 2 < won.seconds < 0.7 + 3 + 0.5  # 0.7 s of reading come first
    assert not won.glyph


def test_a_win_with_a_third_of_the_ink_is_a_glyphs():
    three = Drawing((*SLOW.strokes, line(100, 4_000)))
    won = play(CountsLines(1), "bars", three)
    assert won.seconds is not None
    assert won.seconds < 0.7 + 2  # before the second line
    assert won.glyph


def test_a_drawing_that_is_never_seen_does_not_win():
    assert play(CountsLines(3), "bars", SLOW) == RecordedRound("bars", None, False)


def test_only_won_rounds_have_times():
    found = summary(
        [
            RecordedRound("bars", 2.0, True),
            RecordedRound("bars", 6.0, False),
            RecordedRound("dots", None, False),
        ]
    )
    assert found["won"] == pytest.approx(2 / 3, abs=1e-3)
    assert found["first_third"] == pytest.approx(1 / 3, abs=1e-3)
    assert found["seconds"] == {"low": 3.0, "median": 4.0, "high": 5.0}
