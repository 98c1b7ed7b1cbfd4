"""What a first visit to the static site loads until its first guess.

    python -m benchmarks.static_site

A fresh Chromium opens the site and draws, once on a host that compresses what it sends, and once on
a host that sends files as they are.
"""

import tempfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Browser, sync_playwright
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from benchmarks.tools.result import RESULTS, rounded, show, write
from game.rules.sketches import DRAWINGS
from game.static_site import runtime, site
from game.static_site.registry import default_registry
from models.command import run
from tests.browser.chromium import launch
from tests.browser.player import Player
from tests.browser.puppet import serving

WORKER = "service-worker.js"
PATIENCE = 120_000  # ms

HOW = """Headless Chromium with an empty cache opens the static site, chooses Practise, draws a
house, and waits for the first guess; then it waits until the service worker has kept the site for
playing offline. Bytes are those of the bodies that the host sent, counted there. playable: until
the first page can be used; first guess: until the first guess is shown; background: what the
service worker asked for, which begins when the guesser is ready. compressing: a host
that sends all files with gzip, as most hosts of such sites do for texts; plain: one that sends them
as they are. engine: onnxruntime-web's WebAssembly, as the site has it and as it is in its package,
which is what a plain host would send of it if the site had it as it is."""


@dataclass(frozen=True)
class Options:
    """Measure a first visit to the static site until its first guess."""

    model: str | None = None
    """Name of the published model that guesses. Default: as in game.static_site."""
    out: Path = RESULTS / "static_site.json"
    """Result file."""


@dataclass
class Sent:
    """What a host has sent: bytes by path, to the page and to its service worker."""

    page: dict[str, int] = field(default_factory=dict[str, int])
    background: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def megabytes(self) -> float:
        """Those to the page."""
        return rounded(sum(self.page.values()) / 1e6)


class Counting:
    """An application whose sent bytes are counted."""

    def __init__(self, app: ASGIApp, sent: Sent) -> None:
        self._app, self._sent = app, sent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        by_worker = Headers(scope=scope).get("referer", "").endswith(WORKER)
        counts, path = self._sent.background if by_worker else self._sent.page, scope["path"]

        async def counted(message: Message) -> None:
            counts[path] = counts.get(path, 0) + len(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, counted)


@contextmanager
def hosting(folder: Path, compressing: bool) -> Generator[tuple[str, Sent]]:
    """The address of a folder's files, and what is sent of them."""
    app, sent = FastAPI(), Sent()
    if compressing:
        app.add_middleware(GZipMiddleware)
    app.add_middleware(Counting, sent=sent)
    app.mount("/", StaticFiles(directory=folder, html=True))
    with serving(app) as address:
        yield address, sent


def measure(browser: Browser, folder: Path, compressing: bool) -> dict[str, Any]:
    """Requests and megabytes of a first visit."""
    with hosting(folder, compressing) as (address, sent), browser.new_context() as context:
        page = context.new_page()
        player = Player(page, address).open()
        found: dict[str, Any] = {"playable_mb": sent.megabytes}
        player.begin("practise")
        player.draw(DRAWINGS["house"])
        page.locator("[data-five] li").first.wait_for(timeout=PATIENCE)
        found |= {"first_guess_mb": sent.megabytes, "requests": len(sent.page)}
        found["largest_kb"] = _largest(sent)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        found["background_mb"] = rounded(sum(sent.background.values()) / 1e6)
    return found


def _largest(sent: Sent, count: int = 5) -> dict[str, float]:
    """The largest files in kilobytes."""
    largest = sorted(sent.page.items(), key=lambda each: -each[1])[:count]
    return {path.lstrip("/"): rounded(size / 1e3) for path, size in largest}


def main(options: Options) -> None:
    """Measure, print and write the result.

    Raises:
        UserError: if the model or onnxruntime-web is missing.
    """
    model = options.model or site.for_browsers()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place) / "site"
        site.write(folder, model, runtime.fetch(default_registry()))
        browser = launch(playwright)
        found = {
            name: measure(browser, folder, compressing)
            for name, compressing in (("compressing", True), ("plain", False))
        }
        browser.close()
        engine = (folder / "judge" / site.ENGINE).read_bytes()
    sizes = {"site": len(engine), "package": len(zlib.decompress(engine))}
    engine_mb = {name: rounded(size / 1e6) for name, size in sizes.items()}
    columns = ("playable_mb", "first_guess_mb", "background_mb")
    rows = [(host, *(each[column] for column in columns)) for host, each in found.items()]
    show("The static site until its first guess", ("host", *columns), rows)
    write(options.out, HOW, {"model": model, **found, "engine_mb": engine_mb})


if __name__ == "__main__":
    run(Options, main)
