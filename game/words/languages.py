"""The languages of the page, and the names of the 345 words in each.

Each language is one JSON file, `game/web/pad/languages/CODE.json`, which the page reads too:

- `name`: the language's name in that language
- `articles`: kind of noun -> its indefinite article with the space that follows it
- `ignored`: words before a typed noun that do not matter, such as articles
- `words`: Quick, Draw! name -> the noun and its kind
- `texts`: the texts of the page, see `game/web/pad/js/strings.js`
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
        kind: key in the language's `articles`, such as gender or number.
    """

    name: str
    kind: str


@dataclass(frozen=True)
class Language:
    """A language of the page.

    Attributes:
        code: ISO 639-1 code, which is the file's name.
        name: the language's name in that language.
        articles: kind of noun -> article with the space that follows it; "" for none.
        ignored: words before a typed noun that do not matter.
        nouns: Quick, Draw! name -> noun.
    """

    code: str
    name: str
    articles: Mapping[str, str]
    ignored: frozenset[str]
    nouns: Mapping[str, Noun]

    def phrase(self, word: str) -> str:
        """A word with its article, such as "ein Hund"."""
        noun = self.nouns[word]
        return self.articles[noun.kind] + noun.name


def read_language(path: Path) -> Language:
    """Read the language file `path`."""
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
