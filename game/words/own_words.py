"""A host's own word list: finds the known words in what was typed, in any language. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from game.words.languages import FIRST, Language

SEPARATORS = re.compile(r"[,;\n\r\t、，；،।]+")
NUKTA = "\u093c"  # a dot below Devanagari letters, often left out
CANDRABINDU, ANUSVARA = "\u0901", "\u0902"  # used interchangeably
KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
LATIN_MARKS = range(0x0300, 0x0370)
LEAST = 3  # known words of a list that can be used: the shortest race asks each once
CLOSE = 0.6  # least similarity (`difflib`, 0 to 1) of a word that is proposed instead


@dataclass(frozen=True)
class Refused:
    """A typed word that cannot be played.

    Attributes:
        typed: as it was typed.
        nearest: Quick, Draw! name of the most similar playable word; None when none is similar.
    """

    typed: str
    nearest: str | None


@dataclass(frozen=True)
class WordList:
    """A host's word list.

    Attributes:
        words: Quick, Draw! names, each once, in the order they were typed.
        refused: typed words that cannot be played.
    """

    words: tuple[str, ...]
    refused: tuple[Refused, ...]


def parse(
    text: str, playable: Sequence[str], languages: Mapping[str, Language], code: str = FIRST
) -> WordList:
    """Find the playable words in a typed list.

    Words are separated by commas, semicolons, tabs or line ends. Case, accents, hyphens, spaces and
    articles do not matter. A name that means different things in two languages ("crayon") is read
    in the host's own.

    Args:
        text: what was typed.
        playable: Quick, Draw! names of the words that the served model knows.
        languages: by code.
        code: code of the host's language.
    """
    ignored = frozenset[str]().union(*(language.ignored for language in languages.values()))
    index = _index(playable, languages, code)
    words: dict[str, None] = {}
    refused: list[Refused] = []
    for typed in filter(None, (part.strip() for part in SEPARATORS.split(text))):
        folded = fold(typed, ignored)
        if folded in index:
            words[index[folded]] = None
        else:
            refused.append(Refused(typed, _nearest(folded, index)))
    return WordList(tuple(words), tuple(refused))


def fold(text: str, ignored: frozenset[str] = frozenset()) -> str:
    """A name reduced to what must match: without case, accents, hyphens and spaces.

    Args:
        ignored: words to leave out at the beginning, such as articles.
    """
    plain = "".join(_fold_letter(letter) for letter in unicodedata.normalize("NFKD", text))
    parts = re.findall(r"[^\W_]+(?:[\u0900-\u0903\u093e-\u094d\u3099\u309a][^\W_]*)*", plain)
    while len(parts) > 1 and parts[0] in ignored:
        parts = parts[1:]
    return "".join(parts)


@cache
def _fold_name(name: str) -> str:
    return fold(name)


def _fold_letter(letter: str) -> str:
    if ord(letter) in LATIN_MARKS or letter == NUKTA:
        return ""
    if letter == CANDRABINDU:
        return ANUSVARA
    return letter.translate(KATAKANA_TO_HIRAGANA).casefold().replace("œ", "oe")


def _index(playable: Sequence[str], languages: Mapping[str, Language], code: str) -> dict[str, str]:
    """Folded name -> playable word. The host's language goes first, then English, then the rest."""
    order = sorted(languages.values(), key=lambda each: (each.code != code, each.code != FIRST))
    index: dict[str, str] = {}
    for language in order:
        for word in playable:
            if word in language.nouns:  # a model of other words has names in no language
                index.setdefault(_fold_name(language.nouns[word].name), word)
    for word in playable:
        index.setdefault(_fold_name(word), word)
    return index


def _nearest(folded: str, index: Mapping[str, str]) -> str | None:
    close = get_close_matches(folded, index, n=1, cutoff=CLOSE)
    return index[close[0]] if close else None
