"""The data of pretraining: never the words themselves; labels that need no people."""

from pathlib import Path

import numpy as np
import pytest

from models.command import UserError
from tests import made
from training.data.dataset import Dataset
from training.strategies import pretext_tasks
from training.strategies.pretext_tasks import PRETEXTS, other_words


@pytest.fixture
def others(folder: Path) -> Dataset:
    return other_words(("circle", "square"), folder)


def rows(dataset: Dataset, split: str = "train") -> set[bytes]:
    """The different bitmaps of a split."""
    found = {name: part.bitmaps.pixels for name, part in dataset.parts.items()}
    return {bitmap.tobytes() for bitmap in found[split]}


def test_other_words_are_all_but_the_words_and_their_kinds(tmp_path: Path):
    there = ("cat", "fish", "shark", "star", "zigzag", "triangle")
    for word in there:
        count = 8 if word == "triangle" else pretext_tasks.FEWEST
        made.write_bitmaps(tmp_path, word, made.scrambled(np.random.default_rng(0), count))
    assert set(other_words(("fish", "cat"), tmp_path).words) == {"star", "zigzag"}


def test_too_few_other_words_are_reported(tmp_path: Path):
    made.write_bitmaps(tmp_path, "cat", made.scrambled(np.random.default_rng(0), 60))
    with pytest.raises(UserError, match="has 1 other words with at least 50 drawings"):
        other_words(("fish", "star"), tmp_path)


def test_the_near_domain_holds_as_many_of_each_other_word(others: Dataset):
    found = PRETEXTS["near"].data(lambda: others, 30)
    assert set(found.words) == {"star", "triangle", "zigzag"}
    labels = found.parts["train"].bitmaps.labels
    assert np.bincount(labels).tolist() == [10, 10, 10]
    assert rows(found) <= rows(others)
    assert rows(found).isdisjoint(rows(others, "test") | rows(others, "validation"))


def test_rotations_are_all_quarter_turns_of_the_same_drawings(others: Dataset):
    found = PRETEXTS["rotation"].data(lambda: others, 48)
    assert len(found.words) == 4
    train = found.parts["train"].bitmaps
    assert np.bincount(train.labels).tolist() == [12] * 4
    for turns in range(4):
        back = np.rot90(train.pixels[train.labels == turns], -turns, (1, 2))
        assert np.array_equal(back, train.pixels[:12])
    assert not PRETEXTS["rotation"].mirror


def test_fractals_ask_for_no_drawing():
    def refuse() -> Dataset:
        raise AssertionError("drawings were read")

    assert not PRETEXTS["fractals"].drawings
    found = PRETEXTS["fractals"].data(refuse, 200)
    assert len(found.words) == pretext_tasks.CATEGORIES
    assert np.bincount(found.parts["train"].bitmaps.labels).tolist() == [2] * 100
    assert rows(found).isdisjoint(rows(found, "validation"))


def test_switches_are_single_changes_of_the_plain_start():
    plain = PRETEXTS["near-plain"].changes
    changed = {
        name: {k: v for k, v in pretext.changes.items() if plain.get(k) != v}
        for name, pretext in PRETEXTS.items()
        if name.startswith("near-")
    }
    assert changed.pop("near-plain") == {}
    assert all(len(change) == 1 for change in changed.values())
    assert {name for change in changed.values() for name in change} == {
        "label_smoothing",
        "dropout",
        "scales",
        "auxiliary",
    }
