"""The sketch pad: files of a page whose markup never changes, so its canvas is never wiped.

The markup is in `markup/` (entry `page.html`); the behaviour lives in `js/` (plain ES modules,
entry `main.js`), the looks in `css/`. All of it is served by `game.server` as static files under
`pad/`, relative to the page: at a domain's root, under a root path and inside an iframe.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).parent
SHEETS = (
    *("tokens", "base", "buttons", "table"),
    *("home", "play", "stamp", "ask", "thermo", "practise", "tools", "guesser"),
    *(
        "over",
        "notes",
        "screens",
        "badge",
        "meet",
        "lobby",
        "opponents",
        "watch",
        "cards",
        "reveal",
    ),
    *("podium", "replay", "boards", "showdown"),
)  # in the order they are applied


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


def _addresses(folder: Path, pattern: str) -> list[str]:
    return [f"pad/{file.relative_to(folder).as_posix()}" for file in sorted(folder.glob(pattern))]
