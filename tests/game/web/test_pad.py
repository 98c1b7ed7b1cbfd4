"""Which strokes pointers and keys leave on the pad, in Node."""

from typing import Any

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
