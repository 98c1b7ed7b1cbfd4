"""Playable words: the threshold of each word, and the conditions for a word to be playable."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from training.metrics import playable
from training.metrics.playable import Predictions

WORDS = ("cat", "dog", "sun")


def rows(*guesses: tuple[int, float], times: int) -> NDArray[np.float32]:
    """Rows with a given probability in one column and equal ones elsewhere, each repeated."""
    found = np.zeros((len(guesses), 3), np.float32)
    for row, (column, sure) in zip(found, guesses, strict=True):
        row[:] = (1 - sure) / 2
        row[column] = sure
    return np.repeat(found, times, axis=0)


def test_each_word_has_the_threshold_that_its_wrong_drawings_ask_for():
    scores = np.full((400, 2), -1.0)
    scores[:200, 1] = np.linspace(0.1, 0.7, 200)  # others' drawings, taken for the second word
    wrong = np.ones((400, 2), bool)
    first, second = playable.thresholds(scores, wrong, allowed=0.02)
    assert first == 0.0
    assert 0.68 < second < 0.71
    wrong[:200, 1] = False  # those were its own
    assert playable.thresholds(scores, wrong, 0.02)[1] == 0.0


def known(drawings: int, right: int, won: int, words: Sequence[str] = WORDS) -> dict[str, object]:
    """Metrics of the first word: numbers of drawings, of right guesses, and of wins in ten."""
    finished = np.concatenate([rows((0, 0.9), times=right), rows((1, 0.8), times=drawings - right)])
    scores = np.full((40, 3), -1.0)
    scores[: 2 * won, 0] = 0.9
    labels = np.repeat([0, 1], 20)  # twenty cats, and twenty dogs
    zeros = np.zeros(drawings, np.int64)
    found = playable.measure(
        Predictions(finished, zeros, scores, labels, np.zeros(40, np.bool_)), words
    )
    return found[words[0]]


def test_a_word_that_is_known_well_is_playable():
    cat = known(drawings=100, right=90, won=8)
    assert cat["playable"]
    assert (cat["drawings"], cat["recall"], cat["wins"]) == (100, 0.9, 0.8)
    assert cat["difficulty"] == pytest.approx(0.1)
    assert cat["mistaken_for"] == {"dog": 0.1}


@pytest.mark.parametrize(
    ("drawings", "right", "won"),
    [(playable.DRAWINGS - 1, 59, 10), (100, 60, 10), (100, 100, 6)],
)
def test_few_drawings_or_low_recall_or_few_wins_are_not_enough(drawings: int, right: int, won: int):
    assert not known(drawings, right, won)["playable"]


def test_a_plain_shape_is_not_playable_however_well_it_is_known():
    assert not known(drawings=100, right=90, won=8, words=("circle", "dog", "sun"))["playable"]


def test_a_word_that_no_other_drawing_tells_of_is_not_won():
    scores = np.full((3, 1), 0.9)
    assert playable.thresholds(scores, np.zeros((3, 1), bool)).tolist() == [1.0]


def test_a_word_without_drawings_is_not_playable():
    zeros = np.zeros(5, np.int64)
    none = np.zeros(5, np.bool_)
    judged = Predictions(rows((0, 0.9), times=5), zeros, np.full((5, 3), -1.0), zeros, none)
    found = playable.measure(judged, WORDS)
    assert (found["sun"]["drawings"], found["sun"]["playable"]) == (0, False)
    assert found["sun"]["mistaken_for"] == {}


def test_a_threshold_has_a_least_value():
    """Other words' drawings would allow less here, but so low a guess is likelier wrong."""
    assert known(drawings=100, right=90, won=8)["threshold"] == playable.LOWEST


def test_a_shark_may_win_fish_but_a_fish_may_not_win_shark():
    words = ("fish", "shark", "sun")
    wrong = playable.not_to_win(np.array([0, 1, 2]), words)
    assert wrong.tolist() == [[False, True, True], [False, False, True], [True, True, False]]


def test_a_check_on_other_drawings_counts_recall_wins_and_false_wins():
    finished = np.array([[0.6, 0.3, 0.1], [0.3, 0.1, 0.6], [0.2, 0.7, 0.1], [0.5, 0.4, 0.1]])
    scores = np.array([[0.8, -1, -1], [0.4, 0.9, -1], [-1, 0.6, -1], [0.9, 0.4, -1]])
    drawings = Predictions(
        finished.astype(np.float32),
        np.array([0, 0, 1, 1]),
        scores,
        np.array([0, 0, 1, 2]),
        np.zeros(4, np.bool_),
    )
    found = playable.check(drawings, WORDS, {"cat": 0.5, "dog": 0.75})
    assert found["words"] == 2
    cat, dog = found["by_word"]["cat"], found["by_word"]["dog"]
    assert (cat["top1"], cat["top3"], cat["top1_playable"]) == (0.5, 1.0, 1.0)
    assert cat["false_wins"] == 0.5  # the sun's drawing wins, the dog's does not
    assert cat["wins"] == 0.5  # few strokes: of the finished drawings
    assert (dog["top1"], dog["top1_playable"], dog["wins"]) == (0.5, 0.5, 0.0)
    assert dog["false_wins"] == pytest.approx(1 / 3)
    assert found["top1"] == 0.5


def test_traced_strokes_tell_nothing_of_true_wins():
    scores = np.full((40, 3), -1.0)
    scores[:20, 0] = 0.9  # people's; the traced ones win nothing
    labels, zeros = np.zeros(40, np.int64), np.zeros(80, np.int64)
    drawings = Predictions(rows((0, 0.3), times=80), zeros, scores, labels, np.arange(40) >= 20)
    assert drawings.wins(0, 0.5) == 1.0
    fewer = Predictions(rows((0, 0.6), times=80), zeros, scores, labels, np.arange(40) >= 19)
    assert fewer.wins(0, 0.5) == 1.0
    assert fewer.wins(0, 0.7) == 0.0  # of the finished drawings, which have 0.6
