"""What a first visit loads: requests and bytes, with the bundle and with single modules.

    python -m benchmarks.first_visit

A fresh Chromium opens each page once. Gradio's own files are counted separately from ours.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.tools.result import RESULTS, rounded, show, write
from game.web import assets
from models.command import run
from tests.browser.chromium import launch
from tests.browser.conftest import NeverSure, serving

QUIET = 1_500  # ms without a request after which no more are expected

HOW = """Headless Chromium with an empty cache opens the first page, and waits until it can be
played and the network is quiet. The bytes are those on the network, including headers, as the
browser's DevTools count them. Ours are the files under pad/; the others are Gradio's and the page
itself. Before: the same page with single modules, style sheets and fonts, uncompressed, as it was
served before there was a bundle."""


@dataclass(frozen=True)
class Options:
    """Measure a first visit with and without the bundle."""

    out: Path = RESULTS / "first_visit.json"
    """Result file."""


@contextmanager
def bundled(wanted: bool) -> Generator[None]:
    """Serve the bundle, or, if it is not wanted, the single modules."""
    folder = assets.BUNDLE
    assets.BUNDLE = folder if wanted else folder.with_name("none")
    assets.bundle.cache_clear()
    try:
        yield
    finally:
        assets.BUNDLE = folder
        assets.bundle.cache_clear()


def measure(browser: Browser, address: str) -> dict[str, float]:
    """Requests and kilobytes of a first visit."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    urls: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on(
        "Network.requestWillBeSent", lambda e: urls.update({e["requestId"]: e["request"]["url"]})
    )
    session.on(
        "Network.loadingFinished",
        lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}),
    )
    session.send("Network.enable")
    page.goto(address, timeout=120_000)
    page.locator(".dr[data-stage=home]").wait_for(timeout=120_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(QUIET)
    context.close()
    loaded = {id: size for id, size in sizes.items() if urls[id].startswith("http")}
    ours = {id: size for id, size in loaded.items() if "/pad/" in urls[id]}
    return {
        "requests": len(loaded),
        "kilobytes": round(sum(loaded.values()) / 1e3, 1),
        "our_requests": len(ours),
        "our_kilobytes": round(sum(ours.values()) / 1e3, 1),
    }


def main(options: Options) -> None:
    """Measure, print and write the result."""
    found: dict[str, Any] = {}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name, wanted in (("before", False), ("bundle", True)):
            with bundled(wanted), serving(NeverSure()) as address:
                found[name] = measure(browser, address)
        browser.close()
    found["ratio_bytes"] = rounded(found["before"]["kilobytes"] / found["bundle"]["kilobytes"])
    columns = tuple(found["bundle"])
    rows = [[name, *(found[name][column] for column in columns)] for name in ("before", "bundle")]
    show("A first visit", ("page", *columns), rows)
    write(options.out, HOW, found)


if __name__ == "__main__":
    run(Options, main)
