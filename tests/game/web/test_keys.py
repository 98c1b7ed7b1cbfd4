"""What keys mean on layouts of all scripts, on the page and in the sheet for a badge, in Node."""

from typing import Any

import pytest

from tests.game.web import node

LAYOUTS = {
    "Latin": {"KeyZ": "z", "KeyY": "y", "KeyS": "s", "KeyC": "c"},
    "German": {"KeyY": "z", "KeyZ": "y", "KeyS": "s", "KeyC": "c"},
    "Dvorak": {"Slash": "z", "KeyT": "y", "Semicolon": "s", "KeyI": "c"},
    "Cyrillic": {"KeyZ": "я", "KeyY": "н", "KeyS": "ы", "KeyC": "с"},
    "Greek": {"KeyZ": "ζ", "KeyY": "υ", "KeyS": "σ", "KeyC": "ψ"},
    "Hebrew": {"KeyZ": "ז", "KeyY": "ט", "KeyS": "ד", "KeyC": "ב"},
    "Arabic": {"KeyZ": "ئ", "KeyY": "غ", "KeyS": "س", "KeyC": "ؤ"},
}


def keys(layout: str, *modifiers: str) -> list[dict[str, Any]]:
    """Z, Y, S and C on a layout."""
    held = dict.fromkeys(modifiers, True)
    return [{"code": code, "key": key, **held} for code, key in LAYOUTS[layout].items()]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_undo_redo_and_the_letters_work_on_every_layout(layout: str):
    z, _, s, c = keys(layout)
    ctrl_z, ctrl_y, *_ = keys(layout, "ctrlKey")
    cmd_shift_z, *_ = keys(layout, "metaKey", "shiftKey")
    pressed = [z, s, c, ctrl_z, ctrl_y, cmd_shift_z]
    page = [("page", key) for key in pressed]
    badge = [("badge", key) for key in [ctrl_z, ctrl_y, ctrl_z, cmd_shift_z, z]]
    said = node.play("keys.js", [*page, *badge])
    assert said["acts"] == ["undo", "skip", "clear", "undo", "redo", "redo"]
    assert said["badge"] == [1, 2, 1, 2, 2]


@pytest.mark.parametrize("key", ["ö", "é", ";", "w"])
def test_a_latin_layout_means_what_it_types(key: str):
    steps = [("page", {"code": "KeyZ", "key": key, "ctrlKey": held}) for held in (False, True)]
    assert node.play("keys.js", steps)["acts"] == []
