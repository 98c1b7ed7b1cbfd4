"""A browser that runs the static page's JavaScript as it lies in the checkout, and a whole site."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from game.static_site import runtime
from game.static_site.__main__ import Options, main
from tests.browser.chromium import launch
from tests.game.static_site.pages import ROOT, Call, serving

BLANK = "game/web/pad/markup/ring.html"  # any page will do
DRIVE = "/tests/game/static_site/drive.js"


@pytest.fixture(scope="module")
def chromium() -> Generator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def js(chromium: Browser) -> Generator[Call]:
    """Call a function of `drive.js`: `js("bitmaps", drawings)`."""
    with serving(ROOT) as address:
        page = chromium.new_page()
        page.goto(f"{address}/{BLANK}")

        def call(function: str, *args: Any) -> Any:
            answer = f"(await import('{DRIVE}')).{function}(...JSON.parse(args))"
            # As one text each way: Playwright is slow with values of many parts.
            return json.loads(
                page.evaluate(f"async (args) => JSON.stringify({answer})", json.dumps(args))
            )

        yield call
        page.close()


@pytest.fixture(scope="session")
def package() -> runtime.Runtime:
    """onnxruntime-web from the registry, or from where an earlier run has put it."""
    return runtime.fetch(runtime.default_registry())


@pytest.fixture(scope="session")
def written(package: runtime.Runtime, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site two folders below one that can be served."""
    out = tmp_path_factory.mktemp("host") / "games" / "doodle"
    main(Options(out, registry="unreachable"))  # it needs none any more
    return out
