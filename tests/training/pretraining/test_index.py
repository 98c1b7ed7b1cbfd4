"""The index of a folder: the data set's own splits and hash, without reading it into memory."""

from pathlib import Path

import numpy as np
import pytest

from models.command import UserError
from tests import made
from tests.training import own_folder
from training.data import dataset
from training.data.dataset import SPLITS, Dataset
from training.pretraining import index
from training.pretraining.index import UNUSED, DataIndex


@pytest.fixture(scope="module")
def counted(folder: Path) -> DataIndex:
    return index.take(made.WORDS, folder)


def read(folder: Path, per_word: int | None = None) -> Dataset:
    return dataset.load(made.WORDS, folder, per_word=per_word, strokes=False, others=False)


def test_splits_and_hash_are_those_of_the_data_set(folder: Path, counted: DataIndex):
    data = read(folder)
    assert counted.hash == data.hash
    assert counted.counts == {split: len(part.bitmaps) for split, part in data.parts.items()}
    for label, word in enumerate(made.WORDS):
        pixels = np.load(folder / "numpy_bitmap" / f"{word}.npy").reshape(-1, 28, 28)
        for place, split in enumerate(SPLITS):
            own = data.parts[split].bitmaps
            found = pixels[counted.splits[label] == place]
            assert np.array_equal(found, own.pixels[own.labels == label])


def test_a_limit_leaves_the_first_drawings_and_held_out_splits(folder: Path, counted: DataIndex):
    limited, data = index.take(made.WORDS, folder, per_word=5), read(folder, 5)
    assert limited.hash == data.hash != counted.hash
    assert limited.counts == counted.counts | {"train": 5 * len(made.WORDS)}
    for few, all_of_them in zip(limited.splits, counted.splits, strict=True):
        assert np.array_equal(few[few != UNUSED], all_of_them[few != UNUSED])
        assert (all_of_them[few == UNUSED] == SPLITS.index("train")).all()


@pytest.mark.parametrize("ranks", [2, 3, 5])
def test_ranks_share_the_reading(ranks: int, folder: Path, counted: DataIndex):
    shares = [index.share(made.WORDS, folder, rank, ranks) for rank in range(ranks)]
    assert sum(map(len, shares)) == len(made.WORDS)
    found = index.assembled(made.WORDS, folder, shares, None)
    assert found.hash == counted.hash
    assert all(map(np.array_equal, found.splits, counted.splits))


def test_a_file_longer_than_a_piece_is_read_whole(
    folder: Path, counted: DataIndex, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(index, "PIECE", 7)
    assert index.take(made.WORDS, folder).hash == counted.hash


@pytest.mark.parametrize("ranks", [1, 2])
def test_own_drawings_have_the_splits_and_the_hash_of_the_data_set(mine: Path, ranks: int):
    data = dataset.load(own_folder.WORDS, mine, strokes=False, others=False)
    shares = [index.share(own_folder.WORDS, mine, rank, ranks) for rank in range(ranks)]
    found = index.assembled(own_folder.WORDS, mine, shares, None)
    assert found.hash == data.hash
    assert found.counts == {split: len(part.bitmaps) for split, part in data.parts.items()}
    assert [len(bitmaps()) for bitmaps in found.bitmaps] == [own_folder.COUNT] * 3


def test_a_word_without_bitmaps_is_named(folder: Path):
    with pytest.raises(UserError, match="no drawings of 'cat'"):
        index.take((*made.WORDS, "cat"), folder)
