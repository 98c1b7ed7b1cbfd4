"""An index of a data folder too large for memory: the split of each bitmap.

The files are read once, piece by piece. Bitmaps are hashed as in `training.data.dataset`, so both
have the same splits and the same hash. The index takes one byte of memory per drawing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.data import bitmap_files
from training.data.bitmap_files import ReadBitmaps
from training.data.dataset import SPLITS, drawing_hash, hash_of, split_of

PIECE = 4096  # bitmaps read at a time, 3 MB
UNUSED = len(SPLITS)  # marks a training bitmap beyond the limit, in place of a split's index


@dataclass(frozen=True)
class Counted:
    """A word's file: the index in `SPLITS` of each bitmap, uint8 (N,), and the file's digest."""

    splits: NDArray[np.uint8] = field(repr=False)
    digest: bytes


@dataclass(frozen=True)
class DataIndex:
    """The splits of all bitmaps of a folder.

    Attributes:
        words: K words in column order.
        folder: where their bitmaps are.
        bitmaps: K functions that return the bitmaps of a word.
        splits: K arrays uint8 (N,): for each bitmap of a word, the index of its split in `SPLITS`,
            or `UNUSED`.
        hash: equal to `Dataset.hash` of the same bitmaps.
    """

    words: tuple[str, ...]
    folder: Path
    bitmaps: tuple[ReadBitmaps, ...] = field(repr=False)
    splits: tuple[NDArray[np.uint8], ...] = field(repr=False)
    hash: str

    @property
    def counts(self) -> dict[str, int]:
        """Number of bitmaps in each split."""
        return {
            split: sum(int((splits == place).sum()) for splits in self.splits)
            for place, split in enumerate(SPLITS)
        }


def take(words: tuple[str, ...], folder: Path, *, per_word: int | None = None) -> DataIndex:
    """Make the index by reading all bitmaps of `words` once.

    Args:
        words: the classes.
        folder: in the layout of `training.data.quickdraw` or `training.data.own_drawings`.
        per_word: largest number of training bitmaps per word; held-out splits are not limited.

    Raises:
        UserError: if a word has no bitmaps in the folder.
    """
    return assembled(words, folder, [share(words, folder)], per_word)


def share(words: tuple[str, ...], folder: Path, rank: int = 0, ranks: int = 1) -> list[Counted]:
    """Count the words of one of `ranks` processes: every `ranks`-th word, starting at `rank`.

    Raises:
        UserError: if any word has no bitmaps in the folder, even one that another rank counts.
    """
    files = [bitmap_files.opened(word, folder) for word in words]  # first: counting can take hours
    return [count(file) for file in files[rank::ranks]]


def assembled(
    words: tuple[str, ...],
    folder: Path,
    shares: Sequence[Sequence[Counted]],
    per_word: int | None,
) -> DataIndex:
    """The index made from the counts of all ranks, in the order of ranks."""
    ranks = len(shares)
    counted = [shares[place % ranks][place // ranks] for place in range(len(words))]
    return DataIndex(
        words,
        folder,
        tuple(bitmap_files.opened(word, folder) for word in words),
        tuple(_limited(word.splits, per_word) for word in counted),
        hash_of([word.digest for word in counted], per_word),
    )


def count(bitmaps: ReadBitmaps) -> Counted:
    """Hash a word's bitmaps and decide the split of each."""
    digest, splits = hashlib.sha256(), [np.zeros(0, np.uint8)]
    for start in range(0, len(bitmaps()), PIECE):
        # Opened again for each piece: pages of a mapped file count as memory of the process.
        pixels = bitmaps()[start : start + PIECE]
        hashes = [drawing_hash(bitmap.tobytes()) for bitmap in pixels]
        digest.update(b"".join(hashes))
        splits.append(np.array([SPLITS.index(split_of(h)) for h in hashes], np.uint8))
    return Counted(np.concatenate(splits), digest.digest())


def _limited(splits: NDArray[np.uint8], per_word: int | None) -> NDArray[np.uint8]:
    """The same splits, with training bitmaps beyond the first `per_word` marked `UNUSED`."""
    beyond = np.flatnonzero(splits == SPLITS.index("train"))[per_word:] if per_word else []
    limited = splits.copy()
    limited[beyond] = UNUSED
    return limited
