"""Badges: drawn on a sheet, kept in the browser, and seen by the others beside the name."""

from collections.abc import Generator
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from game.rules import race
from game.rules.badges import MAX_POINTS, MAX_STROKES, strokes_of
from game.rules.sketches import SketchLine
from tests.browser.conftest import NewPlayer, serving
from tests.browser.player import Player
from tests.browser.racing import draw, host, lines, party, start_race
from tests.game.fakes import CountsBars

ROOF: SketchLine = [(0.2, 0.8), (0.5, 0.2), (0.8, 0.8)]  # shares of the sheet's side
FLOOR: SketchLine = [(0.2, 0.8), (0.8, 0.8)]
STORED = "doodle-race-badge"
PUT = "([key, text]) => localStorage.setItem(key, text)"
DOODLE = ".badge-of .doodle"


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    monkeypatch.setattr(race, "COUNTDOWN", 600.0)
    monkeypatch.setattr(race, "REVEAL", 30_000.0)
    with serving(CountsBars()) as address:
        yield address


def open_sheet(page: Page) -> None:
    page.get_by_role("button", name="Draw your badge").locator("visible=true").click()
    expect(page.get_by_role("dialog", name="Your badge")).to_be_visible()


def draw_on_sheet(page: Page, *drawn: SketchLine) -> None:
    box = page.locator("[data-badge-pad]").bounding_box()
    assert box
    for line in drawn:
        spots = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in line]
        page.mouse.move(*spots[0])
        page.mouse.down()
        for _, spot in pairwise(spots):
            page.mouse.move(*spot)
        page.mouse.up()


def stored(page: Page) -> str:
    return page.evaluate("(key) => localStorage.getItem(key) ?? ''", STORED)


def doodles(player: Player, place: str) -> list[str]:
    """Whose names a doodle stands beside, in a list of the page."""
    found = player.page.locator(place, has=player.page.locator(DOODLE))
    return [text.split("\n")[0] for text in found.all_inner_texts()]


def test_a_badge_is_drawn_by_keyboard(new_player: NewPlayer, address: str):
    page = new_player(address).open().page
    page.locator(".home [data-act=meet]").press("Enter")
    page.get_by_role("button", name="Draw your badge").locator("visible=true").press("Enter")
    expect(page.locator("[data-badge-pad]")).to_be_focused()
    for key in ("Space", "Shift+ArrowDown", "Space", "Shift+ArrowRight", "Space", "ArrowUp"):
        page.keyboard.press(key)
    expect(page.locator(".badge-pad .own-nib.down")).to_be_visible()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Use it").press("Enter")
    assert len(strokes_of(stored(page))) == 2


def test_a_badge_is_drawn_once_and_seen_by_all(new_player: NewPlayer, address: str):
    anna, ben = party(new_player, address, "Anna", "Ben")
    page = anna.page
    open_sheet(page)
    draw_on_sheet(page, ROOF, FLOOR, [(0.1, 0.1), (0.9, 0.9)])
    page.keyboard.press("Control+z")
    page.get_by_role("button", name="Use it").click()
    expect(ben.page.locator(f".seats {DOODLE}")).to_have_count(1)
    assert doodles(ben, ".seats .nameplate") == ["Anna"]
    roof, floor = strokes_of(stored(page))
    assert [roof[0], roof[-1], len(roof), len(floor)] == [(0, 63), (63, 63), 3, 2]
    assert roof[1] == (32, 0) or roof[1] == (31, 0), "the drawing fills the badge"
    code = page.locator("[data-code]").inner_text()
    page.reload()
    anna.wait_for("lobby")
    expect(page.locator(f".own-badge:visible {DOODLE}")).to_have_count(1)
    screen = new_player(address).page
    screen.goto(f"{address}/?watch={code}")
    screen.locator(".dr[data-stage=lobby]").wait_for()
    start_race([ben, anna])  # he became the host when she left the page
    expect(screen.locator(f"[data-watch-opponents] {DOODLE}")).to_have_count(1)
    expect(ben.page.locator(f"[data-opponents] {DOODLE}")).to_have_count(1)
    for player in (anna, ben):
        draw(player, lines(anna.word))
    anna.wait_for("reveal")
    assert doodles(ben, "[data-drawings] .nameplate") == ["Anna"]
    wearer = ben.page.get_by_role("button", name="Make this my badge")
    wearer.focus()
    ben.page.keyboard.press("Enter")
    expect(ben.page.locator("[data-note]")).to_have_text("That’s your badge now.")
    expect(anna.page.locator(f"[data-drawings] {DOODLE}")).to_have_count(2)
    expect(wearer).to_be_focused()  # though the drawings are shown anew, with the badge
    assert len(strokes_of(stored(ben.page))) == len(lines(anna.word))


def test_the_sheet_has_the_keys_and_a_blank_one_means_no_badge(new_player: NewPlayer, address: str):
    player = new_player(address)
    host(player, "Anna")
    page = player.page
    sheet = page.get_by_role("dialog", name="Your badge")
    page.evaluate(PUT, [STORED, "AA__"])
    open_sheet(page)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert player.stage == "lobby"
    expect(
        page.get_by_role("button", name="Draw your badge").locator("visible=true")
    ).to_be_focused()
    open_sheet(page)
    sheet.get_by_role("button", name="Clear").click()
    expect(sheet.get_by_role("button", name="Undo")).to_be_disabled()
    sheet.get_by_role("button", name="Use it").click()
    expect(page.locator(f".own-badge:visible {DOODLE}")).to_have_count(0)
    assert stored(page) == ""


def test_the_longest_scribble_becomes_a_badge_that_the_server_takes(
    new_player: NewPlayer, address: str
):
    player = new_player(address)
    host(player, "Anna")
    open_sheet(player.page)
    zigzag = [(0.1 + 0.8 * (i % 7) / 7, 0.1 + 0.8 * (i % 11) / 11) for i in range(15)]
    scribble = [[(x, (y + 0.04 * n) % 1) for x, y in zigzag] for n in range(MAX_STROKES + 2)]
    draw_on_sheet(player.page, *scribble)
    player.page.get_by_role("button", name="Use it").click()
    expect(player.page.locator(f".seats {DOODLE}")).to_have_count(1)
    strokes = strokes_of(stored(player.page))
    assert len(strokes) == MAX_STROKES
    assert sum(map(len, strokes)) > MAX_POINTS / 2, "no more is left out than has to be"


def test_an_odd_badge_is_left_out_and_the_player_told(new_player: NewPlayer, address: str):
    player = new_player(address)
    player.page.add_init_script(f"({PUT})(['{STORED}', '<svg>'])")
    host(player, "Anna")
    assert player.page.locator(".seats .badge-of").count() == 1
    assert player.page.locator(f".seats {DOODLE}").count() == 0
    expect(player.page.locator("[data-note]")).to_contain_text("Draw it again")


def test_the_race_closes_the_sheet(new_player: NewPlayer, address: str):
    anna, ben = party(new_player, address, "Anna", "Ben")
    open_sheet(ben.page)
    start_race([anna, ben])
    expect(ben.page.get_by_role("dialog")).to_have_count(0)
