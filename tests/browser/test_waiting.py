"""Messages to players while servers of a race fail, with a real Redis."""

from collections.abc import Generator

import pytest
from playwright.sync_api import Locator

from tests import servers
from tests.browser.conftest import NeverSure, NewPlayer, serving
from tests.browser.player import Player
from tests.browser.racing import host
from tests.servers import Redis


@pytest.fixture
def redis() -> Generator[Redis]:
    with servers.redis() as server:
        yield server


def note(player: Player, text: str) -> Locator:
    return player.page.locator("[data-note]").get_by_text(text)


def test_a_race_out_of_reach_waits_and_goes_on(new_player: NewPlayer, redis: Redis):
    with serving(NeverSure(), redis_url=redis.url) as address:
        player = new_player(address)
        host(player, "Ada")
        redis.kill()
        player.page.keyboard.press("Home")  # the shortest rounds
        note(player, "was interrupted").wait_for()
        redis.start()
        note(player, "The race continues").wait_for()
        player.page.locator("[data-note]").wait_for(state="hidden")
        player.page.locator("[data-seconds-shown]").get_by_text("10 s").wait_for()


def test_joining_while_rooms_cannot_be_reached_shows_a_message(new_player: NewPlayer, redis: Redis):
    with serving(NeverSure(), redis_url=redis.url) as address:
        player = new_player(address).open()
        redis.kill()
        player.page.locator(".home [data-act=meet]").click()
        player.page.locator("[data-act=open-room]").click()
        note(player, "Races cannot be reached just now").wait_for()
        redis.start()
        host(player, "Ada")


def test_a_lost_race_is_reported_and_another_room_offered(new_player: NewPlayer, redis: Redis):
    with serving(NeverSure(), redis_url=redis.url) as address:
        player = new_player(address)
        code = host(player, "Ada")
        redis.kill()
        redis.forget()
        redis.start()
        card = player.page.get_by_role("alertdialog")
        card.get_by_text("This race was lost").wait_for()
        card.get_by_role("button", name="Open a new room").click()
        player.wait_for("lobby")
        assert player.page.locator("[data-code]").inner_text() != code
