"""Word packs: which words a host may choose, as far as the served model plays them. Pure data.

A pack's words are Quick, Draw! names; a pack is offered as its part that the model plays.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from models.words import ALL, CLASSIC

LEAST = 6  # words a pack needs to be offered: a game of Quick Six without a repetition
EVERYTHING = "everything"
FILE = Path(__file__).with_name("packs.toml")


def read_packs(path: Path = FILE) -> dict[str, tuple[str, ...]]:
    """All packs by key, in the order they are offered.

    Raises:
        ValueError: when the file names a word that is not one of the 345, or one twice in a pack.
    """
    packs = {EVERYTHING: ALL, "classic": CLASSIC}
    for key, words in tomllib.loads(path.read_text("utf-8")).items():
        unknown = sorted(set(words) - set(ALL))
        if unknown or len(set(words)) != len(words):
            raise ValueError(f"pack {key!r}: unknown words {unknown}, or a word twice")
        packs[key] = tuple(words)
    return packs


PACKS: Mapping[str, tuple[str, ...]] = read_packs()


def offered(
    playable: Sequence[str], packs: Mapping[str, tuple[str, ...]] = PACKS
) -> dict[str, tuple[str, ...]]:
    """The packs of at least `LEAST` playable words, without those that another pack equals.

    Args:
        playable: the words that the served model plays.
    """
    found: dict[str, tuple[str, ...]] = {EVERYTHING: tuple(playable)}
    for key, words in packs.items():
        part = tuple(word for word in words if word in set(playable))
        if len(part) >= LEAST and all(set(part) != set(other) for other in found.values()):
            found[key] = part
    return found


def words_of(keys: Iterable[str], packs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """All words of the chosen packs, each once; of all packs when none is chosen or offered."""
    words = [word for key in keys for word in packs.get(key, ())]
    return tuple(dict.fromkeys(words)) or packs[EVERYTHING]
