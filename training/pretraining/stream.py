"""Bitmaps streamed from memory-mapped files, in an order given by (seed, epoch) alone.

Each file is divided into blocks of neighbouring rows. An epoch puts the blocks of all words into
random order, and the drawings of every `WINDOW` successive blocks are shuffled. The epochs form one
endless sequence of drawings: step k uses the B drawings at positions kB to (k+1)B, and each of R
ranks reads its own B/R of them. The batches are therefore the same for every R, a run can resume at
any step, and each epoch shows every drawing exactly once.

A window is copied and its files are closed again, so memory use does not grow with the files of
Quick, Draw!; drawings of your own stay in memory (`training.data.bitmap_files`).
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.command import UserError
from models.raster import SIDE
from training.choices import Split
from training.data.dataset import SPLITS
from training.pretraining.index import DataIndex

BLOCK = 256  # rows of a file in a block
WINDOW = 256  # blocks shuffled together: at most 65,536 drawings, 51 MB

Item = TypeVar("Item")


@dataclass(frozen=True)
class Drawings:
    """Bitmaps uint8 (N, 28, 28) and the columns of their words int64 (N,)."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class RankShare:
    """The positions that a rank reads: its `batch` / `ranks` drawings of every batch."""

    batch: int
    rank: int = 0
    ranks: int = 1

    @property
    def size(self) -> int:
        """Number of this rank's drawings in a batch."""
        return self.batch // self.ranks

    def mine(self, places: NDArray[np.int64]) -> NDArray[np.bool_]:
        return places % self.batch // self.size == self.rank


class Stream:
    """The drawings of one split as an endless sequence of epochs.

    Args:
        index: of the folder with the drawings.
        split: which drawings.
        seed: fixes the order of every epoch.

    Raises:
        UserError: if the split is empty.
    """

    def __init__(self, index: DataIndex, split: Split, seed: int) -> None:
        self._index, self._seed = index, seed
        self._split = SPLITS.index(split)
        self._words, self._starts, self._counts = self._blocks()
        self.size = int(self._counts.sum())
        """Drawings in an epoch."""
        if not self.size:
            raise UserError(
                f"there is no {split} drawing in {index.folder}",
                "Give more words, or a folder with more drawings of each",
            )

    def batches(self, share: RankShare, start: int, stop: int) -> Iterator[Drawings]:
        """A rank's part of the batches of steps `start` to `stop`; reads one window ahead."""
        first, last = start * share.batch, stop * share.batch
        return _regrouped(ahead(self.read(share, first, last)), share.size)

    def portion(self, rank: int, ranks: int, count: int, size: int) -> Iterator[Drawings]:
        """A rank's part of the first `count` drawings, `size` at a time."""
        return _regrouped(ahead(self.read(RankShare(ranks, rank, ranks), 0, count)), size)

    def read(self, share: RankShare, start: int, stop: int) -> Iterator[Drawings]:
        """A rank's drawings of the places `start` to `stop`, window by window."""
        place = start
        while place < stop:
            epoch, within = divmod(place, self.size)
            order, ends = self._epoch(epoch)
            window = int(np.searchsorted(ends, within, side="right"))
            words, rows = self._window(epoch, window, order)
            places = np.arange(len(rows)) + epoch * self.size + int(ends[window]) - len(rows)
            wanted = (places >= place) & (places < stop) & share.mine(places)
            yield self._copied(words[wanted], rows[wanted])
            place = int(places[-1]) + 1

    def _blocks(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Word and first row of each block, and the number of its rows in the split."""
        words, starts, counts = [], [], []
        for word, splits in enumerate(self._index.splits):
            first = np.arange(0, len(splits), BLOCK)
            words.append(np.full(len(first), word))
            starts.append(first)
            counts.append(np.add.reduceat(splits == self._split, first, dtype=np.int64))
        return np.concatenate(words), np.concatenate(starts), np.concatenate(counts)

    def _epoch(self, epoch: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The order of the blocks, and the position at which each window ends."""
        order = np.random.default_rng([self._seed, epoch]).permutation(len(self._counts))
        lasts = np.minimum(np.arange(WINDOW, len(order) + WINDOW, WINDOW), len(order)) - 1
        return order, self._counts[order].cumsum()[lasts]

    def _window(
        self, epoch: int, window: int, order: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Word and row of each drawing of a window, in shuffled order."""
        words, rows = [], []
        for block in order[window * WINDOW : (window + 1) * WINDOW]:
            word, first = int(self._words[block]), int(self._starts[block])
            splits = self._index.splits[word][first : first + BLOCK]
            found = np.flatnonzero(splits == self._split) + first
            words.append(np.full(len(found), word))
            rows.append(found)
        shuffled = np.random.default_rng([self._seed, epoch, window + 1]).permutation(
            sum(map(len, rows))
        )
        return np.concatenate(words)[shuffled], np.concatenate(rows)[shuffled]

    def _copied(self, words: NDArray[np.int64], rows: NDArray[np.int64]) -> Drawings:
        """Copies of the drawings. Files are read from front to back and closed again."""
        pixels = np.empty((len(rows), SIDE, SIDE), np.uint8)
        by_row = np.lexsort((rows, words))
        ends = np.flatnonzero(np.diff(words[by_row])) + 1
        for chosen in np.split(by_row, ends) if len(rows) else ():
            bitmaps = self._index.bitmaps[int(words[chosen[0]])]()
            pixels[chosen] = bitmaps[rows[chosen]]
        return Drawings(pixels, words)


def _regrouped(pieces: Iterator[Drawings], size: int) -> Iterator[Drawings]:
    """The same drawings, `size` at a time; the last piece may be smaller."""
    held: list[Drawings] = []
    for piece in pieces:
        start = 0
        while start < len(piece):
            held.append(_cut(piece, start, start + size - sum(map(len, held))))
            start += len(held[-1])
            if sum(map(len, held)) == size:
                yield _joined(held)
                held = []
    if held:
        yield _joined(held)


def _cut(drawings: Drawings, start: int, stop: int) -> Drawings:
    return Drawings(drawings.pixels[start:stop], drawings.labels[start:stop])


def _joined(parts: list[Drawings]) -> Drawings:
    return Drawings(
        np.concatenate([part.pixels for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, each made in the background while the previous one is used."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = reader.submit(next, items, None)
            yield item
