"""A player reads what is stored of them, and deletes all of it with one button."""

from collections.abc import Generator
from pathlib import Path

import pytest

from game.records import open_records
from tests.browser.conftest import NewPlayer, serving
from tests.browser.player import Player
from tests.browser.racing import known_as
from tests.game.fakes import CountsBars

KEY = "doodle-race-key"


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    monkeypatch.setenv("DOODLE_KEEP_DAYS", "90")
    model = CountsBars()
    records = open_records(f"sqlite:///{tmp_path / 'records.sqlite3'}", model, "bars", tmp_path)
    with serving(model, storage=records) as address:
        yield address


def key_of(player: Player) -> str | None:
    return player.page.evaluate(f"localStorage.getItem('{KEY}')")


def ask(player: Player) -> None:
    """Press the button that deletes, on the page about one's data."""
    player.page.locator(".home [data-act=privacy]").click()
    player.page.locator("[data-forget]").click()


def test_it_says_what_is_kept_and_for_how_long(new_player: NewPlayer, address: str):
    page = new_player(address).open().page
    page.locator(".home [data-act=privacy]").click()
    page.get_by_text("For 90 days, or until you delete it.").wait_for()
    assert "Your drawings with their times" in page.locator(".privacy").inner_text()
    page.locator(".backward").click()
    page.locator(".dr[data-screen=home]").wait_for()


def test_everything_is_deleted_after_a_confirmation(new_player: NewPlayer, address: str):
    player = known_as(new_player(address), "Anna").open()
    page = player.page
    key = key_of(player)
    assert key
    ask(player)
    page.get_by_role("alertdialog").get_by_role("button", name="Keep it").click()
    assert key_of(player) == key

    with page.expect_request("**/forget") as asked:
        page.locator("[data-forget]").click()
        page.get_by_role("alertdialog").get_by_role("button", name="Delete everything").click()
    assert asked.value.post_data_json == {"key": key}
    assert (response := asked.value.response())
    assert response.ok
    page.get_by_text("have forgotten you").wait_for()
    assert (
        page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('doodle'))") == []
    )
    with page.expect_navigation():
        page.get_by_role("alertdialog").get_by_role("button", name="Home").click()
    player.dr.wait_for()
    page.wait_for_function(f"localStorage.getItem('{KEY}')")
    assert key_of(player) != key


def test_nothing_is_forgotten_here_when_the_server_cannot_be_reached(
    new_player: NewPlayer, address: str
):
    player = new_player(address).open()
    key = key_of(player)
    player.page.route("**/forget", lambda route: route.abort())
    ask(player)
    player.page.get_by_role("alertdialog").get_by_role("button", name="Delete everything").click()
    player.page.locator("[data-note]").get_by_text("Nothing was deleted").wait_for()
    assert key_of(player) == key
    player.errors.clear()  # the browser tells of the refused request by itself
