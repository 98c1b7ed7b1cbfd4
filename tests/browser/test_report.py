"""A reported drawing disappears at once and for good from every page, board and gallery."""

from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from game.records import open_records
from game.rules import race
from tests.browser.conftest import NewPlayer, serving
from tests.browser.player import Player
from tests.browser.racing import draw, lines, party, revealed, start_race
from tests.game.fakes import CountsBars


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    monkeypatch.setattr(race, "COUNTDOWN", 600.0)
    monkeypatch.setattr(race, "REVEAL", 300_000.0)  # stays, however slow the machine
    model = CountsBars()
    records = open_records(f"sqlite:///{tmp_path / 'records.sqlite3'}", model, "bars", tmp_path)
    with serving(model, storage=records) as address:
        yield address


def card_of(player: Player, name: str) -> Locator:
    return player.page.locator("[data-drawings] li").filter(has_text=name)


def report(player: Player, name: str) -> None:
    """Press the flag of a drawing, and again to confirm."""
    card_of(player, name).get_by_role("button", name="Report this drawing").click()
    assert card_of(player, name).locator("svg.picture").count() == 1
    press_again(card_of(player, name))


def press_again(place: Locator) -> None:
    """Press the flag once more, and again if it took so long that the flag asks a second time."""
    flag = place.get_by_role("button", name="Press again")
    flag.wait_for()
    while flag.count():
        flag.evaluate_all("(flags) => flags.forEach((flag) => flag.click())")


def board_of(player: Player, word: str) -> None:
    player.page.locator(".home [data-act=boards]").click()
    player.page.locator("[data-board-of]").select_option(f"word:{word}")


def test_a_reported_drawing_is_gone_from_every_page(new_player: NewPlayer, address: str):
    anna, ben = party(new_player, address, "Anna", "Ben")
    code = anna.page.locator("[data-code]").inner_text()
    screen, stranger = new_player(address), new_player(address).open()
    screen.page.goto(f"{address}/?watch={code}")
    start_race([anna, ben])
    word = anna.word
    draw(anna, lines(word))
    draw(ben, lines(word))
    for player in (anna, ben, screen):
        revealed(player, word)
    board_of(stranger, word)
    names = stranger.page.locator("[data-ranks] .who")
    stranger.page.locator("[data-ranks] li:nth-child(2)").wait_for()
    assert names.all_inner_texts() == ["Anna", "Ben"]

    report(ben, "Anna")
    for player in (anna, ben, screen):
        card_of(player, "Anna").get_by_text("Reported and hidden.").wait_for()
        assert card_of(player, "Anna").locator("svg.picture").count() == 0
        assert card_of(player, "Ben").locator("svg.picture").count() == 1
    stranger.page.locator("[data-ranks] li:nth-child(2)").wait_for(state="detached")
    assert names.all_inner_texts() == ["Ben"]

    for player in (ben, screen):
        player.page.reload()
        card_of(player, "Anna").get_by_text("Reported and hidden.").wait_for()
        assert card_of(player, "Anna").locator("svg.picture").count() == 0
    stranger.page.reload()
    board_of(stranger, word)
    stranger.page.locator("[data-ranks] li").first.wait_for()
    assert names.all_inner_texts() == ["Ben"]


def test_a_replay_that_others_look_at_closes_when_it_is_reported(
    new_player: NewPlayer, address: str
):
    anna, ben = party(new_player, address, "Anna", "Ben")
    start_race([anna, ben])
    word = anna.word
    draw(anna, lines(word))
    draw(ben, lines(word))
    revealed(anna, word)
    watching, reporting = new_player(address).open(), new_player(address).open()
    for player in (watching, reporting):
        board_of(player, word)
        player.page.locator("[data-ranks] li button").first.click()
        player.page.locator("[data-replay-by]").get_by_text("Anna").wait_for()
    link = watching.page.url
    assert "?replay=" in link
    picture = link.split("?replay=")[1]
    assert anna.page.request.get(f"{address}/replays/{picture}/card.png").ok
    reporting.page.get_by_role("button", name="Report this drawing").click()
    press_again(reporting.page.locator(".dr"))
    for player in (watching, reporting):
        player.page.locator(".dr[data-screen=home]").wait_for()
    card_of(anna, "Anna").get_by_text("Reported and hidden.").wait_for()
    for path in ("", "/card.png", "/replay.gif"):
        assert anna.page.request.get(f"{address}/replays/{picture}{path}").status == 404
    watching.page.goto(link)
    watching.page.get_by_role("alertdialog").get_by_text("This drawing is not available").wait_for()
    assert all("404" in error for error in watching.errors)  # the browser itself logs these
    watching.errors.clear()
