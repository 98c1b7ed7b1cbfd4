"""The rasteriser's geometry, and a comparison with Pillow at sixteen times the size."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from models.drawing import Drawing, Stroke
from models.raster import SIDE, rasterise, rasterise_batch
from tests import made

WIDTH = 16 * 28 / 304  # of a line, in pixels
FULL = 255 * 28 / 304  # side of a drawing, in pixels


def drawn(*strokes: list[list[float]]) -> Drawing:
    return Drawing.from_lists(list(strokes))


@some.composite
def drawings(draw: Callable[..., Any]) -> Drawing:
    """Lines and dots on a 256-unit pad, together at least 32 units wide or high."""
    point = some.tuples(some.integers(0, 255), some.integers(0, 255))
    strokes = draw(some.lists(some.lists(point, min_size=1, max_size=6), min_size=1, max_size=4))
    drawing = Drawing.from_lists([list(zip(*stroke, strict=True)) for stroke in strokes])
    assume(np.ptp(np.concatenate([s.xy for s in drawing.strokes]), axis=0).max() >= 32)
    return drawing


def moved(drawing: Drawing, scale: float, by: tuple[float, float]) -> Drawing:
    shift = np.array(by, np.float32)
    return Drawing(tuple(Stroke(s.xy * np.float32(scale) + shift) for s in drawing.strokes))


def levels_apart(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> int:
    return int(np.abs(a.astype(int) - b).max())


def box(bitmap: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """First and last row and column with ink."""
    rows, columns = np.flatnonzero(bitmap.any(1)), np.flatnonzero(bitmap.any(0))
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


def test_no_strokes_give_an_empty_bitmap():
    bitmap = rasterise(Drawing(()))
    assert (bitmap.shape, bitmap.dtype) == ((SIDE, SIDE), np.uint8)
    assert not bitmap.any()
    assert rasterise_batch([]).shape == (0, SIDE, SIDE)


def test_a_dot_is_a_spot_in_the_middle():
    bitmap = rasterise(drawn([[400], [7]]))
    np.testing.assert_array_equal(bitmap, bitmap[::-1, ::-1])
    np.testing.assert_array_equal(bitmap, bitmap.T)
    assert box(bitmap) == (13, 14, 13, 14)
    assert bitmap.sum() / 255 == pytest.approx(np.pi * (WIDTH / 2) ** 2, rel=0.25)


def test_a_point_given_twice_is_a_dot():
    np.testing.assert_array_equal(rasterise(drawn([[5, 5], [7, 7]])), rasterise(drawn([[5], [7]])))


@pytest.mark.parametrize("low", [[[0, 100], [80, 80]], [[30, 60], [0, 0]], [[0, 255], [-9, -9]]])
def test_a_straight_line_is_1_47_pixels_wide_and_fills_the_width(low: list[list[float]]):
    bitmap = rasterise(drawn(low))
    middle = bitmap[:, 6:-6].sum(0) / 255
    assert box(bitmap)[2:] == (1, 26)
    np.testing.assert_allclose(middle, WIDTH, atol=0.02)
    np.testing.assert_array_equal(bitmap, bitmap[::-1])


def test_the_larger_side_is_23_5_pixels_between_the_middles_of_its_lines():
    bitmap = rasterise(drawn([[0, 0, 40, 40, 0], [0, 100, 100, 0, 0]])).astype(float)
    upper, lower = bitmap[:6, 13:15].sum(1), bitmap[-6:, 13:15].sum(1)
    top = (np.arange(6) + 0.5) @ upper / upper.sum()
    bottom = (np.arange(22, 28) + 0.5) @ lower / lower.sum()
    assert bottom - top == pytest.approx(FULL, abs=0.2)  # pixels see a line's middle so well
    assert (bottom + top) / 2 == pytest.approx(SIDE / 2, abs=0.01)


def test_the_box_is_centred_and_not_the_ink():
    bitmap = rasterise(drawn([[0, 100], [0, 0]], [[100], [100]], [[0, 100], [10, 10]]))
    first, last, left, right = box(bitmap)
    assert (first + last, left + right) == (27, 27)
    assert bitmap[:14].sum() > 5 * bitmap[14:].sum()


def test_a_tiny_drawing_is_not_magnified_without_bound():
    first, last, left, right = box(rasterise(drawn([[100, 101], [100, 100]])))
    assert last - first < 3
    assert right - left < 5
    np.testing.assert_array_equal(
        rasterise(drawn([[0, 16], [0, 0]])), rasterise(drawn([[0, 255], [0, 0]]))
    )


@given(drawings(), some.floats(-1000, 1000, width=32), some.floats(-1000, 1000, width=32))
def test_it_does_not_matter_where_on_the_pad(drawing: Drawing, right: float, down: float):
    assert levels_apart(rasterise(drawing), rasterise(moved(drawing, 1, (right, down)))) <= 1


@given(drawings(), some.floats(0.5, 1000, width=32))
def test_it_does_not_matter_how_large(drawing: Drawing, scale: float):
    assert levels_apart(rasterise(drawing), rasterise(moved(drawing, scale, (0, 0)))) <= 1


@given(drawings())
def test_huge_and_far_coordinates_stay_inside_the_bitmap(drawing: Drawing):
    far = rasterise(moved(drawing, 1000, (-1e6, 7e5)))
    assert levels_apart(rasterise(drawing), far) <= 12  # float32 keeps 1/16 unit at a million


@settings(max_examples=30)
@given(some.lists(drawings(), max_size=4))
def test_a_batch_holds_what_its_drawings_give_alone(batch: list[Drawing]):
    mixed = [*batch, Drawing(()), *batch[::-1]]
    np.testing.assert_array_equal(rasterise_batch(mixed), [rasterise(d) for d in mixed])


@given(drawings())
def test_the_order_of_strokes_and_their_direction_do_not_matter(drawing: Drawing):
    bitmap = rasterise(drawing)
    np.testing.assert_array_equal(rasterise(Drawing(drawing.strokes[::-1])), bitmap)
    backwards = Drawing(tuple(Stroke(stroke.xy[::-1]) for stroke in drawing.strokes))
    assert levels_apart(rasterise(backwards), bitmap) <= 1


@given(drawings())
def test_a_mirrored_drawing_is_the_mirrored_bitmap(drawing: Drawing):
    mirrored = Drawing(tuple(Stroke(s.xy * np.array([-1, 1], np.float32)) for s in drawing.strokes))
    assert levels_apart(rasterise(mirrored), rasterise(drawing)[:, ::-1]) <= 1


@given(drawings(), some.data())
def test_more_strokes_inside_the_box_never_darken(drawing: Drawing, data: some.DataObject):
    low, high = (
        extreme(np.concatenate([s.xy for s in drawing.strokes]), axis=0).astype(int)
        for extreme in (np.min, np.max)
    )
    inside = some.tuples(*(some.integers(a, b) for a, b in zip(low, high, strict=True)))
    extra = np.array(data.draw(some.lists(inside, min_size=1, max_size=4)), np.float32)
    more = rasterise(Drawing((*drawing.strokes, Stroke(extra))))
    assert (more >= rasterise(drawing)).all()


def supersampled(drawing: Drawing, zoom: int = 16) -> NDArray[np.float64]:
    """Pillow's rendering: thick segments with round ends on a large canvas, averaged down."""
    image = Image.new("L", (SIDE * zoom, SIDE * zoom))
    pen = ImageDraw.Draw(image)
    points = np.concatenate([stroke.xy for stroke in drawing.strokes])
    low, high = points.min(0), points.max(0)
    scale, radius = zoom * FULL / (high - low).max(), zoom * WIDTH / 2
    for stroke in drawing.strokes:
        xy = (stroke.xy - (low + high) / 2) * scale + zoom * SIDE / 2
        for x, y in xy:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
        for a, b in pairwise(xy):
            across = np.array([a[1] - b[1], b[0] - a[0]])
            across *= radius / max(np.hypot(*across), 1e-6)
            corners = (a + across, b + across, b - across, a - across)
            pen.polygon([(float(x), float(y)) for x, y in corners], fill=255)
    return np.asarray(image.reduce(zoom), float)


def correlation(a: NDArray[Any], b: NDArray[Any]) -> float:
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


@pytest.mark.parametrize("word", made.SHAPES)
def test_it_looks_as_pillow_draws_it(word: str):
    pairs = [(rasterise(d), supersampled(d)) for d in made.drawings(word, 10)]
    assert np.mean([correlation(*pair) for pair in pairs]) >= 0.985
    assert np.mean([np.abs(a - b).mean() for a, b in pairs]) < 4


def test_random_lines_look_as_pillow_draws_them():
    rng = np.random.default_rng(0)
    scribbles = [
        Drawing(tuple(Stroke(rng.uniform(0, 255, (n, 2)).astype(np.float32)) for n in (4, 2, 1)))
        for _ in range(30)
    ]
    assert np.mean([correlation(rasterise(d), supersampled(d)) for d in scribbles]) >= 0.985
