"""Bots on the page: a host adds them, and a player who waits for a stranger is offered one."""

from collections.abc import Generator

import pytest
from playwright.sync_api import expect

from game.rules import race
from game.rules.bots import STRANGER_WAIT
from tests.browser.conftest import NewPlayer, serving
from tests.browser.puppet import Puppet
from tests.browser.puppet import serving as serving_puppet
from tests.browser.races import SCENES
from tests.browser.racing import host
from tests.game.fakes import CountsBars


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    monkeypatch.setattr(race, "COUNTDOWN", 600.0)
    with serving(CountsBars()) as address:
        yield address


def test_a_host_alone_adds_a_bot_and_races_it(new_player: NewPlayer, address: str):
    anna = new_player(address)
    host(anna, "Anna")
    expect(anna.page.locator("[data-start]")).to_be_disabled()
    for strength in ("easy", "strong"):
        anna.page.locator("[data-bots]").get_by_role("button", name=strength).click()
    seats = anna.page.locator(".seats li:not(.free)")
    expect(seats).to_have_count(3)
    expect(seats.nth(1)).to_contain_text("easy")
    anna.page.get_by_role("button", name="Remove the bot").first.click()
    expect(seats.nth(1)).to_contain_text("strong")
    anna.page.locator("[data-start]").click()
    anna.wait_for("drawing")
    expect(anna.page.locator("[data-opponents] li .bot")).to_have_count(1)


def test_who_waits_for_a_stranger_is_offered_others_and_a_pad_to_warm_up(new_player: NewPlayer):
    puppet = Puppet()
    puppet.scene = SCENES["lobby_alone"]
    with serving_puppet(puppet.app) as address:
        player = new_player(address)
        player.page.clock.install()
        page = player.open().page
        meanwhile, hint = page.locator("[data-meanwhile]"), page.locator("[data-warm-hint]")
        page.clock.run_for(int(STRANGER_WAIT) + 100)
        expect(meanwhile.get_by_role("button", name="Race a bot")).to_be_visible()
        expect(meanwhile.get_by_role("button", name="Race a recording")).to_be_visible()
        expect(hint).to_be_visible()
        box = page.locator("[data-warm-pad]").bounding_box()
        assert box
        page.mouse.move(box["x"] + 40, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + 90, box["y"] + 90)
        page.mouse.up()
        expect(hint).to_be_hidden()
