"""Which strokes pointers and keys leave on the pad, in Node."""

from typing import Any

import pytest

from game.rules.sheet import MAX_STROKES
from tests.game.web import node
from tests.game.web.node import Step

RESTED = 3_000  # ms after the last move of a pen; a touch is no palm any more


def play(*steps: Step) -> Any:
    return node.play("pad.js", steps)


def strokes(*steps: Step) -> list[list[list[float]]]:
    """The points of the strokes after these steps."""
    return play(*steps)["strokes"]


def down(x: float, y: float, **special: Any) -> Step:
    return "pointerdown", {"x": x, "y": y, **special}


def move(x: float, y: float, **special: Any) -> Step:
    return "pointermove", {"x": x, "y": y, "button": -1, **special}


def up(x: float, y: float, **special: Any) -> Step:
    return "pointerup", {"x": x, "y": y, "buttons": 0, **special}


def touch(id: int, first: bool = True) -> dict[str, Any]:
    """A finger or palm; `first`: no other one is on the pad."""
    return {"pointerId": id, "pointerType": "touch", "isPrimary": first}


PEN: dict[str, Any] = {"pointerId": 9, "pointerType": "pen"}


def line(*spots: tuple[float, float], **special: Any) -> list[Step]:
    """A whole stroke."""
    first, *rest = spots
    moves = [move(*spot, **special) for spot in rest]
    return [down(*first, **special), *moves, up(*spots[-1], **special)]


def test_a_pen_takes_over_from_a_hand_that_rests_on_two_spots():
    palm = [down(200, 220, **touch(1)), down(215, 250, **touch(2, first=False))]
    pen = line((50, 50), (90, 90), **PEN)
    assert strokes(*palm, *pen) == [[[50, 50], [90, 90]]]
    lifted = [up(200, 220, **touch(1)), up(215, 250, **touch(2, first=False))]
    finger = line((10, 10), (20, 20), **touch(3))
    assert len(strokes(*palm, *pen, ("wait", RESTED), *lifted, *finger)) == 2


MEANT = [[10, 10], [60, 60]]
PALM = [down(100, 100, **touch(2)), move(150, 150, **touch(2))]
NOT_MEANT: list[Step] = [
    ("pointercancel", {"x": 150, "y": 150, **touch(2)}),
    down(200, 200, **touch(3, first=False)),
]


@pytest.mark.parametrize("end", NOT_MEANT)
def test_only_the_strokes_of_a_gesture_are_taken_back_with_it(end: Step):
    meant = line((10, 10), (60, 60), **touch(1))
    out_and_in = [move(-9, 150, **touch(2)), move(90, 150, **touch(2)), move(90, 20, **touch(2))]
    assert strokes(*meant, *PALM, end) == [MEANT]
    assert strokes(*meant, *PALM, *out_and_in, end) == [MEANT]
    assert strokes(*meant, *PALM, ("undo",), end) == [MEANT]
    assert strokes(*meant, *PALM, *out_and_in, ("undo",), end) == [MEANT]
    assert strokes(*meant, *PALM, ("undo",), ("redo",), end) == [MEANT]


@pytest.mark.parametrize("end", NOT_MEANT)
def test_strokes_that_replaced_those_of_a_gesture_stay(end: Step):
    others = [[[7, 8], [7, 8], [0, 9]]]
    assert strokes(*PALM, ("replace", others), end) == [[[7, 7], [8, 8]]]


@pytest.mark.parametrize("end", NOT_MEANT)
def test_a_touch_on_a_full_sheet_takes_nothing_back(end: Step):
    dots = [[[7], [7], [0]]] * MAX_STROKES
    assert len(strokes(("replace", dots), *PALM, end)) == MAX_STROKES


def test_a_mouse_stroke_ends_with_the_left_button_while_the_right_one_is_held():
    both = move(150, 150, button=2, buttons=3)
    left_released = move(150, 150, button=0, buttons=2)
    on = [move(200, 100, buttons=2), up(200, 100)]
    drawn = [down(100, 100), both, move(160, 160, buttons=3), left_released, *on]
    assert strokes(*drawn) == [[[100, 100], [150, 150], [160, 160]]]
    assert len(strokes(*drawn, *line((10, 10), (20, 20)))) == 2


@pytest.mark.parametrize("pointer", [{}, PEN])
def test_a_pointer_that_was_lifted_unseen_draws_no_further(pointer: dict[str, Any]):
    drawn = [down(10, 10, **pointer), move(20, 20, **pointer)]
    assert strokes(*drawn, move(90, 90, **pointer, buttons=0)) == [[[10, 10], [20, 20]]]


@pytest.mark.parametrize("key", ["ArrowDown", " "])
def test_keys_leave_a_stroke_of_the_mouse_alone(key: str):
    ended = play(down(10, 10), move(20, 10), ("key", key), move(30, 10), up(30, 10))
    assert ended == {"strokes": [[[10, 10], [20, 10], [30, 10]]], "down": False}


def test_keys_draw_after_the_mouse():
    ended = play(*line((10, 10), (30, 10)), ("key", " "), ("key", "ArrowDown"), ("key", " "))
    assert [stroke[-1] for stroke in ended["strokes"]] == [[30, 10], [128, 132]]
    assert not ended["down"]


def test_a_mouse_whose_stroke_was_undone_leaves_the_marker_of_the_keys_alone():
    undone: list[Step] = [down(10, 10), move(20, 10), ("undo",), ("key", " ")]
    ended = play(*undone, move(30, 10), up(30, 10), ("key", "ArrowDown"))
    [[first, *_, last]] = ended["strokes"]
    assert (first, last, ended["down"]) == ([128, 128], [128, 132], True)


@pytest.mark.parametrize("kind", ["mouse", "pen", "touch"])
def test_a_pointer_of_which_no_end_was_told_does_not_stand_in_the_way_of_the_next(kind: str):
    lost, new = ({"pointerId": id, "pointerType": kind} for id in (1, 2))
    drawn = [down(10, 10, **lost), move(20, 20, **lost)]
    after = line((50, 50), (60, 60), **new)
    assert strokes(*drawn, *after) == [[[10, 10], [20, 20]], [[50, 50], [60, 60]]]


def test_two_fingers_of_which_no_end_was_told_do_not_stand_in_the_way_of_the_next():
    lost = [down(10, 10, **touch(1)), down(90, 90, **touch(2, first=False))]
    assert strokes(*lost, *line((50, 50), (60, 60), **touch(3))) == [[[50, 50], [60, 60]]]


def test_a_third_finger_is_no_marker_either():
    pair = [down(10, 10, **touch(1)), down(90, 90, **touch(2, first=False)), up(10, 10, **touch(1))]
    assert strokes(*pair, *line((50, 50), (60, 60), **touch(3, first=False))) == []


@pytest.mark.parametrize("ends", [("undo",), ("clear",), ("replace", []), down(10, 10)])
def test_a_marker_whose_stroke_was_ended_is_seen_lifted_and_space_puts_it_down(ends: Step):
    drawn: list[Step] = [("key", " "), ("key", "ArrowDown")]
    assert play(*drawn)["down"]
    assert not play(*drawn, ends)["down"]
    again = play(*drawn, ends, up(10, 10), ("key", " "))
    assert (again["strokes"][-1], again["down"]) == ([[128, 132]], True)
