"""Server and page have the same ink, whatever is on its way while the page asks for the state."""

from typing import Any

import pytest

from tests.game.web import node
from tests.game.web.node import Step

BOTH: list[Step] = [("arrive",), ("answer",)]  # the line carries everything, there and back


def play(*steps: Step) -> Any:
    """What page and server have after these steps, and after all has arrived."""
    return node.play("line.js", [*steps, *BOTH, *BOTH, *BOTH])


def same(ended: Any, *strokes: list[int]) -> bool:
    """Whether page and server both have these strokes."""
    return ended["page"] == ended["server"] == [*strokes]


def test_ink_drawn_while_a_new_line_is_greeted_is_sent_once():
    ended = play(
        ("draw", 10, 20),
        *BOTH,
        ("draw", 30),
        ("cut",),
        ("draw", 40),
        ("connect",),
        ("draw", 50, 60),
        ("arrive",),
        ("draw", 70),
        ("answer",),
        ("draw", 80),
    )
    assert same(ended, [10, 20, 30, 40, 50, 60, 70, 80])


def test_ink_drawn_after_a_message_was_dropped_is_sent_once():
    ended = play(
        ("draw", 10),
        *BOTH,
        ("refuse", 1),
        ("draw", 20),
        *BOTH,
        ("draw", 30, 40),
        ("arrive",),
        ("draw", 50),
        ("answer",),
    )
    assert same(ended, [10, 20, 30, 40, 50])


def test_one_question_answers_for_all_that_was_dropped():
    ended = play(("refuse", 3), ("draw", 10, 20, 30), *BOTH, ("draw", 40), *BOTH, ("draw", 50))
    assert same(ended, [10, 20, 30, 40, 50])
    assert ended["sent"]["hello"] == 2


def test_a_question_that_was_dropped_is_asked_again():
    ended = play(
        ("draw", 10),
        *BOTH,
        ("refuse", 1),
        ("draw", 20),
        *BOTH,
        ("refuse", 1),
        *BOTH,
        ("draw", 30),
    )
    assert same(ended, [10, 20, 30])
    assert ended["sent"]["hello"] == 3


@pytest.mark.parametrize(
    ("changes", "strokes"),
    [
        ([("undo",)], [[10, 20]]),
        ([("undo",), ("undo",)], []),
        ([("undo",), ("draw", 70, 80)], [[10, 20], [70, 80]]),
        ([("draw", 70, 80), ("lift",), ("undo",)], [[10, 20], [30, 40]]),
        ([("clear",)], []),
        ([("clear",), ("draw", 70, 80)], [[70, 80]]),
    ],
)
@pytest.mark.parametrize("when", ["before the server answers", "while the answer is on its way"])
def test_what_is_taken_back_meanwhile_is_gone_on_both_sides(
    changes: list[Step], strokes: list[list[int]], when: str
):
    drawn = [("draw", 10, 20), ("lift",), ("draw", 30, 40), ("lift",), *BOTH]
    lost = [("cut",), ("connect",)]
    early = when == "before the server answers"
    meanwhile = [*changes, ("arrive",)] if early else [("arrive",), *changes]
    assert same(play(*drawn, *lost, *meanwhile, ("answer",)), *strokes)


def test_what_was_undone_meanwhile_is_taken_back_alone():
    drawn = [("draw", 10, 20), ("lift",), ("draw", 30), ("lift",), ("draw", 40), ("lift",), *BOTH]
    ended = play(*drawn, ("cut",), ("undo",), ("undo",), ("connect",), *BOTH, ("draw", 70))
    assert same(ended, [10, 20], [70])
    assert ended["sent"] == {"hello": 2, "ink": 5, "undo": 2}


def test_a_line_undone_and_another_drawn_meanwhile_leaves_guessed_ink():
    drawn = [("draw", 10, 20), ("lift",), *BOTH, ("keep",), ("draw", 30), ("lift",), *BOTH]
    ended = play(*drawn, ("cut",), ("undo",), ("draw", 70, 80), ("connect",), *BOTH)
    assert same(ended, [10, 20], [70, 80])


def test_ink_out_of_place_is_mended():
    drawn = [("draw", 10, 20), ("lift",), ("draw", 30), ("lift",), *BOTH]
    ended = play(*drawn, ("forget",), ("draw", 70), ("lift",), ("draw", 80))
    assert same(ended, [10, 20], [30], [70], [80])


def test_a_change_of_the_room_between_welcome_and_answer_is_no_answer():
    drawn = [("draw", 10, 20), *BOTH]
    told = [("hello",), ("answer", 2)]
    ended = play(*drawn, ("cut",), ("connect",), ("draw", 30), *told, ("draw", 40), ("answer",))
    assert same(ended, [10, 20, 30, 40])
