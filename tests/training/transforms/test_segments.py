"""Cutting off and rasterising drawings on the device gives the same bitmaps as on the host."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray

from models.drawing import Drawing
from models.raster import rasterise_batch
from tests import made
from training.transforms.segments import Pen, segments

CPU = torch.device("cpu")
DOTS = Drawing.from_lists([[[3], [3]], [[200], [90]], [[40], [10]]])
LINE_AND_DOT = Drawing.from_lists([[[0, 50, 100], [0, 20, 0]], [[50], [90]]])
POINT_TWICE = Drawing.from_lists([[[5, 5, 80], [7, 7, 7]], [[5, 90], [60, 60]]])
NOTHING = Drawing(())


def painted(
    drawings: list[Drawing], shares: NDArray[np.float64], scales: NDArray[np.float32] | None = None
) -> NDArray[np.int64]:
    which = np.arange(len(drawings))
    scales = np.ones((len(drawings), 2), np.float32) if scales is None else scales
    pixels = Pen(segments(drawings), CPU).paint(which, shares, scales)
    assert (pixels.dtype, pixels.shape) == (torch.uint8, (len(drawings), 28, 28))
    return pixels.numpy().astype(int)


def prefixes_on_host(drawings: list[Drawing], shares: NDArray[np.float64]) -> NDArray[np.int64]:
    pairs = zip(drawings, shares, strict=True)
    return rasterise_batch([d.prefix(float(share)) for d, share in pairs]).astype(int)


@given(some.lists(some.tuples(some.integers(0, 999), some.floats(0.01, 1)), min_size=1, max_size=9))
def test_partial_drawings_are_those_of_the_host(asked: list[tuple[int, float]]):
    drawings = [made.drawing(made.WORDS[k % len(made.WORDS)], k) for k, _ in asked]
    shares = np.array([share for _, share in asked])
    assert np.abs(painted(drawings, shares) - prefixes_on_host(drawings, shares)).max() <= 1


@pytest.mark.parametrize("share", [0.001, 0.3, 0.5, 0.999, 1.0])
@pytest.mark.parametrize("drawing", [DOTS, LINE_AND_DOT, POINT_TWICE])
def test_a_dot_is_drawn_after_the_ink_before_it(drawing: Drawing, share: float):
    between = [made.drawing("star", 1), drawing, made.drawing("circle", 2)]
    shares = np.array([0.4, share, 0.7])
    assert np.abs(painted(between, shares) - prefixes_on_host(between, shares)).max() <= 1


def test_a_drawing_without_strokes_stays_blank_and_spoils_no_other():
    drawings = [NOTHING, made.drawing("star", 3), NOTHING, made.drawing("circle", 4), NOTHING]
    pixels = painted(drawings, np.ones(5))
    assert not pixels[[0, 2, 4]].any()
    assert np.abs(pixels - rasterise_batch(drawings)).max() <= 1
    assert not painted([NOTHING], np.ones(1)).any()


def test_any_drawings_in_any_order_as_often_as_asked():
    drawings = [made.drawing("star", k) for k in range(5)]
    which = np.array([4, 0, 4, 2])
    pen = Pen(segments(drawings), CPU)
    pixels = pen.paint(which, np.ones(4), np.ones((4, 2), np.float32)).numpy().astype(int)
    assert np.abs(pixels - rasterise_batch([drawings[k] for k in which])).max() <= 1


def test_what_is_left_is_stretched_and_fills_the_bitmap():
    drawing, shares = made.drawing("circle", 0), np.array([0.6])
    narrow = painted([drawing], shares, np.array([[0.25, 1]], np.float32))[0] > 60
    left = drawing.prefix(0.6)
    xy = np.concatenate([stroke.xy for stroke in left.strokes]) * np.array([0.25, 1])
    sides = np.ptp(xy, axis=0)
    wide, high = np.ptp(np.flatnonzero(narrow.any(0))), np.ptp(np.flatnonzero(narrow.any(1)))
    assert wide < high
    assert (wide - 0.5) / high == pytest.approx(sides[0] / sides[1], abs=0.1)


def test_segments_are_counted_by_drawing():
    found = segments([NOTHING, LINE_AND_DOT, DOTS, NOTHING])
    assert found.first.tolist() == [0, 0, 3, 6, 6]
    assert found.ends[:3].tolist() == [
        [[0, 0], [50, 20]],
        [[50, 20], [100, 0]],
        [[50, 90], [50, 90]],
    ]
