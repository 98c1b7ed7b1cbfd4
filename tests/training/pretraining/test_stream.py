"""The stream: each drawing once per epoch, equal batches on any number of ranks, little memory."""

import gc
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.command import UserError
from tests import made
from training.data import bitmap_files
from training.data.dataset import SPLITS
from training.pretraining import index, stream
from training.pretraining.index import DataIndex
from training.pretraining.stream import Drawings, RankShare, Stream, ahead

PAGE = 4096  # bytes


@pytest.fixture(scope="module")
def data(folder: Path) -> DataIndex:
    return index.take(made.WORDS, folder)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The 80 bitmaps of a word are twelve blocks; those of three words are three windows."""
    monkeypatch.setattr(stream, "BLOCK", 7)
    monkeypatch.setattr(stream, "WINDOW", 15)


def contents(batches: Iterator[Drawings]) -> list[tuple[bytes, int]]:
    return [
        (pixels.tobytes(), int(label))
        for batch in batches
        for pixels, label in zip(batch.pixels, batch.labels, strict=True)
    ]


def expected(data: DataIndex, split: str) -> Counter[tuple[bytes, int]]:
    """Bitmaps and labels of a split, from the files."""
    found: Counter[tuple[bytes, int]] = Counter()
    for label, word in enumerate(data.words):
        pixels = np.load(data.folder / "numpy_bitmap" / f"{word}.npy")
        own = pixels[data.splits[label] == SPLITS.index(split)]
        found.update((bitmap.tobytes(), label) for bitmap in own)
    return found


@pytest.mark.parametrize("split", ["train", "validation"])
def test_every_drawing_comes_exactly_once_an_epoch(data: DataIndex, split: stream.Split):
    drawn = Stream(data, split, seed=3)
    n = drawn.size
    assert n == data.counts[split]
    seen = contents(drawn.batches(RankShare(1), 0, 3 * n))
    epochs = [seen[start : start + n] for start in (0, n, 2 * n)]
    assert all(Counter(epoch) == expected(data, split) for epoch in epochs)
    assert all(one != other for one, other in pairwise(epochs))


def test_the_order_follows_from_the_seed(data: DataIndex):
    orders = [contents(Stream(data, "train", s).batches(RankShare(10), 0, 9)) for s in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]


def test_words_are_mixed_within_a_batch(data: DataIndex):
    labels = [batch.labels for batch in Stream(data, "train", 0).batches(RankShare(24), 0, 8)]
    assert all(len(set(batch.tolist())) > 1 for batch in labels)


@pytest.mark.parametrize("ranks", [1, 2, 3])
def test_batches_are_the_same_for_any_number_of_ranks(data: DataIndex, ranks: int):
    drawn, steps = Stream(data, "train", 5), 40  # some 480 places: more than two epochs
    whole = list(Stream(data, "train", 5).batches(RankShare(12), 0, steps))
    parts = [list(drawn.batches(RankShare(12, rank, ranks), 0, steps)) for rank in range(ranks)]
    assert len(whole) == steps
    for step, batch in enumerate(whole):
        own = [part[step] for part in parts]
        assert [len(part) for part in own] == [12 // ranks] * ranks
        assert np.array_equal(np.concatenate([part.pixels for part in own]), batch.pixels)
        assert np.array_equal(np.concatenate([part.labels for part in own]), batch.labels)


@pytest.mark.parametrize("step", [1, 5, 16, 17, 33])
def test_it_goes_on_at_any_step(data: DataIndex, step: int):
    share = RankShare(12, 1, 2)
    whole = contents(Stream(data, "train", 5).batches(share, 0, 36))
    resumed = contents(Stream(data, "train", 5).batches(share, step, 36))
    assert resumed == whole[step * 6 :]


def test_a_share_of_one_drawing_in_turn_covers_what_does_not_divide(data: DataIndex):
    drawn = Stream(data, "validation", 0)
    shares = [contents(drawn.read(RankShare(3, rank, 3), 0, drawn.size)) for rank in range(3)]
    assert Counter(drawing for share in shares for drawing in share) == expected(data, "validation")
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_a_split_without_drawings_is_refused(data: DataIndex):
    none = tuple(np.zeros_like(splits) for splits in data.splits)
    with pytest.raises(UserError, match="no validation drawing"):
        Stream(replace(data, splits=none), "validation", 0)


def test_what_fails_while_reading_ahead_is_raised_where_it_is_used():
    def items() -> Iterator[int]:
        yield 1
        raise UserError("broken")

    found = ahead(items())
    assert next(found) == 1
    with pytest.raises(UserError, match="broken"):
        next(found)


def test_memory_does_not_grow_with_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Sparse files of 470 MB are read completely, with less than a tenth of that in memory."""
    monkeypatch.setattr(stream, "BLOCK", 256)
    monkeypatch.setattr(stream, "WINDOW", 32)
    rows = 600_000
    for word in ("circle", "square"):
        sparse_bitmaps(tmp_path, word, rows // 2)
    data = sparse_index(tmp_path, rows // 2)
    gc.collect()
    before, most, seen = resident(), 0, 0
    for batch in Stream(data, "train", 0).batches(RankShare(1000), 0, rows // 1000):
        seen += len(batch) + int(batch.pixels.max())
        most = max(most, resident())
    assert seen == rows
    assert most - before < 47 * 10**6


def sparse_bitmaps(folder: Path, word: str, rows: int) -> None:
    """A file of blank bitmaps that takes no space on disk."""
    path = folder / "numpy_bitmap" / f"{word}.npy"
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": (rows, 784)}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + rows * 784)


def sparse_index(folder: Path, rows: int) -> DataIndex:
    """All drawings for training: blank ones would all have the same hash."""
    splits: NDArray[np.uint8] = np.full(rows, SPLITS.index("train"), np.uint8)
    words = ("circle", "square")
    bitmaps = tuple(bitmap_files.opened(word, folder) for word in words)
    return DataIndex(words, folder, bitmaps, (splits, splits), "")


def resident() -> int:
    """Memory of this process in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE
