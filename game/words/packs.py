"""Word packs: themed lists of words, of which a host chooses. Pure data.

A pack's words are Quick, Draw! names. Of each pack, only the words that the served model knows are
offered.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from models.words import ALL, CLASSIC

LEAST = 6  # least playable words of a pack: enough for Quick Six without a repetition
EVERYTHING = "everything"
FILE = Path(__file__).with_name("packs.toml")


def read_packs(path: Path = FILE) -> dict[str, tuple[str, ...]]:
    """All packs by key, in the order in which they are offered.

    Raises:
        ValueError: the file has a word that is not one of the 345, or one twice in a pack.
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
    """The packs with at least `LEAST` playable words, reduced to those words.

    A pack that has become equal to an earlier one is left out.

    Args:
        playable: the words that the served model knows.
    """
    known = set(playable)
    found: dict[str, tuple[str, ...]] = {EVERYTHING: tuple(playable)}
    for key, words in packs.items():
        part = tuple(word for word in words if word in known)
        if len(part) >= LEAST and all(set(part) != set(other) for other in found.values()):
            found[key] = part
    return found


def words_of(keys: Iterable[str], packs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The words of the chosen packs, each once; all playable words when no chosen pack is known."""
    words = [word for key in keys for word in packs.get(key, ())]
    return tuple(dict.fromkeys(words)) or packs[EVERYTHING]
