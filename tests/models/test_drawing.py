"""Drawings: reading and writing the forms of Quick, Draw!, limits, partial drawings."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.command import UserError
from models.drawing import MAX_POINTS, MAX_STROKES, BadDrawing, Drawing, Stroke, read_ndjson
from tests import made

numbers = some.floats(-1e6, 1e6, width=32)
pixels = some.integers(0, 300)
shares = some.floats(0.01, 1)


@some.composite
def strokes(draw: Callable[..., Any], number: some.SearchStrategy[float]) -> list[list[float]]:
    """One stroke as lists, with times or without."""
    points = some.lists(some.tuples(number, number, number), min_size=1, max_size=8)
    columns = [list(column) for column in zip(*draw(points), strict=True)]
    return columns[: draw(some.integers(2, 3))]


@some.composite
def drawings(draw: Callable[..., Any], number: some.SearchStrategy[float]) -> Drawing:
    return Drawing.from_lists(draw(some.lists(strokes(number), max_size=5)), "cat", "1")


def same(a: Drawing, b: Drawing) -> bool:
    return (a.word, a.key, a.to_lists()) == (b.word, b.key, b.to_lists())


def test_the_simplified_form_has_no_times():
    line = '{"word":"cat","countrycode":"DE","key_id":"47","drawing":[[[0,255],[9,8]],[[3],[4]]]}'
    drawing = Drawing.from_json(line)
    assert (drawing.word, drawing.key, drawing.points) == ("cat", "47", 3)
    np.testing.assert_array_equal(drawing.strokes[0].xy, np.array([[0, 9], [255, 8]]))
    assert [stroke.t for stroke in drawing.strokes] == [None, None]


def test_the_raw_form_has_times_in_milliseconds():
    drawing = Drawing.from_json('{"drawing":[[[0.5,1.5],[2,3],[0,17]]]}')
    [stroke] = drawing.strokes
    assert (drawing.word, drawing.key) == (None, None)
    assert stroke.xy.dtype == np.float32
    assert stroke.t is not None
    np.testing.assert_array_equal(stroke.t, np.array([0, 17]))


def test_a_key_that_is_a_number_becomes_text():
    assert Drawing.from_json('{"key_id":9007199254740993,"drawing":[]}').key == "9007199254740993"


@given(drawings(numbers))
def test_a_drawing_comes_back_from_json_as_it_was(drawing: Drawing):
    line = drawing.to_json()
    assert "\n" not in line
    assert same(Drawing.from_json(line), drawing)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", '"drawing" field'),
        ('{"word":"cat"}', '"drawing" field'),
        ('{"drawing":null}', "list of strokes, found NoneType"),
        ('{"drawing":"cat"}', "list of strokes, found str"),
        ('{"drawing":[null]}', "lists of numbers"),
        ('{"drawing":[[1,2]]}', r"must be \[\[x"),
        ('{"drawing":[[["a"],["b"]]]}', "lists of numbers"),
        ('{"drawing":[[[1,[2]],[1,2]]]}', "lists of numbers"),
        ('{"drawing":[[[],[]]]}', "not empty"),
        ('{"drawing":[[]]}', "not empty"),
        ('{"drawing":[[[1]]]}', r"must be \[\[x"),
        ('{"drawing":[[[1],[1],[1],[1]]]}', r"must be \[\[x"),
        ('{"drawing":[[[1,2],[1]]]}', "same length"),
        ('{"drawing":[[[1,2],[1,2],[0]]]}', "same length"),
        ('{"drawing":[[[NaN],[1]]]}', "finite"),
        ('{"drawing":[[[1],[-Infinity]]]}', "finite"),
        ('{"drawing":[[[1],[1],[NaN]]]}', "finite"),
        ('{"drawing":[[[null],[1]]]}', "finite"),
        ('{"drawing":[[[1000001],[1]]]}', "within"),
        ('{"drawing":[[[1e300],[1]]]}', "finite"),
        ('{"drawing":[[[1' + "0" * 400 + "],[1]]]}", "lists of numbers"),
    ],
)
def test_what_is_no_drawing_is_refused(line: str, found: str):
    with pytest.raises(BadDrawing, match=found):
        Drawing.from_json(line)


def test_limits_are_reached_and_not_passed():
    dot, long = [[1], [2]], [[0] * MAX_POINTS, [0] * MAX_POINTS]
    assert len(Drawing.from_lists([dot] * MAX_STROKES).strokes) == MAX_STROKES
    assert Drawing.from_lists([long]).points == MAX_POINTS
    with pytest.raises(BadDrawing, match="501 strokes with 501 points are too many"):
        Drawing.from_lists([dot] * (MAX_STROKES + 1))
    with pytest.raises(BadDrawing, match="2 strokes with 20001 points are too many"):
        Drawing.from_lists([long, dot])


@given(drawings(pixels), shares)
def test_a_prefix_has_its_share_of_the_ink(drawing: Drawing, share: float):
    prefix = drawing.prefix(share)
    assert prefix.ink == pytest.approx(share * drawing.ink, rel=1e-4, abs=1e-3)
    assert (prefix.word, prefix.key) == (drawing.word, drawing.key)


@given(drawings(pixels), shares)
def test_a_prefix_follows_the_drawing_but_for_its_last_point(drawing: Drawing, share: float):
    kept = drawing.prefix(share).strokes
    for mine, whole in zip(kept, drawing.strokes, strict=False):
        last = len(mine.xy) - (mine is kept[-1])
        np.testing.assert_array_equal(mine.xy[:last], whole.xy[:last])
        assert (mine.t is None) == (whole.t is None)


@given(drawings(pixels))
def test_the_whole_share_is_the_drawing(drawing: Drawing):
    assert drawing.prefix(1) is drawing


def test_a_stroke_is_cut_between_two_points_and_two_times():
    drawing = Drawing.from_lists([[[0, 10], [0, 0], [0, 100]], [[0, 0], [0, 30], [200, 500]]])
    assert drawing.prefix(0.5).to_lists() == [
        [[0, 10], [0, 0], [0, 100]],
        [[0, 0], [0, 10], [200, 300]],
    ]
    assert drawing.prefix(0.125).to_lists() == [[[0, 5], [0, 0], [0, 50]]]


def test_a_cut_at_a_pen_up_leaves_the_next_stroke_out():
    drawing = Drawing.from_lists([[[0, 10], [0, 0]], [[0, 10], [5, 5]]])
    assert drawing.prefix(0.5).to_lists() == [[[0, 10], [0, 0]]]


def test_dots_come_with_the_ink_before_them():
    dot, line = [[5], [5]], [[0, 10], [0, 0]]
    drawing = Drawing.from_lists([dot, line, dot])
    assert drawing.prefix(0.5).to_lists() == [dot, [[0, 5], [0, 0]]]
    assert Drawing.from_lists([dot, [[9], [9]]]).prefix(0.1).to_lists() == [dot]


@pytest.mark.parametrize("share", [0, -0.1, 1.01, float("nan")])
def test_a_share_lies_between_nothing_and_all(share: float):
    with pytest.raises(BadDrawing, match="share of ink"):
        made.drawing("star", 0).prefix(share)


def test_ink_is_the_length_of_all_lines():
    assert Drawing.from_lists([[[0, 3, 3], [0, 4, 10]], [[7], [7]], [[0, 1], [0, 0]]]).ink == 12
    assert Drawing(()).ink == 0
    assert Stroke(np.zeros((1, 2), np.float32)).ink == 0


LINES = b"".join(d.to_json().encode() + b"\n" for d in made.drawings("zigzag", 300))


@pytest.mark.parametrize(("name", "pack"), [("d.ndjson", bytes), ("d.ndjson.gz", gzip.compress)])
def test_a_file_is_read_in_order_gzipped_or_not(
    tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
):
    (tmp_path / name).write_bytes(pack(b"\n" + LINES + b"\n \n"))
    read = list(read_ndjson(tmp_path / name))
    assert [d.to_lists() for d in read] == [d.to_lists() for d in made.drawings("zigzag", 300)]


def test_an_empty_file_has_no_drawings(tmp_path: Path):
    (tmp_path / "d.ndjson").touch()
    assert list(read_ndjson(tmp_path / "d.ndjson")) == []


def test_a_bad_line_is_named(tmp_path: Path):
    path = tmp_path / "d.ndjson"
    path.write_text(json.dumps({"drawing": []}) + '\n\n{"drawing": [[[1],[2')
    with pytest.raises(BadDrawing, match=r"d\.ndjson, line 3: not JSON"):
        list(read_ndjson(path))


def cut(packed: bytes) -> bytes:
    return packed[: len(packed) * 2 // 3]


def middle_overwritten(packed: bytes) -> bytes:
    half = len(packed) // 2
    return packed[:half] + b"\xff" * 64 + packed[half + 64 :]


MUCH = 2_000_000  # bytes: newer versions of Python decompress 128 KiB before they return a line


@pytest.mark.parametrize("harm", [cut, middle_overwritten])
def test_a_damaged_gzip_file_tells_how_far_it_was_read(
    tmp_path: Path, harm: Callable[[bytes], bytes]
):
    path = tmp_path / "d.ndjson.gz"
    many = LINES * (MUCH // len(LINES))
    path.write_bytes(harm(gzip.compress(many)))
    with pytest.raises(UserError, match=r"d\.ndjson\.gz(, | after )line [1-9]"):
        list(read_ndjson(path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tail.ndjson.gz", gzip.compress(LINES)[:-6]),
        ("latin.ndjson", '{"word":"café","drawing":[]}'.encode("latin-1")),
    ],
)
def test_what_is_cut_off_or_not_utf_8_is_refused(tmp_path: Path, name: str, content: bytes):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=rf"cannot read .*{name}.*Expected Quick, Draw! ndjson"):
        list(read_ndjson(tmp_path / name))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path):
    for path in (tmp_path / "none.ndjson", tmp_path):
        with pytest.raises(UserError, match="cannot read"):
            list(read_ndjson(path))
