"""The sketch pad: files of a page whose markup never changes, so its canvas is never wiped.

The markup is in `markup/` (entry `page.html`); the behaviour lives in `js/` (plain ES modules,
entry `main.js`), the looks in `css/`. `game.application` serves all of it as static files under
`pad/`, relative to the page: at a domain's root, under a root path and inside an iframe.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

from game.rules.modes import MODES, ModeRules
from game.web import assets

FOLDER = Path(__file__).parent
ORDER = "css/index.css"  # names the style sheets in the order in which they are applied


def head(folder: Path = FOLDER) -> str:
    """Links to styles, fonts and scripts for the page's `<head>`.

    They are those of the bundle, or the single files of `folder` where there is none.

    Another folder than the server's own, as the static site's, has no bundle.
    """
    bundle = assets.bundle() if folder == FOLDER else None
    if bundle is None:
        styles = [f"pad/css/{name}" for name in _sheets(folder)]
        return links(styles, fonts(folder), _addresses(folder, "js/**/*.js"))
    named = [f"pad/{font.name}" for font in bundle.fonts]
    return links([f"pad/{bundle.style.name}"], named, [f"pad/{bundle.script.name}"])


def links(styles: Iterable[str], fonts: Iterable[str], scripts: Iterable[str]) -> str:
    """Links for `<head>` to addresses of styles, fonts and scripts."""
    lines = [f'<link rel="stylesheet" href="{address}">' for address in styles]
    lines += [
        f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{address}">'
        for address in fonts
        if "more" not in address  # letters that few texts need
    ]
    return "\n".join([*lines, *(f'<link rel="modulepreload" href="{name}">' for name in scripts)])


def fonts(folder: Path) -> list[str]:
    """Addresses of a folder's fonts."""
    return _addresses(folder, "fonts/*.woff2")


def entry() -> str:
    """Address of the module whose `start` begins the page."""
    bundle = assets.bundle()
    return f"pad/{bundle.script.name}" if bundle else "pad/js/main.js"


def _sheets(folder: Path) -> list[str]:
    return re.findall(r'@import "\./(.+)";', (folder / ORDER).read_text("utf-8"))


def markup(part: str = "page", folder: Path = FOLDER) -> str:
    """A part of the page from `markup/`.

    Each `<!-- name -->` in it becomes the part so named, each `<!-- modes: MENU -->` the buttons of
    the modes that `game.rules.modes` puts in that menu, and `<!-- languages -->` a choice of all
    files of `languages/`.
    """
    if part == "languages":
        return _language_options(folder)
    text = (folder / "markup" / f"{part}.html").read_text("utf-8")
    text = re.sub(r"<!-- modes: (\w+) -->", lambda place: _mode_buttons(place[1]), text)
    return re.sub(r"<!-- (\w+) -->", lambda place: markup(place[1], folder), text)


def _language_options(folder: Path) -> str:
    """An `<option>` for each language, under the name it gives itself."""
    files = sorted((folder / "languages").glob("*.json"))
    names = {file.stem: json.loads(file.read_bytes())["name"] for file in files}
    return "".join(
        f'<option value="{code}" lang="{code}">{name}</option>' for code, name in names.items()
    )


def _mode_buttons(menu: str) -> str:
    """Buttons of the modes that the rules put in this menu; the script writes their texts."""
    buttons = [_button(name, rules) for name, rules in MODES.items() if rules.menu == menu]
    return "\n".join(buttons)


def _button(name: str, rules: ModeRules) -> str:
    looks = {"first": "primary action wide", "main": "action", "more": "plain"}[rules.menu]
    small = "" if rules.menu == "more" else "<small data-mode-text></small>"
    title = "<b data-mode-title></b>" if small else "<span data-mode-title></span>"
    hidden = " hidden" if rules.shared else ""  # until the server names several models
    return (
        f'<button class="{looks}" data-mode="{name}"{hidden}>'
        f'<svg aria-hidden="true"><use href="#i-{rules.icon}" /></svg>'
        f"<span>{title}{small}</span></button>"
    )


def _addresses(folder: Path, pattern: str) -> list[str]:
    return [f"pad/{file.relative_to(folder).as_posix()}" for file in sorted(folder.glob(pattern))]
