"""The pad under mouse, pen, palm and fingers, and its limits."""

from typing import Any

import pytest
from playwright.sync_api import Page

from game.messages import DailyInfo, State
from game.rules.sheet import MAX_STROKES
from tests.browser.conftest import NewPlayer, serving
from tests.browser.player import Player
from tests.browser.puppet import Puppet, Scene
from tests.browser.racing import PHONE
from tests.browser.states import SCENES
from tests.game.fakes import CountsBars

FREE = State(stage="drawing", mode="practise", round=1)
SHARED = (
    "window.shared = []; navigator.share = async (what) => { shared.push(what); throw REFUSAL; };"
)
NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined });"


@pytest.fixture
def drawing(puppet: tuple[Puppet, str], new_player: NewPlayer) -> Player:
    """A player in free drawing, on a device with pen and fingers."""
    puppet[0].scene = Scene((FREE,))
    player = new_player(puppet[1], **PHONE).open()
    player.wait_for("drawing")
    return player


class Fingers:
    """Touches and a pen on a page's pad; points in pad units."""

    def __init__(self, player: Player) -> None:
        self._session = player.page.context.new_cdp_session(player.page)
        box = player.page.locator("[data-pad]").bounding_box()
        assert box
        self._left, self._top, self._scale = box["x"], box["y"], box["width"] / 256

    def touch(self, kind: str, *spots: tuple[float, float]) -> None:
        """`kind`: Start, Move, End or Cancel."""
        points = [{"id": id, **self._at(*spot)} for id, spot in enumerate(spots)]
        self._session.send(
            "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points}
        )

    def pen(self, kind: str, x: float, y: float) -> None:
        """`kind`: Pressed, Moved or Released."""
        event: dict[str, Any] = {"type": f"mouse{kind}", "button": "left", "buttons": 1}
        event |= {"clickCount": 1, "pointerType": "pen", **self._at(x, y)}
        self._session.send("Input.dispatchMouseEvent", event)

    def _at(self, x: float, y: float) -> dict[str, float]:
        return {"x": self._left + x * self._scale, "y": self._top + y * self._scale}


def erase(page: Page) -> None:
    """Touch the pad with the eraser of a pen."""
    page.locator("[data-pad]").evaluate(
        "(pad) => pad.dispatchEvent(new PointerEvent('pointerdown', "
        "{ pointerType: 'pen', pointerId: 9, button: 5, buttons: 32 }))"
    )


def test_a_tap_draws_a_dot_at_once_and_for_good(drawing: Player):
    fingers = Fingers(drawing)
    fingers.touch("Start", (60, 60))
    drawing.painted()
    assert drawing.ink_at(60, 60)
    fingers.touch("End")
    drawing.painted()
    assert drawing.ink_at(60, 60)
    assert not drawing.ink_at(120, 60)


def test_a_pen_takes_over_from_a_resting_palm(drawing: Player):
    fingers = Fingers(drawing)
    fingers.touch("Start", (200, 200))
    fingers.touch("Move", (210, 210))
    fingers.pen("Pressed", 60, 60)
    fingers.pen("Moved", 100, 60)
    fingers.touch("Move", (220, 230))
    fingers.pen("Released", 100, 60)
    fingers.touch("End")
    assert drawing.ink_at(80, 60)
    assert not drawing.ink_at(200, 200)
    assert not drawing.ink_at(215, 220)


def test_a_palm_that_comes_after_the_pen_draws_nothing(drawing: Player):
    fingers = Fingers(drawing)
    fingers.pen("Pressed", 60, 60)
    fingers.pen("Moved", 100, 60)
    fingers.pen("Released", 100, 60)
    fingers.touch("Start", (200, 200))
    fingers.touch("Move", (220, 200))
    fingers.touch("End")
    assert drawing.ink_at(80, 60)
    assert not drawing.ink_at(210, 200)


def test_a_touch_that_the_browser_takes_over_is_taken_back(drawing: Player):
    fingers = Fingers(drawing)
    fingers.touch("Start", (60, 60))
    fingers.touch("Move", (100, 60))
    assert drawing.ink_at(80, 60)
    fingers.touch("Cancel")
    drawing.painted()
    assert not drawing.ink_at(80, 60)


def test_two_fingers_never_draw(drawing: Player):
    fingers = Fingers(drawing)
    fingers.touch("Start", (60, 60))
    fingers.touch("Move", (80, 60))
    fingers.touch("Start", (80, 60), (200, 200))
    fingers.touch("Move", (100, 60), (180, 200))
    fingers.touch("End")
    assert not drawing.ink_at(70, 60)
    assert not drawing.ink_at(190, 200)
    drawing.touch([(60, 100), (100, 100)])
    assert drawing.ink_at(80, 100)


def test_the_eraser_end_of_a_pen_undoes(drawing: Player):
    drawing.draw([[(60, 60), (100, 60)], [(60, 120), (100, 120)]])
    erase(drawing.page)
    assert drawing.ink_at(80, 60)
    assert not drawing.ink_at(80, 120)


@pytest.mark.parametrize("key", ["Control", "Meta"])
def test_undo_and_redo_by_the_usual_keys(drawing: Player, key: str):
    drawing.draw([[(60, 60), (100, 60)], [(60, 120), (100, 120)]])
    keyboard = drawing.page.keyboard
    keyboard.press(f"{key}+z")
    assert not drawing.ink_at(80, 120)
    keyboard.press(f"{key}+Shift+Z")
    assert drawing.ink_at(80, 120)
    keyboard.press(f"{key}+z")
    keyboard.press(f"{key}+z")
    assert not drawing.ink_at(80, 60)
    drawing.draw([[(60, 200), (100, 200)]])
    keyboard.press(f"{key}+Shift+Z")
    assert not drawing.ink_at(80, 60), "a new line ends what can be redone"


def test_redone_ink_counts(new_player: NewPlayer):
    with serving(CountsBars()) as address:
        player = new_player(address).open()
        player.begin("practise")
        player.draw([[(x, 20), (x, 220)] for x in (60, 120)])
        first = player.page.locator("[data-five] li").first
        first.get_by_text("two").wait_for()
        player.page.keyboard.press("Control+z")
        first.get_by_text("one").wait_for()
        player.page.keyboard.press("Control+Shift+Z")
        first.get_by_text("two").wait_for()


def test_the_sheet_is_sharp_on_another_screen(drawing: Player):
    side = drawing.page.locator("[data-pad]").evaluate("(pad) => pad.clientWidth")
    session = drawing.page.context.new_cdp_session(drawing.page)
    for density in (3, 1, 2):
        metrics = {"width": 390, "height": 844, "deviceScaleFactor": density, "mobile": True}
        session.send("Emulation.setDeviceMetricsOverride", metrics)
        drawing.draw([[(60, 60), (100, 60)]])
        drawing.page.wait_for_function(
            "([side, density]) => document.querySelector('[data-pad]').width"
            " === Math.round(side * density)",
            arg=[side, density],
        )


def test_a_full_sheet_is_reported(puppet: tuple[Puppet, str], new_player: NewPlayer):
    dot = [[9.0, 9.5], [9.0, 9.0], [0.0, 1.0]]
    puppet[0].scene = Scene((FREE.model_copy(update={"strokes": [dot] * MAX_STROKES}),))
    player = new_player(puppet[1]).open()
    player.wait_for("drawing")
    player.draw([[(60, 60), (100, 60)]])
    assert not player.ink_at(80, 60)
    note = player.page.locator("[data-note]")
    note.get_by_text("The sheet is full").wait_for()
    player.page.keyboard.press("z")
    note.wait_for(state="hidden")


def test_dates_are_the_servers(puppet: tuple[Puppet, str], new_player: NewPlayer):
    daily = DailyInfo(date="2031-02-03", words=5, left=2.5 * 3_600_000)
    puppet[0].scene = Scene((State(stage="home"),), records={"/daily": daily}, query="?daily")
    page = new_player(f"{puppet[1]}?daily").open().page
    page.locator("[data-daily-date]").get_by_text("February 3, 2031").wait_for()
    assert page.locator("[data-daily-next]").inner_text() == "New words in 3 hours."


def test_a_rename_survives_full_storage(puppet: tuple[Puppet, str], new_player: NewPlayer):
    puppet[0].scene = Scene((State(stage="home"),))
    player = new_player(puppet[1])
    player.page.add_init_script(
        "localStorage.setItem('doodle-race-name', 'Old');"
        "window.sent = []; const send = WebSocket.prototype.send;"
        "WebSocket.prototype.send = function (text) { sent.push(text); send.call(this, text); };"
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"
    )
    page = player.open().page
    page.locator(".home [data-act=meet]").click()
    page.locator(".meet [data-own-name]").fill("New")
    page.locator("[data-act=open-room]").click()
    page.wait_for_function("sent.some((text) => text.includes('open'))")
    asked = page.evaluate("sent.map(JSON.parse).find(({ type }) => type === 'open').name")
    assert asked == "New"


@pytest.mark.parametrize(
    ("refusal", "copied"), [("NotAllowedError", True), ("DataError", True), ("AbortError", False)]
)
def test_a_refused_share_is_copied_instead(
    puppet: tuple[Puppet, str], new_player: NewPlayer, refusal: str, copied: bool
):
    script = SHARED.replace("REFUSAL", f"new DOMException('', '{refusal}')")
    player = before_sharing(puppet, new_player, script)
    page = player.page
    page.locator("[data-over-challenge]").click()
    link = page.locator("[data-link-note]")
    page.wait_for_function("window.shared?.length === 1")
    player.painted()
    assert link.is_visible() is copied


def test_a_link_that_cannot_be_copied_stays_to_be_selected(
    puppet: tuple[Puppet, str], new_player: NewPlayer
):
    page = before_sharing(puppet, new_player, "delete Navigator.prototype.share;").page
    page.clock.install()
    page.locator("[data-over-challenge]").click()
    link = page.locator("[data-link-note]")
    link.wait_for()
    page.clock.fast_forward(10_000)  # longer than any slip stays
    assert link.locator("input").input_value().endswith("?challenge=challenge0")
    assert page.evaluate("getSelection().toString()").endswith("?challenge=challenge0")
    link.get_by_role("button", name="Close").click()
    link.wait_for(state="hidden")


def before_sharing(puppet: tuple[Puppet, str], new_player: NewPlayer, script: str) -> Player:
    """A page without a clipboard that shows the button to share a challenge."""
    puppet[0].scene = SCENES["over_challenge"]
    player = new_player(puppet[1])
    player.page.add_init_script(NO_CLIPBOARD + script)
    player.open().page.locator("[data-over-challenge]").wait_for()
    return player
