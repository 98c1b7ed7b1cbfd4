"""A browser that runs the static page's JavaScript as it lies in the checkout."""

import json
from collections.abc import Generator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import launch
from tests.game.static_site.pages import ROOT, Call, serving

BLANK = "game/pad/markup/ring.html"  # any page will do
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
