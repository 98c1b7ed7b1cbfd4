"""A page that a test takes from state to state of the game, with the puppet for its server."""

from playwright.sync_api import Page

from tests.browser.chromium import PATIENCE
from tests.browser.puppet import Puppet, Scene

OWN_PAGES = (
    "meet",
    "boards",
    "daily",
    "statistics",
    "laboratory",
    "privacy",
    "challenge",
    "replay",
)


class Visitor:
    """A page that is taken from state to state."""

    def __init__(self, page: Page, puppet: Puppet, address: str) -> None:
        page.set_default_timeout(PATIENCE)
        self.page, self._puppet, self._address = page, puppet, address

    def visit(self, scene: Scene) -> None:
        """Bring the page into a scene's state: by messages alone, where that can be."""
        if self._fresh(scene):
            self._puppet.scene = scene
            self.page.goto(self._address + scene.query)
        else:
            self._puppet.play(scene)
        self.page.locator(f".dr[data-stage={scene.stage}]").wait_for()
        scene.act(self.page)
        self.page.wait_for_timeout(30)

    def _fresh(self, scene: Scene) -> bool:
        """Whether the page has to be loaded: at first, for a query, or off the server's states.

        A connection of the puppet may still be the one of a page that has just been closed, so
        the page itself is asked as well.
        """
        if not self.page.url.startswith(self._address) or not self._puppet.connected:
            return True
        if scene.query and scene.records:
            return True
        return self.page.locator(".dr").get_attribute("data-screen") in OWN_PAGES
