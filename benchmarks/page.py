"""The time from a pointer event to the guess in the browser: our page against a stock Gradio page.

    python -m benchmarks.page --run runs/full

Each page has a server process of its own, and the same pen draws on both in turn in the same
Chromium. gr.Sketchpad sends a stroke to its server only when the pen is lifted. So the time on the
stock page is counted from pen up; it never shows guesses while a stroke is being drawn, as ours
does.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.tools.process import serving
from benchmarks.tools.result import RESULTS, ratio, rounded, show, summary, write
from game.messages import PAD
from game.rules.sketches import DRAWINGS, SketchLine, dense
from models import shelf
from models.command import UserError, run
from tests.browser.chromium import launch
from tests.browser.player import Player

PROBE = Path(__file__).with_name("probe.js")
PATIENCE = 180_000  # ms for a page or a guess
STILL = 400  # ms without a guess after which no more are expected
PAUSE = 0.2  # seconds between strokes

HOW = """Real pointer events in headless Chromium without a GPU; the same drawings are drawn on
both pages in turn. The time runs from an event's dispatch until a guess that takes it into account
is in the DOM (shown), and until the next frame is painted (painted). Ours: each pointer down and
move in Practise. An event that came while another one waited is counted with the guess after the
next, which can only be too long; events on a nearly blank pad get no guess and are not timed.
Stock: gr.Interface(gr.Sketchpad, gr.Label, live) with its queue and eager torch. Each pen up is
timed, because the page sends no earlier event to its server; the next stroke waits for the guess.
asked: time from the page's first request after pen up; it does not include the time for drawing in
WebGL without a GPU. Guesses a second: guesses over the time that the pen was down on our page, for
both pages, as if the stock page were as fast."""


@dataclass(frozen=True)
class Options:
    """Measure both pages."""

    model: str = shelf.DEFAULT
    """Name of the published model."""
    shelf: Path = shelf.PUBLISHED
    """Folder of published models."""
    run: Path | None = None
    """Run folder of training.train with weights for the stock page. Default: random weights."""
    drawings: tuple[str, ...] = ("house", "fish", "cat")
    """Names of the drawings, each drawn once on both pages."""
    gap: float = 16.0
    """Milliseconds between pointer moves on our page. The stock page sets its own pace."""
    out: Path = RESULTS / "page.json"
    """Result file."""


@dataclass
class PageTimes:
    """The measurements of the probes of one page over all drawings; times in milliseconds."""

    shown: list[float] = field(default_factory=lambda: [])
    painted: list[float] = field(default_factory=lambda: [])
    asked: list[float] = field(default_factory=lambda: [])
    guesses: int = 0
    events: int = 0
    pen_down: float = 0.0
    unanswered: int = 0

    def add(self, page: Page) -> None:
        """Add the measurements of the page's probe since its last reset."""
        probe = page.evaluate("({ ...probe, waiting: probe.waiting.length })")
        self.shown += probe["shown"]
        self.painted += probe["painted"]
        self.asked += probe["asked"]
        self.guesses += probe["guesses"]
        self.events += probe["events"]
        self.pen_down += probe["penDown"]
        self.unanswered += probe["waiting"]

    def figures(self, pen_down: float) -> dict[str, Any]:
        """The numbers of the result file; guesses per second over the given ms of drawing."""
        times = {"shown": self.shown, "painted": self.painted, "asked": self.asked}
        return {
            **{name: summary(taken) for name, taken in times.items() if taken},
            "events": self.events,
            "events_unanswered": self.unanswered,
            "guesses": self.guesses,
            "guesses_per_second": rounded(self.guesses * 1000 / pen_down),
        }


class PagePen:
    """Draws on a square in the middle of a page's canvas, at an even pace."""

    def __init__(self, page: Page, canvas: str, gap: float, share: float = 1.0) -> None:
        box = page.locator(canvas).first.bounding_box()
        assert box, f"{canvas} is not on the page"
        side = share * min(box["width"], box["height"])
        self._left = box["x"] + (box["width"] - side) / 2
        self._top = box["y"] + (box["height"] - side) / 2
        self._scale, self._gap, self._mouse = side / PAD, gap / 1000, page.mouse

    def draw(self, line: SketchLine) -> None:
        """Draw one stroke of points in pad units; each mouse event waits for the page."""
        spots = [(self._left + x * self._scale, self._top + y * self._scale) for x, y in line]
        self._mouse.move(*spots[0])
        self._mouse.down()
        due = time.monotonic()
        for spot in spots[1:]:
            due += self._gap
            time.sleep(max(due - time.monotonic(), 0))
            self._mouse.move(*spot)
        self._mouse.up()


def main(options: Options) -> None:
    unknown = [word for word in options.drawings if word not in DRAWINGS]
    if unknown or not options.drawings:
        raise UserError(f"no drawing of {unknown}", f"expected some of {', '.join(DRAWINGS)}")
    model = ["--model", options.model, "--shelf", str(options.shelf.resolve())]
    weights = ["--run", str(options.run.resolve())] if options.run else []
    with (
        serving("benchmarks.tools.our_page", model) as our_server,
        serving("benchmarks.tools.stock_page", model + weights) as stock_server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        addresses = our_server.address, stock_server.address
        measured = _measure(browser, *addresses, options)
        versions = {"chromium": browser.version}
        browser.close()
    pen_down = measured["ours"].pen_down
    found: dict[str, Any] = {name: one.figures(pen_down) for name, one in measured.items()}
    for what in ("shown", "painted"):
        found[f"ratio_{what}"] = ratio(found["stock"][what], found["ours"][what])
    found["ratio_asked"] = ratio(found["stock"]["asked"], found["ours"]["shown"])
    found["stock_weights"] = "of the run" if options.run else "random: time does not depend on them"
    _print(found)
    write(options.out, HOW, {"model": options.model, **versions, **found})


def _measure(browser: Browser, ours: str, stock: str, options: Options) -> dict[str, PageTimes]:
    measured = {"ours": PageTimes(), "stock": PageTimes()}
    our_page, stock_page = _open(browser), _open(browser)
    Player(our_page, ours).open().begin("practise")
    our_page.evaluate(
        """probe.watch("[data-speech]", (speech) => speech.dataset.frame,
                       ["pointerdown", "pointermove"], true)"""
    )
    for word in options.drawings:
        lines = DRAWINGS[word]
        _draw_on_ours(our_page, [dense(line) for line in lines], options.gap, measured["ours"])
        _draw_on_stock(stock_page, stock, [sparse(line) for line in lines], measured["stock"])
    return measured


def sparse(line: SketchLine) -> SketchLine:
    """A few points of a line, because without a GPU a move takes the stock page about a second."""
    return [*line[:: max(len(line) // 6, 1)], line[-1]]


def _open(browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(path=PROBE)
    return page


def _draw_on_ours(page: Page, lines: Sequence[SketchLine], gap: float, measured: PageTimes) -> None:
    page.bring_to_front()
    pen = PagePen(page, "[data-pad]", gap)
    page.evaluate("probe.reset()")
    for line in lines:
        pen.draw(line)
        time.sleep(PAUSE)
    _wait_until_still(page)
    measured.add(page)
    page.locator("[data-act=clear]").click()
    _wait_until_still(page)


def _draw_on_stock(
    page: Page, address: str, lines: Sequence[SketchLine], measured: PageTimes
) -> None:
    page.bring_to_front()
    page.goto(address)  # a fresh pad
    page.locator("#sketch canvas").first.wait_for()
    page.locator("#sketch button[aria-label=Brush]").click()
    _wait_until_still(page)
    page.evaluate(
        """probe.watch("#label", (label) => label.textContent.match(/#\\d+/)?.[0],
                       ["pointerup"], false)"""
    )
    pen = PagePen(page, "#sketch canvas", 0, share=0.8)  # the sheet does not fill the canvas
    pen.draw(lines[0])  # not timed: the first event of a page opens its queue
    page.wait_for_function("probe.guesses > 0")
    _wait_until_still(page)
    page.evaluate("probe.reset()")
    for number, line in enumerate(lines, 1):
        pen.draw(line)
        page.wait_for_function("wanted => probe.guesses >= wanted", arg=number)
        _wait_until_still(page)
    measured.add(page)


def _wait_until_still(page: Page) -> None:
    """Wait until no guess has come for a while."""
    seen = -1
    while seen != (seen := page.evaluate("probe.guesses ?? 0")):
        page.wait_for_timeout(STILL)


def _print(found: dict[str, Any]) -> None:
    rows = [
        [name, what, *times.values()]
        for name in ("ours", "stock")
        for what, times in found[name].items()
        if isinstance(times, dict)
    ]
    show("From pointer event to guess", ("page", "until", "n", "median, ms", "95 %, ms"), rows)
    ratios = [[name, value] for name, value in found.items() if name.startswith("ratio")]
    rates = [
        [f"{name}, guesses/s", found[name]["guesses_per_second"]] for name in ("ours", "stock")
    ]
    show("Stock to ours", ("", ""), [*ratios, *rates])


if __name__ == "__main__":
    run(Options, main)
