"""The marker moved by the keyboard draws smooth lines and wins words."""

from itertools import pairwise
from math import atan2, degrees, hypot

from playwright.sync_api import Page

from tests.browser.conftest import NewPlayer, serving
from tests.browser.player import Player
from tests.game.fakes import WORDS, CountsBars

SENT = """
window.sent = [];
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (text) { sent.push(JSON.parse(text)); send.call(this, text); };
"""
SHARPEST = 35.0  # degrees by which a smooth line turns between two points at most
FRAME = 35.0  # ms between two frames of a slow screen


def hold(page: Page, *keys: str, milliseconds: int) -> None:
    """Hold arrows down together."""
    for key in keys:
        page.keyboard.down(key)
    page.wait_for_timeout(milliseconds)
    for key in keys:
        page.keyboard.up(key)


def bar(player: Player) -> None:
    """Draw an upright bar with arrows and space, the marker being above it."""
    page = player.page
    page.keyboard.press(" ")
    hold(page, "ArrowDown", milliseconds=900)
    page.keyboard.press(" ")
    for _ in range(12):  # in steps: held as long, a slow page might not come all the way up
        page.keyboard.press("Shift+ArrowUp")


def test_a_word_is_won_by_keys_alone(new_player: NewPlayer):
    with serving(CountsBars()) as address:
        player = new_player(address).open()
        page = player.page
        page.keyboard.press("Enter")
        player.wait_for("drawing")
        for _ in range(12):
            page.keyboard.press("Shift+ArrowLeft")
            page.keyboard.press("Shift+ArrowUp")
        for _ in range(WORDS.index(player.word) + 1):
            bar(player)
            for _ in range(4):
                page.keyboard.press("Shift+ArrowRight")
        page.locator(".marks .guessed b").get_by_text("1").wait_for()
        page.close()


def test_held_arrows_draw_a_curve_without_corners(new_player: NewPlayer):
    with serving(CountsBars()) as address:
        player = new_player(address)
        player.page.add_init_script(SENT)
        page = player.open().page
        player.begin("practise")
        page.keyboard.press(" ")
        page.keyboard.down("ArrowRight")
        page.wait_for_timeout(400)
        page.keyboard.down("ArrowDown")
        page.wait_for_timeout(250)
        page.keyboard.up("ArrowRight")
        page.wait_for_timeout(400)
        page.keyboard.up("ArrowDown")
        page.keyboard.press(" ")
        page.wait_for_timeout(100)
        line = page.evaluate(
            "sent.filter(({ type }) => type === 'ink').flatMap(({ points }) => points)"
        )
        spots = [(x, y) for x, y, *_ in line]
        steps = [(b[0] - a[0], b[1] - a[1], b[2] - a[2]) for a, b in pairwise(line)]
        far = [step for step in steps if hypot(*step[:2]) > 1]
        assert len(far) > 15
        for (*before, waited), (*after, late) in pairwise(far):
            turn = abs((degrees(atan2(*after) - atan2(*before)) + 180) % 360 - 180)
            # A busy processor shows fewer frames, and between two of them the marker turns further.
            assert turn < SHARPEST * max(1, (waited + late) / 2 / FRAME)
        assert spots[-1][0] - spots[0][0] > 60
        assert spots[-1][1] - spots[0][1] > 60
        page.close()
