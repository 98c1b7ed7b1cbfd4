"""The sheet: strokes grow, are removed, and stay within the limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from game.messages import PAD, Point
from game.rules.sheet import MAX_INK, OutOfPlace, Sheet, TooMuchInk
from models.drawing import MAX_POINTS, MAX_STROKES


def test_points_join_the_last_stroke_or_begin_the_next():
    sheet = Sheet()
    sheet.add(0, [(1, 2, 0)])
    sheet.add(0, [(4, 6, 5)])
    sheet.add(1, [(7, 7, 9)])
    assert sheet.to_lists() == [[[1, 4], [2, 6], [0, 5]], [[7], [7], [9]]]
    assert (sheet.ink, sheet.points) == (5, 3)


@pytest.mark.parametrize("stroke", [0, 3])
def test_other_strokes_are_out_of_place(stroke: int):
    sheet = Sheet()
    sheet.add(0, [(0, 0, 0)])
    sheet.add(1, [(0, 0, 0)])
    with pytest.raises(OutOfPlace):
        sheet.add(stroke, [(0, 0, 0)])
    assert sheet.points == 2


def test_times_never_fall():
    sheet = Sheet()
    sheet.add(0, [(0, 0, 50), (1, 1, 20)])
    assert sheet.to_lists()[0][2] == [50, 50]


def test_a_drawing_does_not_change_with_later_points():
    sheet = Sheet()
    sheet.add(0, [(0, 0, 0)])
    before = sheet.drawing()
    sheet.add(0, [(9, 9, 1)])
    assert before.points == 1
    assert sheet.drawing().points == 2


def test_a_stroke_that_was_taken_back_is_not_remembered():
    sheet = Sheet()
    for stroke in range(2):
        sheet.add(stroke, [(stroke, 0, 0)])
    sheet.drawing()
    sheet.undo()
    sheet.undo()
    for stroke in range(2):
        sheet.add(stroke, [(7 + stroke, 0, 0)])
    assert [stroke.xy.tolist() for stroke in sheet.drawing().strokes] == [[[7, 0]], [[8, 0]]]


def test_a_stroke_that_is_the_last_again_may_go_on():
    sheet = Sheet()
    for stroke in range(2):
        sheet.add(stroke, [(stroke, 0, 0)])
    sheet.drawing()
    sheet.undo()
    sheet.add(0, [(9, 0, 0)])
    sheet.add(1, [(5, 0, 0)])
    assert [stroke.xy.tolist() for stroke in sheet.drawing().strokes] == [
        [[0, 0], [9, 0]],
        [[5, 0]],
    ]


def test_too_many_points_are_refused_and_none_is_added():
    sheet = Sheet()
    sheet.add(0, [(0, 0, 0)] * (MAX_POINTS - 1))
    with pytest.raises(TooMuchInk):
        sheet.add(0, [(0, 0, 0)] * 2)
    assert sheet.points == MAX_POINTS - 1


def test_a_sheet_with_just_as_much_ink_as_it_holds_takes_more():
    sheet = Sheet()
    sheet.add(0, [(PAD * (point % 2), 0, 0) for point in range(round(MAX_INK / PAD) + 1)])
    assert sheet.ink == MAX_INK
    sheet.add(0, [(1, 0, 0)])
    with pytest.raises(TooMuchInk):
        sheet.add(0, [(2, 0, 0)])


def test_too_many_strokes_are_refused():
    sheet = Sheet()
    for stroke in range(MAX_STROKES):
        sheet.add(stroke, [(0, 0, 0)])
    with pytest.raises(TooMuchInk):
        sheet.add(MAX_STROKES, [(0, 0, 0)])


def test_too_much_ink_is_refused_until_some_is_taken_back():
    sheet = Sheet()
    sheet.add(0, [(0, 0, 0), (MAX_INK + 1, 0, 0)])
    with pytest.raises(TooMuchInk):
        sheet.add(1, [(0, 0, 0)])
    sheet.undo()
    sheet.add(0, [(0, 0, 0)])


POINTS = some.lists(
    some.tuples(some.integers(-256, 512), some.integers(-256, 512), some.integers(0, 9_000)),
    min_size=1,
    max_size=5,
)


@given(some.lists(some.one_of(POINTS, some.sampled_from(["undo", "clear", "look"])), max_size=30))
def test_a_sheet_is_the_list_of_its_strokes(events: list[list[Point] | str]):
    sheet, strokes = Sheet(), list[list[Point]]()
    for number, event in enumerate(events):
        if event == "undo":
            sheet.undo()
            strokes = strokes[:-1]
        elif event == "clear":
            sheet.clear()
            strokes = []
        elif event == "look":
            sheet.drawing()
        else:
            assert not isinstance(event, str)
            joins = bool(strokes) and number % 2
            sheet.add(len(strokes) - 1 if joins else len(strokes), event)
            strokes = [*strokes[:-1], strokes[-1] + event] if joins else [*strokes, event]
    drawn = sheet.drawing()
    assert [s.xy.tolist() for s in drawn.strokes] == [[[x, y] for x, y, _ in s] for s in strokes]
    assert [[*zip(*s[:2], strict=True)] for s in sheet.to_lists()] == [
        [(x, y) for x, y, _ in s] for s in strokes
    ]
    assert sheet.points == drawn.points == sum(map(len, strokes))
    assert sheet.ink == pytest.approx(drawn.ink, rel=1e-4, abs=1e-3)
