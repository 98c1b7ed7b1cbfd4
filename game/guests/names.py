"""Names that players give themselves, cleaned: short, visible, on one line, fit for children.

Names are the only text a player can type. They are told to pages as they are, and every page
escapes them.
"""

import re
import unicodedata
from functools import cache

from glin_profanity import Filter

from game.messages.race import LONGEST_NAME as LONGEST
from game.messages.race import SHORTEST_NAME as SHORTEST

MARKS = 2  # accents on one letter; more climb over the neighbouring lines

_GIVEN = re.compile(r"Artist( \d+)?")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, bidi, zero-width, unassigned
_FILLERS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0]")
_STEMS = re.compile("fuck|bitch|nigger|hitler", re.IGNORECASE)  # within no harmless word
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|_+")  # where joined words meet
_SYLLABLES = re.compile(
    "[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
)

# Given and family names that are rude in another language, each borne by many people: what the word
# list refused of the names of the package Faker in twenty languages, and names of bug reports.
_FAMILY_NAMES = ["bonner", "cummings", "lund", "van poppel", "verga"]
_GIVEN_NAMES = ["concha", "dick", "fanny", "gasti", "kike", "lolita", "marica", "shota", "zizi"]
_GIVEN_FIRST = re.compile(rf"^(?:{'|'.join(_GIVEN_NAMES)})\b", re.IGNORECASE)
_HARMLESS = ["con", "mama", "mist", "peter", "pipi"]  # said by children
_RUDE = ["dickhead", "hitler", "killer", "molester", "murderer", "rapist", "scheisse", "sucker"]
_VIOLENCE = re.compile(
    r"\b(?:rap(?:e|ed|es|ers?|ing)|molest\w*|murder\w*|kill\w*)\b", re.IGNORECASE
)


def clean(name: str | None) -> str | None:
    """The name as it may be shown, `SHORTEST` to `LONGEST` characters; None when there is none.

    Look-alike forms are made one (NFKC), what cannot be seen is removed, and a longer name is cut.
    A name without a letter, digit or picture, and one with a rude word in it, is none.
    """
    visible = _visible(unicodedata.normalize("NFKC", name or ""))
    short = unicodedata.normalize("NFC", visible)[:LONGEST].rstrip()
    enough = len(short) >= SHORTEST or _SYLLABLES.fullmatch(short)
    if not enough or not any(map(_shows, short)):
        return None
    return None if _rude(visible) or _rude(short) else short


def own_name(name: str) -> bool:
    """Whether a player has chosen the name, and it was not given."""
    return bool(name) and not _GIVEN.fullmatch(name)


def _visible(text: str) -> str:
    """Without what cannot be seen, and with single spaces."""
    kept, marks = "", 0
    for character in " ".join(_FILLERS.sub("", text).split()):
        kind = unicodedata.category(character)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if kind not in _INVISIBLE and marks <= MARKS:
            kept += character
    return " ".join(kept.split())


def _shows(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind[0] in "LN" or kind == "So"


def _rude(text: str) -> bool:
    rest = _GIVEN_FIRST.sub(" ", text)
    apart, humps = _STEMS.sub(r" \g<0> ", rest), _HUMPS.sub(" ", rest)
    return any(_VIOLENCE.search(form) or _has_rude_word(form) for form in (rest, apart, humps))


def _has_rude_word(text: str) -> bool:
    """Whether a word of the list stands there whole; the library ends a word at `ü` or `ę`."""
    found = _filter().check_profanity(text)
    matches = found.get("matches") or []
    return bool(found.get("contains_profanity")) and not (
        matches
        and all(_within(text, match.get("word", ""), match.get("index", 0)) for match in matches)
    )


def _within(text: str, word: str, begin: int) -> bool:
    """Whether the word is only a part of a longer one."""
    end = begin + len(word)
    around = (text[begin - 1 : begin] if begin else "") + text[end : end + 1]
    return text[begin:end].lower() == word.lower() and any(map(str.isalpha, around))


@cache
def _filter() -> Filter:
    """The word list in the languages of the page, which also sees through `sh1t` and `s h i t`."""
    return Filter(
        {
            "languages": ["english", "german", "french", "spanish", "hindi", "japanese"],
            "custom_words": _RUDE,
            "detect_leetspeak": True,
            "normalize_unicode": True,
            "ignore_words": _HARMLESS,
            "whitelist": _FAMILY_NAMES,
        }
    )
