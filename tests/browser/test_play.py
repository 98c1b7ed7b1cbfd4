"""Playing without a mouse, on other screens, and without interruptions."""

from collections.abc import Generator

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from game.messages import Guess, Guesses, State
from tests.browser.conftest import NewPlayer, serving
from tests.browser.puppet import Puppet, Scene
from tests.browser.puppet import serving as serving_puppet
from tests.browser.racing import PHONE, lines
from tests.game.fakes import WORDS, CountsBars

SPRINT = State(stage="drawing", mode="sprint", round=4, word="cat", left=60_000, total=60_000)

LISTENS = """
window.said = [];
new MutationObserver(() => said.push(document.querySelector("[data-speech]")?.textContent ?? ""))
  .observe(document, { subtree: true, childList: true, characterData: true });
"""
FRAME = """<link rel="icon" href="data:,">
<iframe src="games/doodle/" style="width: 900px; height: 700px"></iframe>"""


@pytest.fixture(scope="module")
def address() -> Generator[str]:
    with serving(CountsBars()) as address:
        yield address


def test_with_a_finger_on_a_phone(new_player: NewPlayer, address: str):
    player = new_player(address, **PHONE).open()
    player.begin("sprint")
    page = player.page
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.evaluate("document.body.style.minHeight = '3000px'")  # now a page that could scroll
    for line in lines(player.word):
        player.touch(line)
    player.wait_for_guessed(1)
    assert page.evaluate("scrollY") == 0
    player.drag([(200.0, 700.0 - 20 * step) for step in range(12)])
    page.wait_for_function("scrollY > 0")  # beside the pad a finger scrolls, so the pad held it


def test_with_the_keyboard_alone(new_player: NewPlayer, address: str):
    player = new_player(address).open()
    keyboard = player.page.keyboard
    keyboard.press("Enter")
    player.wait_for("drawing")
    count = WORDS.index(player.word) + 1

    def leap(key: str, times: int) -> None:
        for _ in range(times):
            keyboard.press(f"Shift+{key}")

    leap("ArrowLeft", 7)
    leap("ArrowUp", 6)
    for _ in range(count):
        keyboard.press("Space")
        leap("ArrowDown", 12)
        keyboard.press("Space")
        leap("ArrowUp", 12)
        leap("ArrowRight", 3)
    player.wait_for_guessed(1)
    keyboard.press("Escape")
    player.wait_for("home")


def test_undo_and_clear(new_player: NewPlayer, address: str):
    player = new_player(address).open()
    player.begin("practise")
    player.draw(lines("two"))
    player.page.locator("[data-five] li").first.get_by_text("two").wait_for()
    player.page.keyboard.press("z")
    player.page.locator("[data-five] li").first.get_by_text("one").wait_for()
    assert not player.ink_at(80, 120)
    player.page.locator("[data-act=clear]").click()
    player.page.locator("[data-five]:empty").wait_for(state="attached")
    assert not player.ink_at(40, 120)


def test_ink_does_not_wait_for_the_server(new_player: NewPlayer):
    puppet = Puppet()
    puppet.scene = Scene((SPRINT,))
    with serving_puppet(puppet.app) as address:
        player = new_player(address).open()
        player.wait_for("drawing")
        silence = player.speech
        player.draw([[(60.0, 60.0), (130.0, 130.0), (200.0, 130.0)]])
        assert player.ink_at(90, 90)
        assert player.ink_at(200, 130)
        assert not player.ink_at(200, 60)
        assert player.speech == silence


def test_a_late_guess_does_not_touch_the_next_word(new_player: NewPlayer):
    puppet = Puppet()
    late = Guesses(round=3, frame=9, guesses=[Guess(word="bicycle", probability=0.9)], target=0.9)
    ripe = Guesses(round=4, frame=1, guesses=[Guess(word="sun", probability=0.6)], target=0.1)
    ink = [[[20.0, 200.0], [20.0, 200.0], [0.0, 90.0]]]
    puppet.scene = Scene((SPRINT.model_copy(update={"strokes": ink}), late, ripe))
    with serving_puppet(puppet.app) as address:
        player = new_player(address)
        player.page.add_init_script(LISTENS)
        player.open().page.locator("[data-speech]").get_by_text("a sun?").wait_for()
        said = player.page.evaluate("said")
        assert any("sun" in text for text in said)
        assert [text for text in said if "bicycle" in text] == []


def test_in_a_frame_below_a_path(new_player: NewPlayer):
    puppet = Puppet()
    puppet.scene = Scene((SPRINT,))
    site = FastAPI()
    site.get("/", response_class=HTMLResponse)(lambda: FRAME)
    site.mount("/games/doodle", puppet.app)
    with serving_puppet(site) as address:
        page = new_player(address).page
        page.goto(address)
        frame = page.frame_locator("iframe")
        frame.locator(".dr[data-stage=drawing]").wait_for()
        assert frame.locator("[data-word]").inner_text() == "cat"
        frame.locator("[data-place]").wait_for(state="attached")  # Gradio's page has come too
