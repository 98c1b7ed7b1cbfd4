"""The big screen, and players who have won their word: they see the others draw, but late."""

from collections.abc import Generator
from time import monotonic

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from game.rules import race
from game.rules.delayed_ink import DELAY
from tests.browser.conftest import NewPlayer, serving
from tests.browser.player import Player
from tests.browser.puppet import Puppet
from tests.browser.racing import draw, host, lines, party, start_race
from tests.browser.states import SCENES
from tests.game.fakes import CountsBars

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
BIG: ViewportSize = {"width": 1920, "height": 1080}
# Share of the window that pads cover, and whether a pad lies beyond the window or the page scrolls.
FILLED = """() => {
  const boxes = [...document.querySelectorAll("[data-watch-opponents] .frame")]
    .map((frame) => frame.getBoundingClientRect());
  const share = boxes.reduce((sum, { width, height }) => sum + width * height, 0);
  const { scrollHeight, scrollWidth } = document.documentElement;
  const beyond = scrollHeight > innerHeight || scrollWidth > innerWidth
    || boxes.some(({ right, bottom }) => right > innerWidth || bottom > innerHeight);
  return [share / innerWidth / innerHeight, beyond];
}"""


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    monkeypatch.setattr(race, "COUNTDOWN", 600.0)
    with serving(CountsBars()) as address:
        yield address


def big_screen(new_player: NewPlayer, address: str, host: Player) -> Page:
    """A page that watches the host's room."""
    code = host.page.locator("[data-code]").inner_text()
    page = new_player(address).page
    page.goto(f"{address}/?watch={code}")
    page.locator(".dr[data-stage=lobby]").wait_for()
    return page


def test_ink_is_seen_late_by_the_big_screen_and_by_who_has_won(new_player: NewPlayer, address: str):
    anna, ben = party(new_player, address, "Anna", "Ben")
    screen = big_screen(new_player, address, anna)
    start_race([anna, ben])
    line = screen.locator("[data-watch-opponents] li", has_text="Ben").locator(".frame path")
    began = monotonic()
    ben.draw([[(30.0, 30.0), (45.0, 40.0)]])  # too little to be judged
    expect(line).to_have_count(1)
    assert monotonic() - began > DELAY / 1000
    draw(anna, lines(anna.word))
    expect(anna.page.locator("[data-opponents] .frame path")).to_have_count(1)
    assert not ben.page.locator("[data-opponents] .frame path").count()
    ben.page.locator("[data-act=undo]").click()
    expect(anna.page.locator("[data-opponents] .frame path")).to_have_count(0)


def test_a_game_that_is_begun_at_a_big_screen_outlives_a_reload(
    new_player: NewPlayer, address: str
):
    anna = new_player(address)
    host(anna, "Anna")
    screen = Player(big_screen(new_player, address, anna), address)
    screen.page.locator("[data-act=leave]:visible").first.click()
    screen.wait_for("home")
    screen.begin("sprint")
    screen.page.reload()
    screen.wait_for("drawing")


def test_a_host_hides_the_drawings_from_those_who_watch(new_player: NewPlayer, address: str):
    anna, ben = party(new_player, address, "Anna", "Ben")
    anna.page.get_by_label("show live").uncheck()
    expect(ben.page.locator("[data-live-choice]")).not_to_be_checked()
    screen = big_screen(new_player, address, anna)
    start_race([anna, ben])
    screen.locator("[data-watch-opponents] .tube").first.wait_for()
    assert not screen.locator(".frame:visible").count()


@pytest.mark.parametrize("size", [DESKTOP, BIG], ids=["desktop", "big"])
def test_the_pads_fill_the_screen_and_nothing_scrolls(
    browser: Browser, puppet: tuple[Puppet, str], size: ViewportSize
):
    server, address = puppet
    for name, least in (("watch_3", 0.3), ("watch_8", 0.3), ("watch_30", 0.2)):
        server.scene = SCENES[name]
        page = browser.new_page(viewport=size)
        page.goto(address)
        page.locator("[data-watch-opponents] .frame path").first.wait_for()
        page.wait_for_timeout(100)
        share, beyond = page.evaluate(FILLED)
        assert (share > least, beyond) == (True, False), (name, share)
        page.close()


@pytest.mark.parametrize("name", ["race_30", "race_finish_30"])
def test_a_class_on_phones_draws_without_scrolling(
    browser: Browser, puppet: tuple[Puppet, str], name: str
):
    server, address = puppet
    server.scene = SCENES[name]
    page = browser.new_page(viewport=PHONE)
    page.goto(address)
    page.locator("[data-opponents] li").nth(28).wait_for()
    page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.close()


def test_players_change_sides_and_the_screen_shows_both_teams_points(
    new_player: NewPlayer, address: str
):
    anna, ben = party(new_player, address, "Anna", "Ben")
    anna.page.get_by_label("two teams").check()
    expect(ben.page.locator(".seats .team")).to_have_count(2)
    ben.page.get_by_role("button", name="Go to Team Sun").click()
    expect(anna.page.locator(".seats .t0")).to_have_count(2)
    ben.page.get_by_role("button", name="Go to Team Cloud").click()
    expect(anna.page.locator(".seats .t1")).to_have_count(1)
    screen = big_screen(new_player, address, anna)
    start_race([anna, ben])
    expect(screen.locator(".watch [data-teams] li")).to_have_count(2)
    draw(anna, lines(anna.word))
    draw(ben, lines(ben.word))
    points = screen.locator(".watch [data-teams] b")
    expect(points).to_have_text(["5", "3"])


def test_a_host_opens_the_room_for_a_class(new_player: NewPlayer, address: str):
    anna, ben = party(new_player, address, "Anna", "Ben")
    anna.page.get_by_label("a class: up to 30").check()
    expect(ben.page.get_by_label("a class: up to 30")).to_be_checked()
    expect(anna.page.locator(".seats .free")).to_have_count(4)
