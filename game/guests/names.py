"""Cleans the names of players: short, visible, on one line, and fit for children.

A name is the only text of a player that others can see. It is sent to pages unescaped, and every
page escapes it.
"""

import re
import unicodedata
from functools import cache
from string import ascii_lowercase

from glin_profanity import Filter

from game.messages.race import LONGEST_NAME as LONGEST
from game.messages.race import SHORTEST_NAME as SHORTEST

# Marks on one letter, and those of them that are accents, which run into the neighbouring lines:
# Tibetan, Burmese, Khmer and Thai names have up to four marks of other kinds.
MARKS = 4
ACCENTS = 2

_GIVEN = re.compile(r"Artist( \d+)?")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, bidi, zero-width, unassigned
_FILLERS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0]")
# Rude words that are not part of any harmless one, and so are found in longer words as well.
_STEMS = """
    arschloch asshole behenchod bhenchod bitch bougnoul childporn chingchong faggot fuck hitler
    hurensohn judensau judenschwein kinderficker madarchod missgeburt nigger siegheil wanker
    whitepower whore бляд пизд きちがい 死ね 傻逼 操你妈 씨발
""".split()  # noqa: SIM905 - shorter than a list
_STEM = re.compile("|".join(_STEMS))
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|_+")  # borders of joined words
_SYLLABLES = re.compile(
    "[\u1100-\u137f\u3040-\u30ff\u3400-\u9fff\ua000-\ua48f\uac00-\ud7af\U00020000-\U0003ffff]"
)
# Joiners decide how letters of Arabic and Indic scripts are shown, and nothing elsewhere.
_JOINER = re.compile("(?<=[\u0600-\u0dff])[\u200c\u200d](?=[\u0600-\u0dff])")
_JOINERS = "\u200c\u200d"
_SPELT = "\u0e33\u0eb3\u0edc\u0edd"  # letters of Thai and Lao that NFKC would spell otherwise

# Common given and family names that are rude in another language: those that the word list refused
# among the names of the package Faker in twenty languages, and those from bug reports.
_FAMILY_NAMES = ["bonner", "butt", "cummings", "hooker", "lund", "van poppel", "verga"]
_GIVEN_NAMES = """
    concha dick fanny gasti kike lolita marica semen shota zizi
""".split()  # noqa: SIM905
_GIVEN_FIRST = re.compile(rf"^(?:{'|'.join(_GIVEN_NAMES)})\b(?! *heads?\b)", re.IGNORECASE)
_HARMLESS = ["con", "mama", "mist", "peter", "pipi"]  # words of children
# What the word list lacks: insults, slurs and their plurals in the languages of the page.
_RUDE = """
    1488 arschgesicht bastards bhosdike chink chinks culero cunts dickhead dicks fag faggots fags
    ficker golliwog gook gooks hijodeputa huren jerkoff killer lavde molester murderer niggas nutten
    pakis pendeja pendejo prick pricks pussies putes rapist retards salopes scheisse skank sluts
    slutty spast sucker wankers whores wixer zigeuner хуй गांडू चूतिया भोसड़ी भोसड़ीके मादरचोद रंडी हरामी
    しね
""".split()  # noqa: SIM905 - a list would take fifty lines
_VIOLENCE = re.compile(
    r"""\b(?:rap(?:e|ed|es|ers?|ing)|molest\w*|murder\w*|kill(?:s|ed|ers?|ings?)?)\b
    |(?:killers?|(?<![cdg])rape)\b  # at the end of a joined word; not drape, grape, scrape
    |(?:kill|rape)(?:you|urself|(?:her|him|them)\b)""",
    re.VERBOSE,
)
# Letters that others are taken for: those that the word list does not know, and coloured ones.
_LOOKALIKES = str.maketrans(
    dict(zip("ɡսцυμ∪", "guuuuu", strict=True))
    | {
        chr(first + place): letter
        for first in (0x1F150, 0x1F170, 0x1F1E6)  # in dark circles, in dark squares, of flags
        for place, letter in enumerate(ascii_lowercase)
    }
)
_LEET = re.compile(r"(?<=[a-z])[013457@$!]|[013457@$!](?=[a-z])")  # beside a letter
_LETTERS = dict(zip("013457@$!", "oieastasi", strict=True))
_ACCENTED = re.compile("[\u0300-\u036f]+")


def clean(name: str | None) -> str | None:
    """The name as it may be shown, with `SHORTEST` to `LONGEST` characters; None if it may not.

    Equivalent characters are unified, as in NFKC, invisible ones are removed, and a longer name is
    cut. A name must have a letter, digit or picture, and no rude word.
    """
    visible = _visible(_unified(name or ""))
    short = unicodedata.normalize("NFC", visible)[:LONGEST].rstrip(f" {_JOINERS}")
    enough = len(short) >= SHORTEST or _SYLLABLES.fullmatch(short)
    if not enough or not any(map(_shows, short)):
        return None
    return None if _rude(visible) or _rude(short) else short


def own_name(name: str) -> bool:
    """Whether a player has chosen the name; false for a given one, such as "Artist 2"."""
    return bool(name) and not _GIVEN.fullmatch(name)


def _unified(text: str) -> str:
    """The text in NFKC, but for letters that it would spell otherwise."""
    each = (c if c in _SPELT else unicodedata.normalize("NFKC", c) for c in text)
    return unicodedata.normalize("NFC", "".join(each))


def _visible(text: str) -> str:
    """The text without invisible characters, and with single spaces."""
    text = " ".join(_FILLERS.sub("", text).split())
    joiners = {found.start() for found in _JOINER.finditer(text)}
    kept, on_letter = "", ""  # the second: marks since the last letter
    for place, character in enumerate(text):
        kind = unicodedata.category(character)
        if kind in ("Mn", "Me"):
            if _fits(character, on_letter):
                kept, on_letter = kept + character, on_letter + character
        elif place in joiners or kind not in _INVISIBLE:
            kept, on_letter = kept + character, ""
    return " ".join(kept.split())


def _fits(mark: str, others: str) -> bool:
    """Whether a letter that has some marks can bear another one."""
    accents = sum(map(_is_accent, others + mark))
    return len(others) < MARKS and accents <= ACCENTS and not others.endswith(mark)


def _is_accent(mark: str) -> bool:
    """Whether the mark stands above or below all others, as Latin, Greek and Hebrew accents do."""
    return unicodedata.combining(mark) in (220, 230) or unicodedata.category(mark) == "Me"


def _shows(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind[0] in "LN" or kind == "So"


def _rude(text: str) -> bool:
    plain = text.translate(dict.fromkeys(map(ord, _JOINERS))).translate(_LOOKALIKES)
    rest = _GIVEN_FIRST.sub(" ", plain)
    humps = _HUMPS.sub(" ", rest)
    if any(_STEM.search(form) or _VIOLENCE.search(form) for form in map(_folded, (rest, humps))):
        return True
    return any(map(_has_rude_word, {rest, humps}))


def _folded(text: str) -> str:
    """The text in small letters without accents, and with letters for the digits beside them."""
    bare = _ACCENTED.sub("", unicodedata.normalize("NFD", text.lower()))
    letters = _LEET.sub(lambda found: _LETTERS[found[0]], bare)
    return unicodedata.normalize("NFC", letters)


def _has_rude_word(text: str) -> bool:
    """Whether a whole word of the list is in the text.

    The library also finds parts of words, because it takes `ü` or `ę` for the end of a word.
    """
    found = _filter().check_profanity(text)
    matches = found.get("matches") or []
    return bool(found.get("contains_profanity")) and not (
        matches
        and all(_within(text, match.get("word", ""), match.get("index", 0)) for match in matches)
    )


def _within(text: str, word: str, begin: int) -> bool:
    """Whether the word is only part of a longer one."""
    end = begin + len(word)
    around = (text[begin - 1 : begin] if begin else "") + text[end : end + 1]
    return text[begin:end].lower() == word.lower() and any(map(str.isalpha, around))


@cache
def _filter() -> Filter:
    """The word list in the languages of the page, which also finds `sh1t` and `s h i t`."""
    return Filter(
        {
            "languages": ["english", "german", "french", "spanish", "hindi", "japanese"],
            "custom_words": [*_STEMS, *_RUDE, "ching chong", "sieg heil", "white power"],
            "detect_leetspeak": True,
            "normalize_unicode": True,
            "ignore_words": _HARMLESS,
            "whitelist": _FAMILY_NAMES,
        }
    )
