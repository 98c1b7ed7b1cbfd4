"""What a data folder holds, too large to be read into memory: the split of each of its bitmaps.

The files are read through once, a piece at a time, and each bitmap is hashed as `training.dataset`
does, so both have the same splits and the same hash. It costs a byte of memory a drawing.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training import quickdraw
from training.dataset import SPLITS, Split, drawing_hash, hash_of, split_of

PIECE = 4096  # bitmaps read at a time, 3 MB
UNUSED = len(SPLITS)  # instead of a split's place: a training bitmap beyond the limit


@dataclass(frozen=True)
class Counted:
    """A word's file: the place in `SPLITS` of each of its N bitmaps, uint8 (N,), and its digest."""

    splits: NDArray[np.uint8] = field(repr=False)
    digest: bytes


@dataclass(frozen=True)
class Census:
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
    def counts(self) -> dict[Split, int]:
        """Bitmaps in each split."""
        return {
            split: sum(int((splits == place).sum()) for splits in self.splits)
            for place, split in enumerate(SPLITS)
        }


Gather = Callable[[list[Counted]], Iterable[Sequence[Counted]]]  # every rank's share, in order


def alone(counted: list[Counted]) -> Iterable[Sequence[Counted]]:
    """What is gathered where there is one rank."""
    return [counted]


def take(
    words: tuple[str, ...],
    folder: Path,
    *,
    per_word: int | None = None,
    rank: int = 0,
    ranks: int = 1,
    gather: Gather = alone,
) -> Census:
    """Read all bitmaps of `words` once, of which this rank reads its share.

    Args:
        words: the classes.
        folder: in the layout of `training.quickdraw`.
        per_word: at most so many training bitmaps a word; held-out splits stay whole.
        rank, ranks: this process among those that read.
        gather: sends a rank's share to all and returns everybody's.

    Raises:
        UserError: when a word has no bitmaps there.
    """
    own = [count(word, folder) for word in words[rank::ranks]]
    shares = [list(share) for share in gather(own)]
    counted = [shares[place % ranks][place // ranks] for place in range(len(words))]
    return Census(
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
