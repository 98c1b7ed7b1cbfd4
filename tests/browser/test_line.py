"""Games when the page is reloaded, the connection is lost, or the server stops."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import Page

from game.rooms import hub
from game.rules.sketches import DRAWINGS, dense
from tests.browser.conftest import NeverSure, NewPlayer, serving
from tests.browser.player import Player
from tests.browser.scissors import SCISSORS
from tests.game.fakes import CountsBars, bars


def port(address: str) -> int:
    return int(address.rsplit(":", 1)[1])


def draw_house(player: Player) -> None:
    player.draw([dense(line, 20) for line in DRAWINGS["house"]])


def test_a_reload_goes_on_with_the_game(new_player: NewPlayer):
    with serving(NeverSure()) as address:
        player = new_player(address).open()
        player.begin("quick_six")
        word, round = player.word, player.round
        draw_house(player)
        player.page.locator("[data-speech][data-frame]").wait_for()
        sheet = player.sheet()
        player.page.reload()
        player.wait_for("drawing")
        assert (player.word, player.round) == (word, round)
        player.wait_for_sheet(sheet)
        player.page.locator("[data-speech]").get_by_text("?").wait_for()


def test_ink_drawn_while_the_line_is_down_counts(new_player: NewPlayer):
    with serving(CountsBars()) as address:
        player = new_player(address)
        player.page.add_init_script(SCISSORS)
        player.open()
        player.begin("sprint")
        now = player.look()
        while now.word == "one":  # a word whose first bar is not yet the whole
            player.skip(now.round)
            now = player.next_word(now.round)
        first, *rest = [[(x, y) for x, y, _ in bar] for bar in bars(now.word)]
        player.draw([first])
        player.page.evaluate("cut()")
        player.page.locator("[data-note]").get_by_text("Connection lost").wait_for()
        player.draw(rest)
        assert player.look() == now
        player.page.evaluate("mend()")
        player.wait_for_guessed(1)
        assert player.page.locator("[data-note]").is_hidden()


def test_a_page_of_another_version_is_loaded_anew_once(
    new_player: NewPlayer, monkeypatch: pytest.MonkeyPatch
):
    with serving(NeverSure()) as address:
        player = new_player(address)
        player.page.add_init_script(SCISSORS)
        player.open().begin("quick_six")
        word, round = player.word, player.round
        loads: list[Page] = []
        player.page.on("load", lambda page: loads.append(page))
        monkeypatch.setattr(hub, "pad", SimpleNamespace(entry=lambda: "pad/main.0123456789ab.js"))
        with player.page.expect_event("load"):
            player.page.evaluate("cut(), mend()")
        for _ in range(2):
            player.wait_for("drawing")
            assert (player.word, player.round) == (word, round)
            player.page.evaluate("cut()")
            player.page.locator("[data-note]").get_by_text("Connection lost").wait_for()
            player.page.evaluate("mend()")
            player.page.locator("[data-note]").wait_for(state="hidden")
        assert len(loads) == 1


def test_a_restarted_server_offers_a_new_game(new_player: NewPlayer):
    with serving(NeverSure()) as address:
        player = new_player(address).open()
        player.begin("sprint")
        draw_house(player)
    player.page.locator("[data-note]").get_by_text("The server is restarting").wait_for()
    with serving(NeverSure(), port(address)):
        card = player.page.get_by_role("alertdialog")
        card.get_by_text("The game was restarted").wait_for()
        card.get_by_role("button", name="Play again").click()
        card.wait_for(state="hidden")
        player.wait_for("countdown")
        player.wait_for("drawing")
        draw_house(player)
        player.page.locator("[data-speech]").get_by_text("?").wait_for()
        player.page.close()


def test_the_game_moves_to_the_tab_opened_last(new_player: NewPlayer):
    with serving(NeverSure()) as address:
        first = new_player(address).open()
        first.begin("practise")
        draw_house(first)
        second = Player(first.page.context.new_page(), address).open()
        second.wait_for("drawing")
        card = first.page.get_by_role("alertdialog")
        card.get_by_text("another tab").wait_for()
        card.get_by_role("button", name="Play here").click()
        card.wait_for(state="hidden")
        second.page.get_by_role("alertdialog").get_by_text("another tab").wait_for()
        assert first.stage == "drawing"
        assert first.ink_at(56, 170)
        assert second.errors == []


HANGS = """
window.WebSocket = class extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  readyState = 0;
  constructor() { super(); window.tries = (window.tries ?? 0) + 1; }
  close() { this.readyState = 3; }
};
"""


def test_a_handshake_that_hangs_is_given_up(new_player: NewPlayer):
    with serving(NeverSure()) as address:
        player = new_player(address)
        page = player.page
        page.clock.install()
        page.add_init_script(HANGS)
        player.open()
        note = page.locator("[data-note]")
        assert note.is_hidden()
        page.clock.fast_forward(10_000)
        note.get_by_text("Connection lost").wait_for()
        page.clock.fast_forward(1_000)
        page.wait_for_function("window.tries === 2")
        for _ in range(2):
            page.clock.fast_forward(10_000)
            page.clock.fast_forward(2_000)
        note.get_by_text("A proxy or firewall may forbid WebSockets").wait_for()


def test_a_script_that_does_not_arrive_leaves_a_sentence_and_a_way_on(new_player: NewPlayer):
    with serving(NeverSure()) as address:
        player = new_player(address)
        page = player.page
        page.route("**/pad/**/*main*.js", lambda route: route.abort())
        page.goto(address)
        page.get_by_text("The game could not be loaded").wait_for()
        page.unroute("**/pad/**/*main*.js")
        player.errors.clear()
        page.get_by_role("link", name="Try again").click()
        player.dr.wait_for()
        assert page.locator("[data-failed]").is_hidden()
