"""The page's texts: every language has the same keys with the same values."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from game.web import pad

FOLDER = pad.FOLDER / "languages"
CODES = sorted(file.stem for file in FOLDER.glob("*.json"))
VALUE = re.compile(r"\{(\w+)(?::(\w+))?\}")
FORMS = {"one", "two", "few", "many", "other"}
KEYS = re.compile(r'\bt\(\s*"([\w.]+)"')
MARKED = re.compile(r'data-t(?:-label)?="([\w.]+)"')


def texts(code: str) -> dict[str, dict[str, str]]:
    """Key -> form -> text; a text of one form has the form "other"."""
    data = json.loads((FOLDER / f"{code}.json").read_bytes())
    found: dict[str, dict[str, str]] = {}
    for key, text in flat(data["texts"]):
        name, _, form = key.rpartition(".")
        if form in FORMS or re.fullmatch(r"=\d+", form):
            found.setdefault(name, {})[form] = text
        else:
            found[key] = {"other": text}
    return found


def flat(tree: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def values(forms: dict[str, str]) -> set[str]:
    return {name for text in forms.values() for name, _ in VALUE.findall(text)}


ENGLISH = texts("en")


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_every_text_with_the_same_values(code: str):
    found = texts(code)
    assert set(found) == set(ENGLISH)
    has_articles = any(json.loads((FOLDER / f"{code}.json").read_bytes())["articles"].values())
    for key, forms in found.items():
        if has_articles or key != "drawA":  # which is an article and nothing else
            assert values(forms) == values(ENGLISH[key]), key
        assert forms["other"].strip(), key


@pytest.mark.parametrize("code", CODES)
def test_values_are_written_in_known_ways(code: str):
    script = (pad.FOLDER / "js/strings.js").read_text("utf-8")
    known = set(re.findall(r"^    (\w+)[:,]", script, re.M)) - {"plural"}
    used = {
        way for forms in texts(code).values() for t in forms.values() for _, way in VALUE.findall(t)
    }
    assert used - {""} <= known


def test_each_text_of_the_page_is_there():
    scripts = [path.read_text("utf-8") for path in pad.FOLDER.glob("js/*.js")]
    markup = [path.read_text("utf-8") for path in pad.FOLDER.glob("markup/*.html")]
    keys = {key for text in scripts for key in KEYS.findall(text)}
    keys |= {key for text in markup for key in MARKED.findall(text)}
    assert len(keys) > 100
    assert keys - set(ENGLISH) == set()


def test_the_menu_offers_every_language_in_its_own_name():
    markup = pad.markup()
    for code in CODES:
        name = json.loads((FOLDER / f"{code}.json").read_bytes())["name"]
        assert f'<option value="{code}" lang="{code}">{name}</option>' in markup


def test_another_language_is_one_more_file(tmp_path: Path):
    folder = tmp_path / "languages"
    folder.mkdir()
    (folder / "it.json").write_text('{"name": "Italiano"}')
    (tmp_path / "markup").mkdir()
    (tmp_path / "markup/page.html").write_text("<select><!-- languages --></select>")
    assert '<option value="it" lang="it">Italiano</option>' in pad.markup(folder=tmp_path)
