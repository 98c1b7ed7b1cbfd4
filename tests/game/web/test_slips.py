"""A message that disappears by itself removes no later one from the page's slip, in Node."""

import pytest

from tests.game.web import node
from tests.game.web.node import Step

SAVING: list[Step] = [("saving", "saving")]
SHORT: list[Step] = [("copy",), ("problem", "too_few")]


def said(*steps: Step) -> list[str | None]:
    return node.play("slips.js", steps)


@pytest.mark.parametrize("short", SHORT)
def test_saving_is_shown_again_after_a_short_message(short: Step):
    first, above, after = said(*SAVING, short, ("wait", 4_000))
    assert first == after == "saving.saving"
    assert above in ("share.copied", "problems.too_few")


@pytest.mark.parametrize("short", SHORT)
@pytest.mark.parametrize("other", [("saving", "saving"), ("lose",)])
def test_a_later_message_stays(short: Step, other: Step):
    _, told, after = said(short, other, ("wait", 4_000))
    assert told == after is not None


def test_saving_lasts_through_a_lost_line_until_it_is_done():
    assert said(*SAVING, ("lose",), ("welcome", True), ("saving", "saved"), ("wait", 5_000)) == [
        "saving.saving",
        "lost",
        "saving.saving",
        "saving.saved",
        None,
    ]


@pytest.mark.parametrize("end", [("saving", "deleted"), ("welcome", False)])
def test_nothing_is_saved_any_more(end: Step):
    assert said(*SAVING, end) == ["saving.saving", None]


def test_a_player_who_waits_for_a_race_is_told_when_it_goes_on():
    told = said(("problem", "waiting"), ("race",), ("wait", 4_000))
    assert told == ["problems.waiting", "problems.goes_on", None]
