"""A room with all eight seats taken, and a player who joins after that."""

from collections.abc import Generator

import pytest

from game.rules import race
from tests.browser.conftest import NewPlayer, serving
from tests.browser.player import Player
from tests.browser.racing import PHONE, draw, guest, host, join_by_code, lines, revealed, start_race
from tests.browser.socket_players import seated_players
from tests.game.fakes import CountsBars

NAMES = ("Bo", "Cleo", "Dan", "Eve", "Finn", "Gus")


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    monkeypatch.setattr(race, "COUNTDOWN", 600.0)
    monkeypatch.setattr(race, "REVEAL", 4_000.0)
    with serving(CountsBars()) as address:
        yield address


def scrolls(player: Player) -> bool:
    """Whether anything is beside or below the visible part of the page."""
    return player.page.evaluate(
        """() => {
          const { scrollHeight, scrollWidth } = document.documentElement;
          return scrollHeight > innerHeight || scrollWidth > innerWidth;
        }"""
    )


def test_the_ninth_player_watches_until_a_seat_is_free(new_player: NewPlayer, address: str):
    anna, phone, ninth = (
        new_player(address),
        new_player(address, **PHONE),
        new_player(address).open(),
    )
    code = host(anna, "Anna")
    with seated_players(address, code, NAMES):
        anna.page.locator(".seats li:not(.free):nth-child(7)").wait_for()
        guest(phone, code, "Phone")
        anna.page.locator(".seats li:not(.free):nth-child(8)").wait_for()
        assert not anna.page.locator(".seats .free").count()

        join_by_code(ninth, code)
        card = ninth.page.get_by_role("alertdialog")
        card.get_by_text("This room is full").wait_for()
        card.get_by_role("button", name="Watch the race").click()
        ninth.wait_for("lobby")
        ninth.page.locator("[data-lobby-says]").get_by_text("You’re watching").wait_for()
        assert ninth.page.locator(".lobby [data-act=sit]").is_hidden()
        anna.page.locator("[data-lobby-says]").get_by_text("1 person watches").wait_for()

        start_race([anna, phone])
        word = anna.word
        assert anna.page.locator("[data-opponents] li").count() == 7
        assert ninth.page.locator("[data-watch-opponents] li").count() == 8
        assert not ninth.page.locator("canvas.pad:visible").count()
        assert not scrolls(phone)
        draw(phone, lines(word))
        draw(anna, lines(word))
        for player in (anna, phone, ninth):
            revealed(player, word)
            cards = player.page.locator("[data-drawings] li")
            assert cards.count() == 8
            assert sorted(cards.locator(".who").all_inner_texts()) == sorted(
                [*NAMES, "Anna", "Phone"]
            )
        assert sorted(anna.page.locator("[data-drawings] .gain").all_inner_texts()) == [
            *["+1"] * 5,
            *("+2", "+3", "+5"),
        ]
        assert ninth.page.locator("[data-act=sit]:visible").count() == 0
        phone.page.locator(".brand").click()
        phone.page.get_by_role("button", name="Leave").click()
        ninth.page.locator(".watch [data-act=sit]").click()
        ninth.page.locator("[data-watch-says]").get_by_text(
            "You join with the next word"
        ).wait_for()
        anna.wait_for("drawing")
        draw(anna, lines(anna.word))
        ninth.page.locator(".dr[data-screen=play][data-stage=drawing]").wait_for()
        assert ninth.word == anna.word
