"""Named word sets of Quick, Draw!; a model's columns follow the order given here.

The 345 names are the categories of the Quick, Draw! data set (Jongejan et al. 2016; Ha & Eck 2017,
arXiv 1704.03477), exactly as its files are called.
"""

from pathlib import Path

from models.command import UserError

ALL: tuple[str, ...] = tuple(
    Path(__file__).with_name("quickdraw_words.txt").read_text("utf-8").splitlines()
)
CLASSIC = ("banana", "bicycle", "bird", "cake", "car", "cat", "fish", "house", "sun", "tree")
PARTY = (
    "tractor",
    "toothpaste",
    "toothbrush",
    "skull",
    "spider",
    "toilet",
    "mountain",
    "sword",
    "marker",
    "sheep",
)
WORD_SETS: dict[str, tuple[str, ...]] = {"classic": CLASSIC, "party": PARTY, "all": ALL}

# True kinds: a drawing of one of these is, to a player, a drawing of the word it belongs to.
KINDS: dict[str, tuple[str, ...]] = {
    "bird": ("duck", "flamingo", "owl", "parrot", "penguin", "swan"),
    "cake": ("birthday cake",),
    "car": ("police car",),
    "fish": ("shark",),
    "tree": ("palm tree",),
}

if len(ALL) != 345 or len(set(ALL)) != 345 or not set(CLASSIC + PARTY) <= set(ALL):
    raise AssertionError("quickdraw_words.txt must hold the 345 Quick, Draw! names, one a line")


def parse(text: str) -> tuple[str, ...]:
    """Turn `classic`, `party`, `all` or a comma-separated list into a tuple of words.

    Raises:
        UserError: for an unknown or repeated word, with the nearest known names.
    """
    if text in WORD_SETS:
        return WORD_SETS[text]
    words = tuple(part.strip() for part in text.split(",") if part.strip())
    for word in words:
        if word not in ALL:
            raise UserError(
                f"unknown word {word!r}{_nearest(word)}",
                f"expected {', '.join(WORD_SETS)} or names of the 345 Quick, Draw! categories",
            )
    if len(set(words)) != len(words) or not words:
        raise UserError(f"expected a list of different words, found {text!r}")
    return words


def _nearest(word: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, ALL, n=3)
    return f"; did you mean {' or '.join(map(repr, close))}?" if close else ""
