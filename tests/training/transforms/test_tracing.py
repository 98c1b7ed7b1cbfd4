"""Tracing turns bitmaps into strokes that give the same bitmap, and can be cut off."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.ndimage import binary_dilation

from models.drawing import Drawing
from models.raster import rasterise
from tests import made
from training.transforms.tracing import trace

HOUSE = [[[0, 0, 100, 100, 0], [100, 40, 40, 100, 100]], [[0, 50, 100], [40, 0, 40]]]
CROSS = [[[0, 100], [0, 100]], [[100, 0], [0, 100]]]
RING = [
    [(50 + 50 * np.cos(a)).tolist(), (50 + 50 * np.sin(a)).tolist()] for a in [np.r_[0:6.4:0.1]]
]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def alike(a: Drawing, b: Drawing) -> float:
    """The smaller share of one bitmap's ink that lies within a pixel of the other's ink.

    A correlation would be too strict: a spur that is not traced changes the scale of the raster.
    """
    inked = [rasterise(drawing) > 127 for drawing in (a, b)]
    near = [np.asarray(binary_dilation(ink, np.ones((3, 3))), bool) for ink in inked]
    return min(
        float((ink & other).sum() / ink.sum())
        for ink, other in zip(inked, reversed(near), strict=True)
    )


@pytest.mark.parametrize("strokes", [HOUSE, CROSS, RING, [[[0, 100], [50, 50]]]])
def test_a_traced_bitmap_looks_as_it_did(strokes: list[list[list[float]]]):
    drawing = Drawing.from_lists(strokes)
    assert alike(trace(rasterise(drawing), rng()), drawing) > 0.95


@given(some.integers(0, 1000))
def test_made_drawings_look_as_they_did(seed: int):
    drawing = made.drawing(made.WORDS[seed % len(made.WORDS)], seed)
    assert alike(trace(rasterise(drawing), rng(seed)), drawing) > 0.95


def test_lines_go_straight_on_where_they_cross():
    traced = trace(rasterise(Drawing.from_lists(CROSS)), rng())
    long = [stroke.xy for stroke in traced.strokes if stroke.ink > 5]
    ends = [np.abs(xy[-1] - xy[0]) for xy in long]
    assert any((across > 18).all() for across in ends)  # from corner to corner, of 23.5 pixels
    slopes = {bool(np.sign(np.prod(xy[-1] - xy[0])) > 0) for xy in long}
    assert slopes == {True, False}


def test_coordinates_are_pixels_of_the_bitmap():
    bitmap = np.zeros((28, 28), np.uint8)
    bitmap[10:12, 4:20] = 255  # a bar whose middle line is at y = 11, in pixels from the corner
    (stroke,) = trace(bitmap, rng()).strokes
    np.testing.assert_allclose(stroke.xy[:, 1], 11, atol=0.6)
    assert sorted(stroke.xy[[0, -1], 0]) == pytest.approx([5, 19], abs=1.5)


def test_long_lines_mostly_come_first_but_not_always():
    bitmap = rasterise(Drawing.from_lists([[[0, 100], [0, 0]], [[0, 40], [50, 50]]]))
    firsts = [trace(bitmap, rng(seed)).strokes for seed in range(200)]
    share = np.mean([strokes[0].ink == max(s.ink for s in strokes) for strokes in firsts])
    assert 0.7 < share < 0.98


def test_lines_mostly_begin_at_their_upper_left_end_but_not_always():
    bitmap = rasterise(Drawing.from_lists([[[0, 100], [0, 100]]]))
    begins = [trace(bitmap, rng(seed)).strokes[0].xy for seed in range(200)]
    assert 0.55 < np.mean([xy[0].sum() < xy[-1].sum() for xy in begins]) < 0.85


def test_the_same_numbers_make_the_same_strokes():
    bitmap = rasterise(Drawing.from_lists(HOUSE))
    assert trace(bitmap, rng(5)).to_lists() == trace(bitmap, rng(5)).to_lists()
    assert any(
        trace(bitmap, rng(5)).to_lists() != trace(bitmap, rng(k)).to_lists() for k in range(9)
    )


@pytest.mark.parametrize("level", [0, 255])
def test_blank_and_filled_bitmaps_are_taken(level: int):
    bitmap = np.full((28, 28), level, np.uint8)
    traced = trace(bitmap, rng())
    assert (traced.ink > 0) == (level > 0)
    assert not (level == 0 and traced.strokes)


def test_dots_stay():
    bitmap = np.zeros((28, 28), np.uint8)
    bitmap[4:6, 4:24] = bitmap[13:15, 13:15] = bitmap[23:25, 20:22] = 255
    starts = sorted(stroke.xy[0].tolist() for stroke in trace(bitmap, rng()).strokes)
    assert len(starts) == 3
    assert starts[1] == pytest.approx([14, 14], abs=1)
    assert starts[2] == pytest.approx([21, 24], abs=1)
