"""Primitive shapes: they match their names, and wins are counted by shape."""

import numpy as np
import pytest
from numpy.typing import NDArray

from models.raster import rasterise_batch
from training.metrics import primitives

WORDS = ("cat", "circle", "sun")


def test_there_are_25_shapes_always_drawn_alike():
    first, again = primitives.drawings(3), primitives.drawings(3)
    assert len(first) == 25
    assert [[d.to_json() for d in of] for of in first.values()] == [
        [d.to_json() for d in of] for of in again.values()
    ]


def test_no_two_shapes_look_the_same():
    rasters = rasterise_batch([of[0] for of in primitives.drawings(1).values()])
    flat = rasters.reshape(25, -1).astype(float)
    flat -= flat.mean(1, keepdims=True)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    likeness = flat @ flat.T - 2 * np.eye(25)
    assert (rasters.max((1, 2)) > 200).all()
    assert likeness.max() < 0.95


def taken_for(word: str, sure: float, some: range):
    """A judge that takes some variants of each shape for a word, and is unsure of the others."""

    def probabilities(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        rows = np.full((len(bitmaps), 3), 1 / 3, np.float32)
        chosen = np.arange(len(bitmaps)) % primitives.VARIANTS
        rows[np.isin(chosen, some)] = (1 - sure) / 2
        rows[np.isin(chosen, some), WORDS.index(word)] = sure
        return rows

    return probabilities


def test_a_shape_wins_when_half_of_its_variants_do():
    half = primitives.measure(taken_for("sun", 0.99, range(4)), WORDS, lambda word: 0.9)
    assert (half["shapes"], half["winners"]) == (25, 25)
    assert half["won"]["arc"] == {"sun": pytest.approx(0.5)}
    fewer = primitives.measure(taken_for("sun", 0.99, range(3)), WORDS, lambda word: 0.9)
    assert fewer["winners"] == 0
    assert fewer["won"]["arc"] == {"sun": pytest.approx(3 / 8)}


def test_each_word_has_its_threshold():
    judge = taken_for("sun", 0.95, range(8))
    assert primitives.measure(judge, WORDS, lambda word: 0.99)["won"] == {}
    own = {"sun": 0.9, "cat": 0.99, "circle": 0.99}
    assert primitives.measure(judge, WORDS, own.__getitem__)["winners"] == 25


def test_a_circle_may_win_the_word_circle():
    found = primitives.measure(taken_for("circle", 0.99, range(8)), WORDS, lambda word: 0.9)
    assert found["winners"] == 24
    assert "circle" not in found["won"]
