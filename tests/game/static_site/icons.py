"""Makes the icons of the installed game from the page's icon, with a real browser.

python -m tests.game.static_site.icons
"""

from playwright.sync_api import Browser, sync_playwright

from game.web.first_paint import TABLE_LIGHT
from game.web.screen import favicon
from tests.browser.chromium import launch
from tests.game.static_site.pages import ROOT

OUT = ROOT / "game" / "static_site" / "icons"
# name -> (side in pixels, share of it that the drawing takes, ground)
ICONS = {
    "192": (192, 1.0, "transparent"),
    "512": (512, 1.0, "transparent"),
    "maskable": (512, 0.66, TABLE_LIGHT),  # a device may cut off all but a circle of 80 %
    "touch": (180, 0.8, TABLE_LIGHT),
}


def draw(browser: Browser, name: str) -> None:
    """Write one icon."""
    side, share, ground = ICONS[name]
    page = browser.new_page(viewport={"width": side, "height": side})
    page.set_content(
        f"<style>body {{ margin: 0; height: 100vh; display: grid; place-content: center }}"
        f"svg {{ width: {side * share}px; display: block }} html {{ background: {ground} }}</style>"
        + favicon().read_text("utf-8")
    )
    page.screenshot(path=OUT / f"{name}.png", omit_background=True)
    page.close()


def main() -> None:
    """Write all icons."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name in ICONS:
            draw(browser, name)
        browser.close()


if __name__ == "__main__":
    main()
