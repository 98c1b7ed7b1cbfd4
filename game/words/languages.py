"""The languages of the page: how each calls the 345 words. One JSON file a language.

The files lie with the page, which reads the same ones (`game/web/pad/languages/CODE.json`):

- `name`: what the language calls itself
- `articles`: the indefinite article of each kind of noun, with the space that follows it
- `ignored`: words that may stand before a typed noun and mean nothing
- `words`: for each Quick, Draw! name, the noun and its kind
- `texts`: what the page says, see `game/web/pad/js/strings.js`
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[1] / "web" / "pad" / "languages"
FIRST = "en"


class Noun(NamedTuple):
    """A word in a language.

    Attributes:
        name: without an article.
        kind: key of the language's `articles`: gender, number, or whether it can be counted.
    """

    name: str
    kind: str


@dataclass(frozen=True)
class Language:
    """A language of the page.

    Attributes:
        code: ISO 639-1, the file's name.
        name: what it calls itself.
        articles: kind of noun -> article with a space behind it, "" for none.
        ignored: words that may stand before a typed noun.
        nouns: Quick, Draw! name -> noun.
    """

    code: str
    name: str
    articles: Mapping[str, str]
    ignored: frozenset[str]
    nouns: Mapping[str, Noun]

    def phrase(self, word: str) -> str:
        """A word with its article: "ein Hund"."""
        noun = self.nouns[word]
        return self.articles[noun.kind] + noun.name


def read_language(path: Path) -> Language:
    """The language of a file."""
    data = json.loads(path.read_bytes())
    return Language(
        code=path.stem,
        name=data["name"],
        articles=data["articles"],
        ignored=frozenset(data["ignored"]),
        nouns={word: Noun(*noun) for word, noun in data["words"].items()},
    )


@cache
def languages() -> Mapping[str, Language]:
    """All languages by code, English first."""
    found = sorted(FOLDER.glob("*.json"), key=lambda path: (path.stem != FIRST, path.stem))
    return {path.stem: read_language(path) for path in found}
