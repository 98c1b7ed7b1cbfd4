"""Reactions are shown beside the player who sent them, and do not disturb those who draw."""

import pytest

from game.messages import RaceState, Reaction
from tests.browser.puppet import Puppet
from tests.browser.states import SCENES
from tests.browser.visitor import Visitor


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("race_warm", "[data-opponents]"),
        ("race_finish", "[data-opponents]"),
        ("watch_3", "[data-watch-opponents]"),
        ("race_reveal_3", "[data-drawings]"),
        ("race_podium", "[data-steps]"),
    ],
)
def test_a_reaction_is_shown_beside_its_player(
    visitor: Visitor, puppet: tuple[Puppet, str], name: str, place: str
):
    visitor.visit(SCENES[name])
    puppet[0].tell(Reaction(seat=1 if name == "race_warm" else 2, reaction="wow"))
    visitor.page.locator(f"{place} li .felt").wait_for()
    assert visitor.page.locator(".felt:visible").count() == 1


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("race_warm", False),
        ("race_finish", True),
        ("race_reveal_3", True),
        ("race_podium", True),
        ("watch_3", False),
        ("race_ghost", False),
    ],
)
def test_a_player_who_draws_watches_or_is_alone_is_offered_no_reactions(
    visitor: Visitor, name: str, offered: bool
):
    visitor.visit(SCENES[name])
    assert visitor.page.locator("[data-reactions]:visible").count() == offered


def test_the_own_reaction_is_shown_at_its_buttons(visitor: Visitor, puppet: tuple[Puppet, str]):
    visitor.visit(SCENES["race_finish"])
    state = SCENES["race_finish"].messages[0]
    assert isinstance(state, RaceState)
    assert state.you is not None
    puppet[0].tell(Reaction(seat=state.you, reaction="heart"))
    visitor.page.locator(".tools [data-reactions] .felt").wait_for()


def test_a_reaction_is_not_read_out_to_a_player_who_draws(
    visitor: Visitor, puppet: tuple[Puppet, str]
):
    visitor.visit(SCENES["race_warm"])
    puppet[0].tell(Reaction(seat=1, reaction="fire"))
    visitor.page.locator(".felt:visible").wait_for()
    spoken = visitor.page.locator("[data-told], [data-spoken]").all_text_contents()
    assert not any("on fire" in text for text in spoken)
