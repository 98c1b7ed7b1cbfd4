"""Guessed ink stays on the page as on the server, whatever takes back strokes, in Node."""

import pytest

from tests.game.web import node
from tests.game.web.node import Step

GUESSED: list[Step] = [("line", "pen", 10, 20), ("arrive",), ("guessed",)]
RUNNING: list[Step] = [("begin", "touch", 10, 20), ("arrive",), ("guessed",)]
LINE: Step = ("line", "mouse", 50, 60)


@pytest.mark.parametrize("steps", [[*GUESSED, ("erase",)], [*RUNNING, ("pinch",)]])
def test_a_pen_or_a_finger_takes_back_no_guessed_stroke(steps: list[Step]):
    ended = node.play("guessed.js", [*steps, ("arrive",), LINE])
    assert ended["page"] == ended["server"] == [[10, 20], [50, 60]]
    assert "undo" not in ended["sent"]


@pytest.mark.parametrize(
    "steps", [[LINE, ("erase",)], [("begin", "touch", 50, 60), ("pinch",)], [LINE, ("undo",)]]
)
def test_what_was_drawn_after_the_guess_is_taken_back(steps: list[Step]):
    ended = node.play("guessed.js", [*GUESSED, *steps])
    assert ended["page"] == ended["server"] == [[10, 20]]


def test_a_stroke_taken_back_on_the_way_of_the_guess_stays():
    crossed = [("line", "pen", 10, 20), ("arrive",), ("won",), ("undo",), ("hear",)]
    ended = node.play("guessed.js", [*crossed, ("arrive",), ("arrive",), LINE])
    assert ended["page"] == ended["server"] == [[10, 20], [50, 60]]


def test_from_a_full_sheet_a_stroke_can_be_taken_back():
    drawn: list[Step] = [LINE, ("line", "mouse", 70, 80), ("arrive",), ("full",), ("arrive",)]
    ended = node.play("guessed.js", [*drawn, ("undo",)])
    assert ended["page"] == ended["server"] == [[50, 60]]
