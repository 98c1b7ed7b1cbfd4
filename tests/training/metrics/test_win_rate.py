"""Win rates: which drawings are judged, which pairs count, true wins at a rate of false ones."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from models.drawing import Drawing
from models.words import ALL
from tests import made
from training.data.dataset import OUTLIER, Bitmaps, Part, StrokeDrawings
from training.metrics import win_rate
from training.metrics.win_rate import WinDrawings

NO_BITMAPS = Bitmaps(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int64))
SQUARE = (28, 28)


def strokes(drawn: Sequence[Drawing], words: Sequence[str]) -> StrokeDrawings:
    names = [str(drawing.word) for drawing in drawn]
    labels = [words.index(name) if name in words else OUTLIER for name in names]
    kinds = [ALL.index(name) for name in names]
    return StrokeDrawings(
        tuple(drawn), np.array(labels), np.array(kinds), np.zeros(len(names), bool)
    )


def part(own: dict[str, int], others: dict[str, int]) -> Part:
    """A part with a number of stroke drawings of each word."""
    drawn = [drawing for word, count in own.items() for drawing in made.drawings(word, count)]
    strange = [drawing for word, count in others.items() for drawing in made.drawings(word, count)]
    return Part(NO_BITMAPS, strokes(drawn, made.WORDS), NO_BITMAPS, strokes(strange, made.WORDS))


def asked(own: dict[str, int], others: dict[str, int]) -> WinDrawings:
    found = win_rate.prepare(part(own, others), made.WORDS)
    assert found is not None
    return found


def test_each_drawing_is_shown_with_more_and_more_ink():
    found = asked({"circle": 6, "square": 5}, {"star": 4})
    assert found.rasters.shape == (15, 10, *SQUARE)
    assert found.labels.tolist() == [0] * 6 + [1] * 5
    lit = (found.rasters > 0).sum((2, 3))
    assert (lit[:, 0] > 0).all()
    assert (lit[:, 9] > lit[:, 1]).mean() > 0.7  # a partial drawing is magnified, so not all
    assert found.wrong[:6].tolist() == [[False, True, True]] * 6
    assert found.wrong[11:].all()


def test_a_true_kind_of_a_word_is_no_false_win():
    bird = strokes([Drawing(made.drawing("star", k).strokes, "bird") for k in range(5)], ("bird",))
    duck = strokes([Drawing(made.drawing("star", 9).strokes, "duck")], ("bird",))
    found = win_rate.prepare(Part(NO_BITMAPS, bird, NO_BITMAPS, duck), ("bird", "cat"))
    assert found is not None
    assert found.wrong.tolist() == [[False, True]] * 5 + [[False, True]]


def test_other_words_take_part_in_turn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(win_rate, "OTHERS", 5)
    found = asked({"circle": 5}, {"star": 9, "triangle": 2})
    whole = part({}, {"star": 9, "triangle": 2}).other_strokes
    kept = win_rate._spread(whole)
    assert len(found.rasters) == 10
    assert [ALL[kind] for kind in kept.fine_labels] == ["star"] * 3 + ["triangle"] * 2


def test_too_few_drawings_are_not_measured():
    assert win_rate.prepare(part({"circle": 4}, {"star": 4}), made.WORDS) is None
    assert win_rate.prepare(part({"circle": 5}, {}), made.WORDS) is None


def win_rates(scores: dict[str, list[float]], others: list[list[float]]) -> dict[str, float]:
    """The win rates of a judge with fixed probabilities, at every share of the ink.

    Args:
        scores: for each drawing of a word, the probability of this word.
        others: for each drawing of another word, the probabilities of all words.
    """
    own = {word: len(of) for word, of in scores.items()}
    found = asked(own, {"star": len(others)})
    rows: list[list[float]] = []
    for column, of in enumerate(scores.values()):
        for score in of:
            rest = (1 - score) / 2
            rows.append([score if k == column else rest for k in range(3)])
    answers = np.repeat(np.array(rows + others, np.float32), 10, axis=0)

    def probabilities(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        assert bitmaps.shape == (len(answers), *SQUARE)
        return answers

    marks = win_rate.evaluate(found, probabilities)
    return {"area": marks["area"], **marks["true"]}


def test_a_sure_judge_that_knows_its_own_always_wins():
    marks = win_rates({"circle": [0.9] * 5}, [[0.34, 0.33, 0.33]] * 3)
    assert set(marks.values()) == {1.0}


def test_a_judge_that_takes_every_drawing_for_its_word_has_no_true_wins():
    """Drawings of other words are as sure as those of the word, so no threshold separates them."""
    marks = win_rates({"circle": [0.9] * 5}, [[0.9, 0.05, 0.05]] * 60)
    assert marks["area"] == 0.0
    assert marks["10.0%"] == 0.0


def test_true_wins_are_counted_above_the_false_ones_that_are_allowed():
    """60 others and 10 own drawings make 200 wrong pairs; 1 % of them are two."""
    falsely = [[0.8, 0.1, 0.1], [0.7, 0.2, 0.1], [0.6, 0.2, 0.2]]
    quiet = [[0.34, 0.33, 0.33]] * 57
    marks = win_rates(
        {"circle": [0.9, 0.75, 0.65, 0.5, 0.5], "square": [0.95] * 5}, falsely + quiet
    )
    by_bar = [0.2, 0.4, 0.6, 1.0]  # circles above .8, .7, .6, and above all others
    assert marks["0.1%"] == pytest.approx((by_bar[0] + 1) / 2)
    assert marks["0.5%"] == pytest.approx((by_bar[1] + 1) / 2)
    assert marks["1.0%"] == pytest.approx((by_bar[2] + 1) / 2)
    assert marks["2.0%"] == pytest.approx(1.0)
    expected = np.mean([(each + 1) / 2 for each in (*by_bar, 1.0)])  # none to four false wins
    assert marks["area"] == pytest.approx(expected)
