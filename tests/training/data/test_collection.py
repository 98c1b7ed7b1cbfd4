"""Collections of drawings by other people: what is read, learned from and measured."""

import gzip
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from models.command import UserError
from models.drawing import Drawing
from models.words import ALL
from tests import made
from training.data import collection
from training.data.dataset import Dataset
from training.sampling.batches import Batches
from training.sampling.mixture import Mixture

MANY = 60  # drawings, so that each split gets some


def write(path: Path, drawings: Sequence[Drawing]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(drawing.to_json() + "\n" for drawing in drawings).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)


@pytest.fixture(name="collections")
def folder_of_collections(tmp_path: Path) -> Path:
    write(tmp_path / "students" / "circle.ndjson.gz", made.drawings("circle", MANY))
    write(tmp_path / "students" / "star.ndjson.gz", made.drawings("star", 3))
    write(tmp_path / "game" / "square.ndjson", made.drawings("square", 4))
    write(tmp_path / "strangers" / "star.ndjson", made.drawings("star", 3))
    (tmp_path / "README.md").write_text("not a collection")
    return tmp_path


def test_words_that_the_model_does_not_know_are_left_out(collections: Path):
    game, students = collection.to_measure(collections, made.WORDS)
    assert (game.name, game.labels.tolist()) == ("game", [1] * 4)
    assert (students.name, students.labels.tolist()) == ("students", [0] * MANY)
    assert [drawing.key for drawing in students.drawings][:2] == ["circle0", "circle1"]


def test_words_that_are_not_asked_for_are_left_out(collections: Path):
    [students] = collection.to_measure(collections, made.WORDS, asked={"circle"})
    assert students.name == "students"


def test_a_drawing_without_ink_is_left_out(tmp_path: Path):
    dot = Drawing.from_lists([[[5], [5]]])
    write(tmp_path / "one" / "circle.ndjson", [dot, made.drawing("circle", 1)])
    [found] = collection.to_measure(tmp_path, made.WORDS)
    assert len(found.drawings) == 1


@pytest.mark.parametrize("name", ["students", "none"])
def test_a_folder_without_drawings_of_the_words_is_refused(collections: Path, name: str):
    with pytest.raises(UserError, match="has no drawings of the model's words"):
        collection.to_measure(collections / name, made.WORDS)


def test_a_network_is_not_measured_on_drawings_that_it_has_learned_from(
    collections: Path, data: Dataset
):
    learned = collection.learned_too(data, [collections / "students"])
    seen = {drawing.key for drawing in learned.parts["train"].more_strokes.drawings}
    game, students = collection.to_measure(collections, made.WORDS, learned=learned.more)
    measured = {drawing.key for drawing in students.drawings}
    assert min(len(seen), len(measured)) > 0
    assert not seen & measured
    assert len(seen) + len(measured) < MANY  # the others are for validation
    assert len(game.drawings) == 4
    assert len(learned.parts["test"].more_strokes) == 0


def test_batches_hold_as_many_of_them_as_asked(collections: Path, data: Dataset):
    learned = collection.learned_too(data, [collections / "game", collections / "students"])
    train = learned.parts["train"]
    assert set(train.more_strokes.labels.tolist()) == {0, 1}
    fine_labels = [ALL.index(made.WORDS[label]) for label in train.more_strokes.labels]
    assert train.more_strokes.fine_labels.tolist() == fine_labels
    mixture = Mixture(more=0.5)
    batches = Batches(train, 3, 16, mixture, torch.device("cpu"))
    drawn = [batches.draw(0, 0, step).targets.argmax(1) for step in range(3)]
    assert batches.own == 8
    assert {int(label) for labels in drawn for label in labels[:8]} == {0, 1, 2}
    assert {int(label) for labels in drawn for label in labels[8:]} == {0, 1}


def test_a_collection_is_told_by_its_drawings(collections: Path, data: Dataset):
    game, students = collections / "game", collections / "students"
    one = collection.learned_too(data, [game, students]).more
    assert set(one) == {"game", "students"}
    assert collection.learned_too(data, [game]).more["game"] == one["game"]
    write(game / "circle.ndjson", made.drawings("circle", MANY))
    assert collection.learned_too(data, [game]).more["game"] != one["game"]


def test_a_collection_of_other_words_cannot_be_learned_from(collections: Path, data: Dataset):
    with pytest.raises(UserError, match="strangers has no drawings of the words"):
        collection.learned_too(data, [collections / "strangers"])
    assert np.array_equal(data.parts["train"].more_strokes.labels, [])


def test_two_collections_of_one_name_cannot_be_told_apart(collections: Path, data: Dataset):
    again = collections / "again" / "students"
    again.mkdir(parents=True)
    write(again / "circle.ndjson", made.drawings("circle", MANY))
    with pytest.raises(UserError, match="two collections are called students"):
        collection.learned_too(data, [collections / "students", again])
