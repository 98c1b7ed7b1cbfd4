"""Fractal images: equal for equal seeds, well filled, and similar within a category."""

import numpy as np
import pytest

from training.data.dataset import standardised
from training.transforms import fractals
from training.transforms.fractals import FACTORS, PARAMETERS, images, render


def test_images_follow_from_the_seed():
    one, labels = images(3, 4)
    again, _ = images(3, 4)
    other, _ = images(3, 4, seed=1)
    assert one.shape == (12, 28, 28)
    assert one.dtype == np.uint8
    assert labels.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_images_lie_within_the_margin_and_touch_it():
    found, _ = images(6, 5)
    inside = slice(fractals.MARGIN, -fractals.MARGIN)
    outside = found.copy()
    outside[:, inside, inside] = 0
    assert not outside.any()
    rows, columns = found.any(2), found.any(1)
    sides = np.maximum(rows.sum(1), columns.sum(1))
    assert (sides >= 20).all()  # of 24: the longer side fills the square


def test_a_category_fills_enough_of_the_square():
    found, _ = images(8, 1)
    assert ((found > 0).mean((1, 2)) > 0.8 * fractals.FILLED).all()


def test_images_of_a_category_are_more_alike_than_of_two():
    found, labels = images(5, 25)
    rows = standardised(found)
    likeness = rows @ rows.T
    same = labels[:, None] == labels
    assert likeness[same].mean() > likeness[~same].mean() + 0.1


def test_variants_change_one_parameter_and_repeat():
    system = np.ones((1, 8, PARAMETERS))
    count = 1 + PARAMETERS * len(FACTORS)
    varied = fractals._vary(np.repeat(system, count + 1, 0), np.arange(count + 1))
    assert np.array_equal(varied[0], system[0])
    assert np.array_equal(varied[count], system[0])
    changed = {(tuple(np.flatnonzero(v[0] != 1)), float(v[0].sum())) for v in varied[1:count]}
    assert len(changed) == count - 1
    assert all(len(parameters) == 1 for parameters, _ in changed)


@pytest.mark.parametrize("size", [1e-9, 1e3])
def test_maps_that_go_nowhere_or_far_away_still_make_an_image(size: float):
    system = np.zeros((1, 8, PARAMETERS))
    system[0, 0] = size
    found = render(system, np.random.default_rng(0))
    assert found.shape == (1, 28, 28)
    assert found.any()
