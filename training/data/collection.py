"""Drawings of Quick, Draw!'s words by other people: to measure on, and to learn from.

A collection is a folder with a file `<word>.ndjson` or `<word>.ndjson.gz` of simplified strokes for
each word. Files of words that the network does not know are ignored. Like all drawings, they are
split by drawing: those of the training split may be learned from, and a network that has learned
from a collection is only measured on the drawings of the test split.
"""

import hashlib
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.command import UserError
from models.drawing import Drawing, read_ndjson
from models.raster import rasterise_batch
from training.choices import Split
from training.data.dataset import Dataset, StrokeDrawings, splits_of

EXPECTED = "<word>.ndjson or <word>.ndjson.gz"


@dataclass(frozen=True)
class Collection:
    """Drawings of one source.

    Attributes:
        name: of the folder.
        drawings: N drawings, each with ink.
        labels: int64 (N,), columns of their words.
    """

    name: str
    drawings: tuple[Drawing, ...]
    labels: NDArray[np.int64]

    def of(self, split: Split) -> "Collection":
        """The drawings of a split."""
        splits = splits_of(self.drawings, rasterise_batch(self.drawings))
        places = np.flatnonzero(np.array(splits) == split)
        drawings = tuple(self.drawings[place] for place in places)
        return Collection(self.name, drawings, self.labels[places])


def read(folder: Path, words: Sequence[str], asked: Container[str] | None = None) -> Collection:
    """A collection's drawings of the words.

    Args:
        folder: of the collection.
        words: K words in column order.
        asked: the words to read drawings of; None for all K.

    Raises:
        UserError: when a file is damaged.
    """
    found = [(label, drawing) for label, drawing in _each(folder, words, asked) if drawing.ink > 0]
    labels = np.array([label for label, _ in found], np.int64)
    return Collection(folder.name, tuple(drawing for _, drawing in found), labels)


def to_measure(
    folder: Path,
    words: Sequence[str],
    asked: Container[str] | None = None,
    learned: Container[str] = (),
) -> tuple[Collection, ...]:
    """The drawings in the subfolders of a folder that a network may be measured on, by name.

    Args:
        folder: has a subfolder for each collection.
        words, asked: as in `read`.
        learned: names of the collections that the network has learned from.

    Raises:
        UserError: when there is none, or a file is damaged.
    """
    subfolders = sorted(path for path in folder.glob("*") if path.is_dir())
    every = [read(path, words, asked) for path in subfolders]
    fair = [each.of("test") if each.name in learned else each for each in every]
    found = tuple(each for each in fair if each.drawings)
    if not found:
        raise UserError(
            f"{folder} has no drawings of the model's words", f"Expected subfolders with {EXPECTED}"
        )
    return found


def learned_too(data: Dataset, folders: Sequence[Path]) -> Dataset:
    """The data set with the training drawings of more collections.

    Raises:
        UserError: when a collection has no drawings of the words or another one's name, or a file
            is damaged.
    """
    more, train = dict[str, str](), data.parts["train"]
    for folder in folders:
        if folder.name in more:
            raise UserError(f"two collections are called {folder.name}", "Rename one folder")
        collection = read(folder, data.words).of("train")
        if not collection.drawings:
            raise UserError(f"{folder} has no drawings of the words", f"Expected {EXPECTED}")
        more[collection.name] = _digest(collection)
        joined = train.more_strokes.joined(_strokes(collection, data))
        train = replace(train, more_strokes=joined)
    return replace(data, parts=data.parts | {"train": train}, more=more)


def _each(
    folder: Path, words: Sequence[str], asked: Container[str] | None
) -> Iterator[tuple[int, Drawing]]:
    known = [(label, word) for label, word in enumerate(words) if asked is None or word in asked]
    for label, word in known:
        for path in (folder / f"{word}{suffix}" for suffix in (".ndjson", ".ndjson.gz")):
            if path.is_file():
                yield from ((label, drawing) for drawing in read_ndjson(path))


def _strokes(collection: Collection, data: Dataset) -> StrokeDrawings:
    bitmaps = data.parts["train"].bitmaps
    labels, first = np.unique(bitmaps.labels, return_index=True)
    fine_labels = dict(zip(labels.tolist(), bitmaps.fine_labels[first].tolist(), strict=True))
    return StrokeDrawings(
        collection.drawings,
        collection.labels,
        np.array([fine_labels[label] for label in collection.labels.tolist()], np.int64),
        np.zeros(len(collection.labels), np.bool_),
    )


def _digest(collection: Collection) -> str:
    content = rasterise_batch(collection.drawings).tobytes() + collection.labels.tobytes()
    return hashlib.sha256(content).hexdigest()[:16]
