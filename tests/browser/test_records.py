"""The records on the page: a challenge, a replay to scrub through, boards, the daily."""

from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import WebSocketRoute, expect

from game.records import open_records
from game.rules import modes, race
from tests.browser.conftest import NewPlayer, serving
from tests.browser.player import Player
from tests.browser.racing import draw, known_as, lines, places
from tests.game.fakes import CountsBars

WORDS = 2  # number of words of the challenge


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    monkeypatch.setattr(race, "COUNTDOWN", 600.0)
    monkeypatch.setattr(race, "REVEAL", 1_000.0)
    short = replace(modes.MODES["quick_six"], rounds=WORDS, round_time=60_000.0, reveal=500.0)
    monkeypatch.setitem(modes.MODES, "quick_six", short)
    model = CountsBars()
    records = open_records(f"sqlite:///{tmp_path / 'records.sqlite3'}", model, "bars", tmp_path)
    with serving(model, storage=records) as address:
        yield address


def play(player: Player) -> list[str]:
    """Draw all words until the end; return them."""
    asked: list[str] = []
    while (now := player.next_word(len(asked))).stage != "over":
        asked.append(now.word)
        draw(player, lines(now.word))
    return asked


def test_a_game_becomes_a_replay_a_challenge_and_a_place(new_player: NewPlayer, address: str):
    anna, ben = new_player(address), new_player(address)
    known_as(anna, "Anna").open()
    anna.page.locator(".home [data-mode=quick_six]").click()
    words = play(anna)
    assert len(words) == WORDS

    anna.page.locator(".gallery .look").first.click()
    anna.page.locator("[data-replay-word]").get_by_text(words[0]).wait_for()
    assert f"?replay={anna.page.url.rsplit('=', 1)[1]}" in anna.page.url
    assert "Recognised at stroke" in anna.page.locator("[data-replay-tipped]").inner_text()
    slider = anna.page.locator("[data-replay-at]")
    slider.focus()
    anna.page.keyboard.press("Home")
    drawn = anna.page.locator("[data-replay-sheet] path:not([style*=hidden])")
    assert drawn.count() == 0
    anna.page.keyboard.press("End")
    assert drawn.count() == len(lines(words[0]))
    anna.page.locator("[data-replay-speech]").get_by_text("I knew it!").wait_for()
    for link in anna.page.locator("[data-replay-share] a").all():
        picture = anna.page.request.get(str(link.evaluate("(a) => a.href")))
        assert picture.ok
        assert picture.headers["content-type"] in ("image/png", "image/gif")
    anna.page.locator("[data-act=back]").first.click()

    challenge_button = anna.page.locator("[data-over-challenge]")
    challenge_button.wait_for()
    challenge = challenge_button.get_attribute("data-challenge")
    ben.page.goto(f"{address}/?challenge={challenge}")
    ben.page.locator("[data-challenge-title]").get_by_text("Anna challenges you!").wait_for()
    ben.page.locator(".challenge [data-own-name]").fill("Ben")
    ben.page.locator("[data-challenge-accept]").click()
    ben.wait_for("drawing")
    assert play(ben) == words
    assert sorted(places(ben)) == ["Anna", "Ben"]

    ben.page.locator("[data-act=leave]:visible").first.click()
    ben.page.locator(".home [data-act=boards]").click()
    ben.page.locator("[data-board-of]").select_option("mode:quick_six")
    ben.page.locator("[data-ranks] li").first.wait_for()
    ben.page.locator("[data-board-of]").select_option(f"word:{words[0]}")
    ben.page.locator("[data-ranks] li button").first.click()
    ben.page.locator("[data-replay-word]").get_by_text(words[0]).wait_for()


def test_the_daily_can_be_drawn_once(new_player: NewPlayer, address: str):
    player = new_player(address).open()
    page = player.page
    page.locator(".home [data-act=daily]").click()
    page.locator("[data-play-daily]").click()
    player.wait_for("drawing")
    assert len(play(player)) == 5
    page.locator("[data-podium-rank]").get_by_text("1 of 1").wait_for()
    page.locator(".podium [data-act=leave]").click()
    page.locator(".home [data-act=daily]").click()
    page.locator("[data-daily-says]").get_by_text("place 1 of 1").wait_for()
    assert page.locator("[data-play-daily]").is_hidden()


def test_boards_that_were_opened_at_once_offer_the_words_when_they_arrive(
    new_player: NewPlayer, address: str
):
    page = new_player(address).page
    held: list[Callable[[], None]] = []

    def late(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        server.on_message(lambda text: held.append(lambda: route.send(text)))

    page.route_web_socket("**/race", late)
    page.goto(address)
    page.locator(".home [data-act=boards]").click()
    of = page.locator("[data-board-of]")
    of.select_option("every:")
    words = of.locator("option[value^='word:']")
    expect(words).to_have_count(0)
    while not held:
        page.wait_for_timeout(50)
    held[0]()
    expect(words).not_to_have_count(0)
    expect(of).to_have_value("every:")
