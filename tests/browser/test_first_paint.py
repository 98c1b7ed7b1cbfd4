"""The game is shown and played before Gradio's scripts have come, and then moves into its page."""

from collections.abc import Generator

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import NewPlayer, serving
from tests.browser.player import PATIENCE, Look, Player
from tests.browser.racing import lines
from tests.game.fakes import CountsBars

GRADIO = "**/assets/**"  # its scripts and styles
INSIDE = "gradio-app .dr"


@pytest.fixture(scope="module")
def address() -> Generator[str]:
    with serving(CountsBars()) as address:
        yield address


def hold(route: Route) -> None:
    """Leave a request without an answer until the route is taken away."""


def early(player: Player) -> Page:
    """Open the page while Gradio's files are held back."""
    player.page.route(GRADIO, hold)
    player.page.goto(player.address, wait_until="commit")
    player.dr.wait_for()
    return player.page


def win(player: Player, now: Look) -> None:
    """Draw the word of a round until it is guessed."""
    for line in lines(now.word):
        player.draw([line])
    assert player.wait_for_end_of(now.round, PATIENCE)


def test_a_word_is_won_before_gradio_has_come_and_the_game_goes_on_inside(
    new_player: NewPlayer, address: str
):
    player = new_player(address)
    page = early(player)
    player.begin("sprint")
    assert page.locator(INSIDE).count() == 0
    win(player, player.look())
    page.unroute(GRADIO)
    page.locator("[data-place]").or_(page.locator(INSIDE)).wait_for(state="attached")
    win(player, player.next_word(1))  # Gradio's page may have come while this word is drawn
    page.locator(INSIDE).wait_for()
    assert page.locator(".dr").count() == 1
    win(player, player.next_word(2))
    assert player.guessed == 3


def test_who_draws_is_not_disturbed(new_player: NewPlayer, address: str):
    player = new_player(address)
    page = early(player)
    player.begin("practise")
    player.draw([[(20, 20), (200, 200)]])
    page.unroute(GRADIO)
    page.locator("[data-place]").wait_for(state="attached")
    player.painted()
    assert page.locator(INSIDE).count() == 0
    page.keyboard.press("Escape")
    player.wait_for("home")
    page.locator(INSIDE).wait_for()


def test_who_types_keeps_the_field(new_player: NewPlayer, address: str):
    page = early(new_player(address))
    page.locator(".home [data-act=meet]").click()
    field = page.locator(".meet [data-own-name]")
    field.click()
    page.keyboard.type("An")
    page.unroute(GRADIO)
    page.locator("[data-place]").wait_for(state="attached")
    page.keyboard.type("na")
    assert page.locator(INSIDE).count() == 0
    page.locator(".meet h1").click()
    page.locator(INSIDE).wait_for()
    assert page.locator(".meet [data-own-name]").input_value() == "Anna"


def test_an_open_sheet_stays_above_the_page(new_player: NewPlayer, address: str):
    page = early(new_player(address))
    page.locator(".home [data-act=meet]").click()
    page.locator(".meet .own-badge").click()
    page.unroute(GRADIO)
    page.locator("[data-place]").wait_for(state="attached")
    assert page.locator("[data-badge-sheet]").evaluate("(sheet) => sheet.matches(':modal')")
    page.get_by_role("button", name="Cancel").click()
    page.locator(INSIDE).wait_for()


def test_the_game_can_be_played_when_gradio_never_comes(new_player: NewPlayer, address: str):
    player = new_player(address)
    page = player.page
    page.route(GRADIO, lambda route: route.abort())
    page.goto(address, wait_until="commit")
    player.begin("sprint")
    win(player, player.look())
    player.errors.clear()  # the browser's own, about the files that failed


def test_nothing_can_be_pressed_before_the_game_has_started(new_player: NewPlayer, address: str):
    page = new_player(address).page
    page.route("**/pad/main*.js", hold)
    page.goto(address, wait_until="commit")
    page.wait_for_function("document.styleSheets.length > 0 && document.querySelector('.dr')")
    assert not page.locator(".dr").is_visible()
    page.unroute("**/pad/main*.js")
    page.locator(".dr").wait_for()


def test_the_texts_are_on_their_way_before_the_scripts_and_fetched_once(
    new_player: NewPlayer, address: str
):
    page = new_player(address, locale="hi-IN").page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/pad/main*.js", hold)
    with page.expect_response("**/pad/languages/*.json"):
        page.goto(address, wait_until="commit")
    page.unroute("**/pad/main*.js")
    page.locator(".dr[lang=hi]").wait_for()
    assert [url for url in asked if "/languages/" in url] == [f"{address}/pad/languages/hi.json"]


@pytest.mark.parametrize(
    ("system", "query", "dark"),
    [
        ("dark", "", True),
        ("dark", "?__theme=light", False),
        ("light", "?__theme=dark", True),
        ("dark", "?__theme=system", True),
    ],
)
def test_a_space_chooses_the_look(
    new_player: NewPlayer, address: str, system: str, query: str, dark: bool
):
    player = new_player(address, color_scheme=system)
    page = player.page
    page.goto(address + query)
    player.wait()
    page.wait_for_load_state("networkidle")  # Gradio dresses the page as well
    shown = page.locator(".dr").evaluate("(e) => getComputedStyle(e).colorScheme")
    assert shown == ("dark" if dark else "light")
