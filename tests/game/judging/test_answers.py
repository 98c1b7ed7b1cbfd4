"""The judge's cache gives the same answers as the model, and is bounded."""

import numpy as np
from numpy.typing import NDArray

from game.judging.answers import Answers
from tests import made


class Model:
    """Answers with the mean of a bitmap, and records the sizes of its batches."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def __call__(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.batches.append(len(bitmaps))
        return bitmaps.reshape(len(bitmaps), -1).mean(1, keepdims=True).astype(np.float32)


def test_each_bitmap_gets_its_own_answer_whether_remembered_or_not():
    model, bitmaps = Model(), made.scrambled(np.random.default_rng(0), 4)
    answers = Answers(model, most=10)
    answers.about(bitmaps[:2])
    order = [3, 0, 0, 2, 3, 1]
    found = answers.about(bitmaps[order])
    np.testing.assert_array_equal(found, Model()(bitmaps[order]))
    assert model.batches == [2, 2]
    assert answers.reused == 4


def test_what_was_not_seen_for_long_is_forgotten():
    model, bitmaps = Model(), made.scrambled(np.random.default_rng(0), 3)
    answers = Answers(model, most=2)
    for place in (0, 1, 0, 2, 0, 1):  # the third bitmap takes the second one's place
        answers.about(bitmaps[[place]])
    assert model.batches == [1, 1, 1, 1]


def test_a_batch_may_be_larger_than_the_memory():
    model, bitmaps = Model(), made.scrambled(np.random.default_rng(0), 5)
    found = Answers(model, most=2).about(bitmaps)
    np.testing.assert_array_equal(found, Model()(bitmaps))
    assert model.batches == [5]


def test_no_memory_judges_all():
    model, bitmaps = Model(), made.scrambled(np.random.default_rng(0), 2)
    answers = Answers(model, most=0)
    answers.about(bitmaps)
    answers.about(bitmaps)
    assert model.batches == [2, 2]


def test_an_answer_does_not_keep_its_whole_batch_in_memory():
    answers = Answers(Model(), most=10)
    rows = answers.about(made.scrambled(np.random.default_rng(0), 4))
    assert all(row.base is None for row in rows)
