"""The sketch pad: a Gradio component whose markup never changes, so its canvas is never wiped.

The markup is in `markup/` (entry `page.html`); the behaviour lives in `js/` (plain ES modules,
entry `main.js`), the looks in `css/`. All of it is served by `game.server` as static files under
`pad/`, relative to the page: at a domain's root, under a root path and inside an iframe.
"""

import re
from pathlib import Path
from typing import Any

import gradio as gr

FOLDER = Path(__file__).parent
SHEETS = (
    *("tokens", "base", "buttons", "table"),
    *("home", "play", "stamp", "ask", "thermo", "practise", "tools", "guesser"),
    *("over", "notes", "screens", "badge", "meet", "lobby", "rail", "watch", "cards", "reveal"),
    *("podium", "replay", "boards", "showdown"),
)  # in the order they are applied
START = """
import(new URL("pad/js/main.js", document.baseURI))
  .then((main) => main.start(element))
  .catch((error) => console.error("the sketch pad could not start", error));
"""


def head(folder: Path = FOLDER) -> str:
    """Links to the looks and early fetches of the modules in `folder`, for the page's `<head>`."""
    looks = [f'<link rel="stylesheet" href="pad/css/{name}.css">' for name in SHEETS]
    early = [
        f'<link rel="modulepreload" href="{address}">'
        for address in _addresses(folder, "js/**/*.js")
    ]
    fonts = [
        f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{address}">'
        for address in _addresses(folder, "fonts/*.woff2")
    ]
    return "\n".join(looks + fonts + early)


def markup(part: str = "page", folder: Path = FOLDER) -> str:
    """A part of the page from `markup/`; each `<!-- name -->` in it becomes the part so named."""
    text = (folder / "markup" / f"{part}.html").read_text("utf-8")
    return re.sub(r"<!-- (\w+) -->", lambda place: markup(place[1], folder), text)


class Pad(gr.HTML):
    """The whole page of the game: canvas, word, clock, guesser, last page. Has no Gradio value."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            html_template=markup(),
            js_on_load=START,
            head=head(),
            apply_default_css=False,
            padding=False,
            container=False,
            **settings,
        )

    def api_info(self) -> dict[str, Any]:
        """The component takes and gives nothing, so it has no entry in the page's API."""
        return {}


def _addresses(folder: Path, pattern: str) -> list[str]:
    return [f"pad/{file.relative_to(folder).as_posix()}" for file in sorted(folder.glob(pattern))]
