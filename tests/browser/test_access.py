"""Every state of the page is accessible: axe-core finds nothing, and nobody is left without words.

One page is loaded and then told state after state, so that all of them take less than a minute of
one processor.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.conftest import PHONE
from tests.browser.puppet import Puppet
from tests.browser.states import SCENES
from tests.browser.visitor import Visitor

AXE = Path("node_modules/axe-core/axe.min.js")
NARROW: ViewportSize = {"width": 320, "height": 640}  # also a page of 640 pixels at 200 % zoom
DESKTOP: ViewportSize = {"width": 1440, "height": 900}

# Without preload, axe does not fetch style sheets and media anew, which no rule in use here reads.
VIOLATIONS = """async (options) => {
  const settings = { resultTypes: ["violations"], preload: false, ...options };
  const { violations } = await axe.run(document, settings);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 120)} ${node.any[0]?.message ?? ""}`));
}"""
CONTRAST = {"runOnly": ["color-contrast"]}
# How many headings of the first level, and main parts, can be perceived.
LANDMARKS = """() => ["h1", "main"].map((tag) => [...document.querySelectorAll(tag)]
  .filter((e) => e.checkVisibility() && !e.closest("[inert]")).length)"""
# Texts and controls that are cut off at the window's sides.
CUT_OFF = """() => [...document.querySelectorAll(".dr :is(button, a, b, small, h1, h2, p, input)")]
  .filter((e) => e.checkVisibility() && e.textContent.trim())
  .filter((e) => !e.closest(".spoken, [aria-hidden]"))
  .filter((e) => { const { left, right } = e.getBoundingClientRect();
    return left < -1 || right > innerWidth + 1; })
  .map((e) => `${e.tagName} ${e.textContent.trim().slice(0, 40)}`)"""
# Whether the slip covers the way home or the score.
COVERED = """() => {
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  const slip = box(".note[data-note]");
  return [".brand", ".marks"].filter((name) => { const other = box(name);
    return slip.height && other.height && slip.left < other.right && other.left < slip.right
      && slip.top < other.bottom && other.top < slip.bottom; });
}"""


def violations(page: Page, **options: Any) -> list[str]:
    """What axe-core finds on a page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    return page.evaluate(VIOLATIONS, options)


def test_no_state_breaks_a_rule_of_axe(visitor: Visitor):
    assert AXE.is_file(), f"{AXE} is missing: run npm ci"
    page = visitor.page
    found: list[str] = []
    for name, scene in SCENES.items():
        visitor.visit(scene)
        problems = violations(page)
        page.emulate_media(color_scheme="dark")
        problems += [f"dark {each}" for each in violations(page, **CONTRAST)]
        page.emulate_media(color_scheme="light")
        if (counts := page.evaluate(LANDMARKS)) != [1, 1]:
            problems.append(f"{counts} headings and main parts")
        problems += [f"covered: {each}" for each in page.evaluate(COVERED)]
        page.set_viewport_size(NARROW)
        problems += [f"cut off: {each}" for each in page.evaluate(CUT_OFF)]
        page.set_viewport_size(PHONE)
        found += [f"{name}: {problem}" for problem in problems]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ["race_waiting", "reconnecting", "stopping"])
def test_slips_leave_the_way_home_and_the_score_free_on_a_desktop(visitor: Visitor, name: str):
    visitor.page.set_viewport_size(DESKTOP)
    visitor.visit(SCENES[name])
    visitor.page.locator("[data-note]").wait_for()
    assert visitor.page.evaluate(COVERED) == []


def test_forced_colours_keep_the_bars(browser: Browser, puppet: tuple[Puppet, str]):
    context = browser.new_context(forced_colors="active", reduced_motion="reduce")
    visitor = Visitor(context.new_page(), *puppet)
    colour = "(e) => getComputedStyle(e).backgroundColor"
    for name, bar, behind in (
        ("drawing_warm", ".thermo .heat", ".thermo .tube"),
        ("race_warm", ".table .opponents .heat", ".table .opponents .tube"),
    ):
        visitor.visit(SCENES[name])
        colours = {visitor.page.locator(part).first.evaluate(colour) for part in (bar, behind)}
        assert len(colours) == 2, f"{name}: bar and background look alike"
    visitor.visit(SCENES["practise"])
    bar = visitor.page.locator(".five .bar").first
    assert "gradient" in bar.evaluate("(e) => getComputedStyle(e).backgroundImage")
    assert bar.evaluate("(e) => getComputedStyle(e).forcedColorAdjust") == "none"
    context.close()


@pytest.mark.parametrize("name", ["lobby_3", "lobby_8"])
def test_the_lobby_s_buttons_are_in_sight_on_a_desktop(visitor: Visitor, name: str):
    visitor.page.set_viewport_size(DESKTOP)
    visitor.visit(SCENES[name])
    box = visitor.page.locator(".lobby .again").bounding_box()
    assert box
    assert box["y"] + box["height"] <= DESKTOP["height"]


def test_the_lobby_s_settings_never_lie_under_its_buttons(visitor: Visitor):
    visitor.visit(SCENES["lobby_8"])
    visitor.visit(SCENES["lobby_3"])
    lobby = visitor.page.locator(".lobby")
    for share in (0, 0.5, 1):
        lobby.evaluate(f"(e) => e.scrollTo(0, {share} * e.scrollHeight)")
        buttons = visitor.page.locator(".lobby .again").bounding_box()
        box = lobby.bounding_box()
        assert buttons
        assert box
        assert box["y"] + box["height"] <= buttons["y"] + 1
    # The pane grows while its pictures arrive, so that its end is looked for again and again.
    visitor.page.wait_for_function("""() => {
      const pane = document.querySelector(".lobby");
      pane.scrollTo(0, pane.scrollHeight);
      const last = pane.querySelector("[data-seconds-choice]").getBoundingClientRect();
      return last.height && last.bottom <= pane.getBoundingClientRect().bottom;
    }""")


def test_a_daily_s_podium_agrees_with_its_rank(visitor: Visitor):
    visitor.visit(SCENES["daily_podium"])
    assert visitor.page.locator("[data-podium-rank]").inner_text() == "Today’s place: 3 of 17"
    assert visitor.page.locator("[data-steps] .step").all_inner_texts() == ["3"]
    assert visitor.page.locator("[data-steps] .first").count() == 0


def test_how_fair_it_was_is_told_when_asked(visitor: Visitor):
    visitor.visit(SCENES["race_reveal_3"])
    text = visitor.page.locator("[data-drawings]").inner_text()
    assert "ms" not in text
    assert "22" not in text
    visitor.page.get_by_text("Fair?").first.click()
    told = visitor.page.locator(".fair[open] p").inner_text()
    assert told == (
        "Picture 22 of the drawing decided. This connection takes 18 ms; "
        "9 ms of it were given back."
    )


def test_eight_drawings_are_large_enough_on_a_phone(visitor: Visitor):
    visitor.visit(SCENES["race_reveal_8"])
    boxes = [
        picture.bounding_box() for picture in visitor.page.locator(".drawings svg.picture").all()
    ]
    assert len(boxes) == 8
    assert all(box and box["height"] >= 110 for box in boxes)
    assert boxes[-1]
    assert boxes[-1]["y"] + boxes[-1]["height"] <= PHONE["height"]


def test_the_guesser_speaks_large_on_a_desktop(visitor: Visitor):
    visitor.page.set_viewport_size(DESKTOP)
    visitor.visit(SCENES["drawing_warm"])
    size = "(e) => parseFloat(getComputedStyle(e).fontSize)"
    assert visitor.page.locator("[data-speech]").evaluate(size) >= 28
    assert visitor.page.locator("[data-seconds]").evaluate(size) >= 40
    assert visitor.page.locator("[data-word]").evaluate(size) >= 60
    pad = visitor.page.locator("[data-pad]").bounding_box()
    assert pad
    assert pad["width"] >= 690
    tools = visitor.page.locator(".tools").bounding_box()
    assert tools
    assert tools["y"] + tools["height"] <= DESKTOP["height"]
