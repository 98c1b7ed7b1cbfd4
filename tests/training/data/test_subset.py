"""The drawings that a seed chooses."""

from pathlib import Path

import numpy as np
import pytest

from tests import made
from training.data import dataset, subset
from training.data.dataset import Bitmaps, Dataset


@pytest.fixture(scope="module", name="data")
def made_data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder: Path = tmp_path_factory.mktemp("data")
    made.write_folder(folder, made.WORDS, strokes=2 * made.TWICE)
    return dataset.load(made.WORDS, folder, others=False)


def drawings(bitmaps: Bitmaps) -> list[bytes]:
    return [pixels.tobytes() for pixels in bitmaps.pixels]


def chosen(data: Dataset, per_word: int | None, seed: int = 0, epoch_images: int = 0) -> Bitmaps:
    return subset.choose(data, per_word, seed, epoch_images, 3).parts["train"].bitmaps


def test_every_word_gets_as_many(data: Dataset):
    assert np.bincount(chosen(data, 7).labels).tolist() == [7, 7, 7]
    everything = data.parts["train"].bitmaps
    assert drawings(chosen(data, None)) == drawings(everything)
    assert set(drawings(chosen(data, 7))) <= set(drawings(everything))


def test_the_seed_chooses(data: Dataset):
    assert drawings(chosen(data, 7, 1)) == drawings(chosen(data, 7, 1))
    assert set(drawings(chosen(data, 7, 1))) != set(drawings(chosen(data, 7, 2)))


def test_a_smaller_choice_lies_within_a_larger(data: Dataset):
    assert set(drawings(chosen(data, 5))) < set(drawings(chosen(data, 20)))


def test_few_drawings_come_up_several_times_an_epoch(data: Dataset):
    bitmaps = chosen(data, 5, epoch_images=40)
    assert len(bitmaps) == 45
    assert len(set(drawings(bitmaps))) == 15


def test_what_is_held_out_is_the_same_for_every_seed(data: Dataset):
    one, other = (subset.choose(data, 5, seed, 0, 3) for seed in (1, 2))
    assert np.bincount(one.parts["validation"].bitmaps.labels).tolist() == [3, 3, 3]
    assert drawings(one.parts["validation"].bitmaps) == drawings(other.parts["validation"].bitmaps)
    assert one.parts["test"] is data.parts["test"]


def test_the_hash_tells_choices_apart(data: Dataset):
    hashes = {
        subset.choose(data, per_word, seed, 0, held_out).hash
        for per_word, seed, held_out in [(5, 0, 3), (6, 0, 3), (5, 1, 3), (5, 0, None)]
    }
    assert len(hashes) == 4


def test_stroke_drawings_are_chosen_likewise(data: Dataset):
    one, same, other = (subset.choose(data, 5, seed, 0, 3).parts["train"] for seed in (1, 1, 2))
    assert np.bincount(one.strokes.labels).tolist() == [5, 5, 5]
    keys = [[drawing.key for drawing in each.strokes.drawings] for each in (one, same, other)]
    assert keys[0] == keys[1] != keys[2]
    for drawing, label in zip(one.strokes.drawings, one.strokes.labels, strict=True):
        assert drawing.word == made.WORDS[label]
    everything = subset.choose(data, None, 1, 0, 3).parts["train"].strokes
    assert len(everything) == len(data.parts["train"].strokes)
