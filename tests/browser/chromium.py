"""The browser of the tests: the system's Chromium, else the one Playwright installed."""

import shutil

from playwright.sync_api import Browser, Playwright, expect

PATIENCE = 60_000  # ms before a test gives up on a page; a busy processor may take half of them
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch(playwright: Playwright) -> Browser:
    """Start Chromium without a window, and without anything that asks the network by itself."""
    expect.set_options(timeout=PATIENCE)
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
