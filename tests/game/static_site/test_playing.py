"""The static site on a plain file server: a browser plays it, also offline."""

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from game.rules.sketches import DRAWINGS, dense
from game.static_site import site
from game.static_site.runtime import Runtime
from models.drawing import Drawing
from models.raster import rasterise_batch
from models.shelf import open_judge
from tests.browser.player import Player
from tests.browser.texts import word_shown
from tests.game.static_site.pages import serving
from tests.made import publish

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
ENOUGH = 3  # words drawn in a game; the time of the others runs out
PONDER = 4_000  # ms that the model gets for a finished drawing
REVEAL = 3_000  # ms, longer than any
SHARES = (0.3, 0.6, 1.0)
MODEL = "fetch('site.json').then((answer) => answer.json()).then(({ model }) => model)"
TAKEN_OVER = """new Promise((resolve) => {
  const look = () => { if (serviceWorker.state === "activated") resolve(); };
  serviceWorker.addEventListener("statechange", look);
  look();
})"""
MEANS = """async (drawings) => {
  const address = new URL("pad/js/bundle/worker.js", document.baseURI);
  const worker = new Worker(address, { type: "module" });
  const ask = (message, answer) => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => { if (data.type === answer) resolve(data); };
    worker.onerror = () => reject(new Error("the worker could not start"));
    worker.postMessage(message);
  });
  const { temperature, columns, files } = await (await fetch("site.json")).json();
  await ask({ type: "load", temperature, columns, files }, "ready");
  const rows = [];
  for (const strokes of JSON.parse(drawings)) {
    rows.push([...(await ask({ type: "judge", strokes }, "row")).row]);
  }
  worker.terminate();
  return JSON.stringify(rows);
}"""


@contextmanager
def player_on_site(context: BrowserContext, address: str) -> Generator[Player]:
    """A player on the site, with a clock that tests control; fails on console errors."""
    page = context.new_page()
    page.clock.install()
    player = Player(page, f"{address}/games/doodle/")
    yield player.open()
    page.close()
    assert "\n".join(player.errors) == ""


@pytest.fixture(scope="module")
def address(written: Path) -> Generator[str]:
    with serving(written.parents[1]) as address:
        yield address


@pytest.fixture(scope="module")
def desktop(chromium: Browser, address: str) -> Generator[Player]:
    with (
        chromium.new_context(reduced_motion="reduce") as context,
        player_on_site(context, address) as desktop,
    ):
        yield desktop


def start(player: Player, mode: str) -> None:
    player.page.locator(f"[data-act={mode}]:visible, .home [data-mode={mode}]:visible").click()
    player.wait_for("countdown")
    player.page.clock.fast_forward(REVEAL)
    player.wait_for("drawing")


def draw(player: Player) -> bool:
    """Draw the word; return whether it was guessed."""
    now = player.look()
    player.draw(DRAWINGS[now.word])
    return player.wait_for_end_of(now.round, PONDER)


def play(player: Player) -> None:
    """Play a game to its end: draw the first words, and let the time of the others run out."""
    drawn = 0
    for _ in range(30):
        if player.stage == "drawing":
            drawn += 1
            if drawn > ENOUGH or not draw(player):
                player.page.clock.fast_forward(20_000)
        player.page.clock.fast_forward(REVEAL)
        if player.stage == "over":
            return
    raise AssertionError(f"the game does not end, but is at {player.look()}")


def narrow(player: Player) -> bool:
    """Whether no part of the page is wider than the window."""
    return player.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_sprint_and_what_stays_of_it(desktop: Player):
    start(desktop, "sprint")
    play(desktop)
    names = desktop.page.locator(".gallery li.guessed .name").all_inner_texts()
    words = [word_shown(name) for name in names]
    assert words
    assert desktop.page.locator("[data-score] .number").inner_text() == str(len(words))
    assert desktop.page.locator("[data-over-challenge]").is_hidden()

    desktop.page.locator(".gallery li.guessed .look").first.click()
    assert desktop.page.locator("[data-replay-word]").inner_text() == names[0]
    with desktop.page.expect_download() as saving:
        desktop.page.locator("[data-replay-share] button").last.click()
    assert saving.value.suggested_filename == f"{words[0]}.png"
    assert saving.value.path().read_bytes().startswith(b"\x89PNG")

    desktop.page.locator("[data-replay-share] button").first.click()
    race(desktop, words[:1])
    desktop.page.locator(".home [data-act=meet]").click()
    desktop.page.locator("[data-act=ghost-best]").click()
    race(desktop, words)


def race(player: Player, words: list[str]) -> None:
    """Check that a race begins with one of the words, and leave it."""
    player.wait_for("countdown")
    player.page.clock.fast_forward(REVEAL)
    player.wait_for("drawing")
    assert player.word in words
    assert player.page.locator("[data-opponents] li").count() == 1
    player.page.locator(".top [data-act=leave]").click()
    player.page.locator("[data-stop-no]").click()
    player.wait_for("home")


def test_a_race_against_a_recorded_hand(desktop: Player):
    desktop.page.locator(".home [data-act=meet]").click()
    start(desktop, "ghost-hand")
    first = draw(desktop)
    desktop.wait_for("reveal")
    assert desktop.page.locator(".drawings li").count() == 2
    assert first is (
        "guessed" in (desktop.page.locator(".drawings .mine").get_attribute("class") or "")
    )
    play(desktop)
    assert desktop.page.locator("[data-steps] li").count() == 2
    assert desktop.page.locator("[data-steps]").get_by_text("Doodle bot").count() == 1
    desktop.page.locator(".podium [data-act=leave]").click()
    desktop.wait_for("home")


def test_probabilities_are_those_of_python(desktop: Player):
    drawings = [
        Drawing.from_lists([[*map(list, zip(*dense(line), strict=True))] for line in lines])
        for lines in DRAWINGS.values()
    ]
    parts = [drawing.prefix(share) for drawing in drawings for share in SHARES]
    strokes = json.dumps([part.to_lists() for part in parts])
    theirs = np.array(json.loads(desktop.page.evaluate(MEANS, strokes)))
    ours = open_judge(site.for_browsers()).probabilities(rasterise_batch(parts))
    assert theirs.shape == ours.shape
    assert np.abs(theirs - ours).max() < 1e-3
    assert len(set(ours.argmax(axis=1))) > ours.shape[1] / 2  # most words come up


def test_quick_six_on_a_phone(chromium: Browser, address: str):
    with (
        chromium.new_context(**PHONE, reduced_motion="reduce") as context,
        player_on_site(context, address) as phone,
    ):
        assert narrow(phone)
        phone.page.locator(".home [data-act=meet]").click()
        assert narrow(phone)
        phone.page.locator(".top [data-act=back]").click()
        start(phone, "quick_six")
        assert narrow(phone)
        play(phone)
        assert narrow(phone)
        assert phone.page.locator(".gallery li").count() == 6
        assert phone.page.locator(".gallery li.guessed").count() > 0


def test_a_line_that_fails_and_then_none_at_all(chromium: Browser, written: Path):
    with chromium.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        with serving(written.parents[1]) as address:
            page.route("**/model.onnx", lambda route: route.abort())
            player = Player(page, f"{address}/games/doodle/").open()
            page.get_by_text("The guesser could not be loaded").wait_for()
            page.unroute("**/model.onnx")
            player.errors.clear()
            page.locator("[data-stop-yes]").click()
            page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.goto(f"{player.address}?replay=none")
        page.get_by_text("This drawing is not here").wait_for()
        page.reload()
        player.begin("practise")
        player.draw(DRAWINGS["house"])
        page.locator("[data-five] li").first.get_by_text("house").wait_for()
        assert player.errors == []


def test_what_is_installed(desktop: Player, written: Path):
    session = desktop.page.context.new_cdp_session(desktop.page)
    found: dict[str, Any] = session.send("Page.getAppManifest")
    assert found["errors"] == []
    assert found["url"] == f"{desktop.address}manifest.webmanifest"
    desktop.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    faults = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {fault["errorId"] for fault in faults} <= {"in-incognito"}
    manifest = json.loads(found["data"])
    assert manifest["display"] == "standalone"
    assert {icon.get("purpose", "any") for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        with Image.open(written / icon["src"]) as picture:
            assert "{}x{}".format(*picture.size) == icon["sizes"]


@contextmanager
def first_version(
    chromium: Browser, package: Runtime, folder: Path
) -> Generator[tuple[Page, Callable[[], object]]]:
    """A page that its service worker serves, and what writes the site's second version."""
    shelf, out = folder / "shelf", folder / "site"
    for model in ("first", "second"):
        publish(shelf, model)
    with chromium.new_context() as context, serving(out) as address:
        site.write(out, "first", package, shelf)
        page = context.new_page()
        page.goto(address)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        yield page, partial(site.write, out, "second", package, shelf)


def test_a_new_version_is_offered_and_taken_on_the_first_page(
    chromium: Browser, package: Runtime, tmp_path: Path
):
    with first_version(chromium, package, tmp_path) as (page, write_second):
        page.reload()
        write_second()
        page.evaluate("navigator.serviceWorker.ready.then((ours) => ours.update()).then(() => 1)")
        offer = page.locator(".new-version")
        offer.get_by_text("A new version is here").wait_for()
        assert page.evaluate(MODEL) == "first"
        offer.get_by_role("button", name="Reload").click()
        page.wait_for_function(
            "async () => (await (await fetch('site.json')).json()).model === 'second'"
        )


def test_a_new_version_comes_whole_once_the_page_was_closed(
    chromium: Browser, package: Runtime, tmp_path: Path
):
    with first_version(chromium, package, tmp_path) as (page, write_second):
        context, address = page.context, page.url
        write_second()
        page.reload()
        assert page.evaluate(MODEL) == "first"
        page.evaluate("navigator.serviceWorker.ready.then((ours) => ours.update()).then(() => 1)")
        page.wait_for_function(
            "async () => (await navigator.serviceWorker.ready).waiting?.state === 'installed'"
        )
        assert page.evaluate(MODEL) == "first"
        second = context.service_workers[-1]
        page.close()  # the browser needs a moment to notice that no page uses the old one
        second.evaluate(TAKEN_OVER)
        page = context.new_page()
        page.goto(address)
        assert page.evaluate(MODEL) == "second"
        page.wait_for_function("async () => (await caches.keys()).length === 1")
