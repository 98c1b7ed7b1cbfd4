"""How soon a slow phone shows the page: first and largest paint, ours and a stock Gradio page.

python -m game.static_site build/site
python -m benchmarks.largest_paint --static build/site
"""

from collections.abc import Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles
from numpy.typing import NDArray
from playwright.sync_api import Browser, sync_playwright

from benchmarks.tools.result import RESULTS, rounded, show, write
from benchmarks.tools.stock_page import build
from models.command import UserError, run
from models.words import CLASSIC
from tests.browser.chromium import launch
from tests.browser.conftest import NeverSure, serving
from tests.browser.puppet import serving as serving_app

PHONE: Any = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
# What Lighthouse applies in Chromium for a phone of the middle class on a slow 4G network.
NETWORK = {
    "offline": False,
    "latency": 562.5,  # ms a request
    "downloadThroughput": 1_474_560 / 8,  # bytes a second
    "uploadThroughput": 691_200 / 8,
}
SLOWER = 4  # times as slow a processor
QUIET = 1_500  # ms without a request after which no more are expected
PATIENCE = 120_000  # ms

OBSERVE = """
window.paints = {};
const note = (type, name) => new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (type !== "paint" || entry.name === name) paints[name] = entry.startTime;
}).observe({ type, buffered: true });
note("paint", "first-contentful-paint");
note("largest-contentful-paint", "largest-contentful-paint");
"""

HOW = """Headless Chromium with an empty cache, a processor made four times slower and a network of
1.47 Mbit/s with 562 ms a request, which are Lighthouse's own values for a phone on slow 4G. Paints
are the browser's own first and largest contentful paint of the first page. Playable: when the first
button, or the sketch pad of the stock page, can be used. Stock is Gradio's own page of a sketch pad
and a label, whose model costs nothing; static is the site without a server, on a host that sends it
compressed. Kilobytes: on the network until it is quiet. Medians."""


@dataclass(frozen=True)
class Options:
    """Measure the first and the largest paint on a slow phone."""

    static: Path | None = None
    """Folder of a static site, made by game.static_site; it is left out without one."""
    repeats: int = 3
    """Visits of each page; the median is reported."""
    out: Path = RESULTS / "largest_paint.json"
    """Result file."""


def measure(browser: Browser, address: str, ready: str, slow: bool = True) -> dict[str, float]:
    """Times in ms and kilobytes of one visit.

    Args:
        ready: selector of what can be used once the page is playable.
        slow: whether processor and network are made slower.
    """
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.add_init_script(OBSERVE)
    session = context.new_cdp_session(page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    if slow:
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, timeout=PATIENCE, wait_until="commit")
    page.locator(ready).first.wait_for(timeout=PATIENCE)
    playable = page.evaluate("performance.now()")
    page.wait_for_load_state("networkidle", timeout=PATIENCE)
    page.wait_for_timeout(QUIET)
    paints = page.evaluate("paints")
    context.close()
    return {
        "first_paint": paints["first-contentful-paint"],
        "largest_paint": paints["largest-contentful-paint"],
        "playable": playable,
        "kilobytes": sum(sizes) / 1e3,
    }


@contextmanager
def stock() -> Generator[str]:
    """The address of Gradio's own page, with a model that costs nothing."""

    def guess(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.full((len(bitmaps), len(CLASSIC)), 1 / len(CLASSIC), np.float32)

    page = build(guess, CLASSIC)
    _, url, _ = page.launch(server_name="127.0.0.1", prevent_thread_lock=True, quiet=True)
    try:
        yield url
    finally:
        page.close()


def hosting(folder: Path) -> AbstractContextManager[str]:
    """The address of a folder's files on a static host, compressed as hosts of such sites do."""
    app = FastAPI()
    app.add_middleware(GZipMiddleware)
    app.mount("/", StaticFiles(directory=folder, html=True))
    return serving_app(app)


def main(options: Options) -> None:
    """Measure, print and write the result.

    Raises:
        UserError: the folder of the static site has no page.
    """
    if options.static and not (options.static / "index.html").is_file():
        raise UserError(f"{options.static} has no index.html", "Run python -m game.static_site")
    ours = ".home button[data-mode=sprint]"
    found: dict[str, Any] = {}
    with ExitStack() as stack:
        browser = launch(stack.enter_context(sync_playwright()))
        pages = {
            "ours": (stack.enter_context(serving(NeverSure())), ours),
            "stock": (stack.enter_context(stock()), "#sketch canvas"),
        }
        if options.static:
            pages["static"] = (stack.enter_context(hosting(options.static)), ours)
        visits = {
            name: [measure(browser, *page) for _ in range(options.repeats)]
            for name, page in pages.items()
        }
        browser.close()
    for name, each in visits.items():
        found[name] = {what: rounded(median(v[what] for v in each)) for what in each[0]}
    found["ratio"] = rounded(found["stock"]["largest_paint"] / found["ours"]["largest_paint"])
    columns = tuple(found["ours"])
    show("A slow phone, ms", ("page", *columns), [[n, *found[n].values()] for n in visits])
    write(options.out, HOW, found)


if __name__ == "__main__":
    run(Options, main)
