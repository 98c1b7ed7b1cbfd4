"""The page's texts, as its language files have them."""

import json
from collections.abc import Callable
from functools import reduce

from playwright.sync_api import Page

from game.web import pad
from game.words.languages import languages

TEXTS = {
    code: json.loads((pad.FOLDER / f"languages/{code}.json").read_bytes())["texts"]
    for code in languages()
}
_SHOWN = {noun.name: word for word, noun in languages()["en"].nouns.items()}


def said(key: str) -> Callable[[Page], None]:
    """Waits until a page shows the text under `key` ("problems.waiting") in its language."""

    def wait(page: Page) -> None:
        texts = TEXTS[page.locator(".dr").get_attribute("lang") or ""]
        text = reduce(lambda part, name: part[name], key.split("."), texts)
        page.get_by_text(text).locator("visible=true").first.wait_for()

    return wait


def word_shown(text: str) -> str:
    """The Quick, Draw! word that an English page shows as a text, such as "Eiffel Tower"."""
    return _SHOWN.get(text, text)
