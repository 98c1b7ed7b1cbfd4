"""Servers and a browser, for tests that play as a person does."""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from game.application import create_app
from game.judging.judge import Model
from game.records.storage import Storage
from game.serving import listen, make_server
from tests.browser.chromium import launch
from tests.browser.player import Player
from tests.browser.puppet import Puppet
from tests.browser.puppet import serving as serving_puppet
from tests.browser.states import SOCKETS
from tests.browser.visitor import Visitor
from tests.game.fakes import EASY, THRESHOLDS, WORDS
from tests.game.listening import running
from tests.game.memory import Memory

# What Chromium prints when a server has stopped, or a page is left while Gradio's files still load;
# these are under /assets/, and ours are not.
GONE = re.compile(
    "WebSocket connection to|net::ERR_CONNECTION_REFUSED|Unable to preload CSS"
    r"|Failed to fetch dynamically imported module: \S+/assets/"
)

NewPlayer = Callable[..., Player]
PHONE: ViewportSize = {"width": 390, "height": 844}


class NeverSure:
    """A model that gives every word the same probability."""

    words = WORDS
    thresholds = THRESHOLDS
    difficulty = EASY

    def probabilities(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities (N, K) of bitmaps (N, 28, 28), all equal."""
        return np.full((len(bitmaps), len(WORDS)), 1 / len(WORDS), np.float32)


@contextmanager
def serving(
    model: Model, port: int = 0, storage: Storage | None = None, **more: Any
) -> Generator[str]:
    """Serve the game with a model and arguments of `create_app` in a thread; yield its address."""
    with listen("127.0.0.1", port) as listener:
        app = create_app(model, storage=storage or Memory(), **more)
        server = make_server(app)
        with running(server, listener) as address:
            yield address


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def new_player(browser: Browser) -> Generator[NewPlayer]:
    """A player with a page: `new_player(address, **context)`; at the end, check for console errors.

    Motion is reduced, because several pages may share one processor.
    """
    players: list[Player] = []

    def new_player(address: str, **context: Any) -> Player:
        page = browser.new_context(reduced_motion="reduce", **context).new_page()
        players.append(Player(page, address))
        return players[-1]

    yield new_player
    for player in players:
        player.page.context.close()
    complaints = [error for player in players for error in player.errors]
    assert [error for error in complaints if not GONE.search(error)] == []


@pytest.fixture(scope="module")
def puppet(browser: Browser) -> Generator[tuple[Puppet, str]]:
    """A server that sends what a test needs, and its address; it starts after the browser."""
    puppet = Puppet()
    with serving_puppet(puppet.app) as address:
        yield puppet, address


@pytest.fixture
def visitor(browser: Browser, puppet: tuple[Puppet, str]) -> Generator[Visitor]:
    """A phone's page that goes from state to state."""
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce", color_scheme="light")
    page = context.new_page()
    page.add_init_script(SOCKETS)
    yield Visitor(page, *puppet)
    context.close()
