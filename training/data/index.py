"""What a data folder holds, too large to be read into memory: the split of each of its bitmaps.

The files are read through once, a piece at a time, and each bitmap is hashed as
`training.data.dataset` does, so both have the same splits and the same hash. It costs a byte of
memory a drawing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.data import quickdraw
from training.data.dataset import SPLITS, drawing_hash, hash_of, split_of

PIECE = 4096  # bitmaps read at a time, 3 MB
UNUSED = len(SPLITS)  # instead of a split's place: a training bitmap beyond the limit


@dataclass(frozen=True)
class Counted:
    """A word's file: the place in `SPLITS` of each of its N bitmaps, uint8 (N,), and its digest."""

    splits: NDArray[np.uint8] = field(repr=False)
    digest: bytes


@dataclass(frozen=True)
class DataIndex:
    """All files.

    Attributes:
        words: K words in column order.
        folder: that has their bitmaps.
        splits: K arrays uint8 (N,), where in `SPLITS` each bitmap of a word belongs, or `UNUSED`.
        hash: as `Dataset.hash` of the same bitmaps.
    """

    words: tuple[str, ...]
    folder: Path
    splits: tuple[NDArray[np.uint8], ...] = field(repr=False)
    hash: str

    @property
    def counts(self) -> dict[str, int]:
        """Bitmaps in each split."""
        return {
            split: sum(int((splits == place).sum()) for splits in self.splits)
            for place, split in enumerate(SPLITS)
        }


def take(words: tuple[str, ...], folder: Path, *, per_word: int | None = None) -> DataIndex:
    """Read all bitmaps of `words` once.

    Args:
        words: the classes.
        folder: in the layout of `training.data.quickdraw`.
        per_word: at most so many training bitmaps a word; held-out splits stay whole.

    Raises:
        UserError: when a word has no bitmaps there.
    """
    return assembled(words, folder, [share(words, folder)], per_word)


def share(words: tuple[str, ...], folder: Path, rank: int = 0, ranks: int = 1) -> list[Counted]:
    """What a rank counts of all `ranks` that read at the same time: every so-manieth word.

    Raises:
        UserError: when a word has no bitmaps in the folder, whoever was to read them.
    """
    for word in words:
        quickdraw.load_bitmaps(word, folder)  # opened only, and before hours are spent on others
    return [count(word, folder) for word in words[rank::ranks]]


def assembled(
    words: tuple[str, ...],
    folder: Path,
    shares: Sequence[Sequence[Counted]],
    per_word: int | None,
) -> DataIndex:
    """The index of what all ranks counted, in their order."""
    ranks = len(shares)
    counted = [shares[place % ranks][place // ranks] for place in range(len(words))]
    return DataIndex(
        words,
        folder,
        tuple(_limited(word.splits, per_word) for word in counted),
        hash_of([word.digest for word in counted], per_word),
    )


def count(word: str, folder: Path) -> Counted:
    """Hash a word's bitmaps.

    Raises:
        UserError: when there are none, or their file is damaged.
    """
    digest, splits = hashlib.sha256(), [np.zeros(0, np.uint8)]
    length = len(quickdraw.load_bitmaps(word, folder))
    for start in range(0, length, PIECE):
        # Opened anew each time: pages of a file that stays mapped count as this process's memory.
        pixels = quickdraw.load_bitmaps(word, folder)[start : start + PIECE]
        hashes = [drawing_hash(bitmap.tobytes()) for bitmap in pixels]
        digest.update(b"".join(hashes))
        splits.append(np.array([SPLITS.index(split_of(h)) for h in hashes], np.uint8))
    return Counted(np.concatenate(splits), digest.digest())


def _limited(splits: NDArray[np.uint8], per_word: int | None) -> NDArray[np.uint8]:
    """The same, with training bitmaps beyond the first `per_word` unused."""
    beyond = np.flatnonzero(splits == SPLITS.index("train"))[per_word:] if per_word else []
    limited = splits.copy()
    limited[beyond] = UNUSED
    return limited
