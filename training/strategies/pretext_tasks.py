"""Pretext tasks for pretraining: images whose labels come without human work.

Each task is a data set for the ordinary trainer. All drawings come from the train split, and none
is of the words or of a kind of one of them (a shark is a fish).
"""

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.command import UserError
from models.words import ALL, KINDS
from training.choices import Split
from training.data import bitmap_files, dataset, subset
from training.data.dataset import NO_STROKES, Bitmaps, Dataset, Part
from training.strategies.strategy import ObjectiveName, StartName
from training.transforms import fractals
from training.transforms.augmentation import Augmentation

FEWEST = 50  # bitmaps of a word; words with fewer are left out
HELD_OUT = 20  # validation bitmaps per class for the accuracy on the pretext task
TURNS = ("upright", "left", "upside down", "right")
CATEGORIES = 100  # of fractals

LABELLED = 20  # drawings a word whose labels are known, among the unlabelled
VIEWS = Augmentation(cut=0.3, thicker=0.3, noise=0.3)

Others = Callable[[], Dataset]  # reads the other words' drawings if a task needs them


@dataclass(frozen=True)
class Pretext:
    """A pretext task.

    Attributes:
        description: one line for people.
        data: makes its data set from the other words' drawings and the number of images.
        drawings: whether it needs the other words' drawings.
        epochs: passes over the images.
        mirror: whether an image keeps its label when mirrored.
        changes: changes of the trainer's settings.
        objective: what is learned; all but "labels" ignore the labels.
        views: how often the network sees each image of a step.
        labelled: drawings a class whose labels are known; None for all. A network that learns these
            first, for a quarter of the images, labels the others.
    """

    description: str
    data: Callable[[Others, int], Dataset]
    drawings: bool = True
    epochs: int = 1
    mirror: bool = True
    changes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    objective: ObjectiveName = "labels"
    views: int = 1
    labelled: int | None = None


def other_words(words: tuple[str, ...], folder: Path) -> Dataset:
    """All drawings in a folder of words that are neither in `words` nor a kind of one of them.

    Raises:
        UserError: if there are too few.
    """
    own = {*words, *(kind for word in words for kind in KINDS.get(word, ()))}
    there = [word for word in bitmap_files.available(folder) if word not in own]
    many = tuple(word for word in there if len(bitmap_files.opened(word, folder)()) >= FEWEST)
    if len(many) < 2:
        raise UserError(
            f"{folder} has {len(many)} other words with at least {FEWEST} drawings",
            "A start that learns from other words needs two: add drawings of yours, or fetch "
            "Quick, Draw!'s with python -m training.fetch",
        )
    return dataset.load(many, folder, strokes=False, others=False)


def _words(others: Others, images: int) -> Dataset:
    """Task: classify the other words, with the same number of drawings of each if possible."""
    data = others()
    return subset.choose(data, math.ceil(images / len(data.words)), 0, 0, HELD_OUT)


def _rotations(others: Others, images: int) -> Dataset:
    """Task: predict the number of quarter turns (Gidaris et al. 2018, arXiv 1803.07728)."""
    chosen = _words(others, math.ceil(images / len(TURNS)))
    parts: dict[Split, Part] = {
        split: replace(part, bitmaps=_turned(part.bitmaps)) for split, part in chosen.parts.items()
    }
    return Dataset(TURNS, parts, _digest("rotations", chosen.hash))


def _turned(bitmaps: Bitmaps) -> Bitmaps:
    """Each bitmap in all four rotations, labelled by the rotation."""
    pixels = [np.rot90(bitmaps.pixels, turns, (1, 2)) for turns in range(len(TURNS))]
    labels = np.repeat(np.arange(len(TURNS)), len(bitmaps))
    return Bitmaps(np.concatenate(pixels), labels, np.tile(bitmaps.fine_labels, len(TURNS)))


def _fractals(others: Others, images: int) -> Dataset:
    """Task: classify fractals; no drawings are used."""
    each = math.ceil(images / CATEGORIES)
    pixels, labels = fractals.images(CATEGORIES, each)
    held_out = fractals.images(CATEGORIES, max(each // 10, 2), points=1)
    names = tuple(f"fractal {k}" for k in range(CATEGORIES))
    parts: dict[Split, Part] = {
        "train": _part(pixels, labels),
        "validation": _part(*held_out),
        "test": _part(*held_out),
    }
    return Dataset(names, parts, _digest("fractals", CATEGORIES, each))


def _part(pixels: NDArray[np.uint8], labels: NDArray[np.int64]) -> Part:
    none = np.zeros(0, np.int64)
    kinds = labels % len(ALL)  # placeholders: these images belong to no word
    return Part(
        Bitmaps(pixels, labels, kinds), NO_STROKES, Bitmaps(pixels[:0], none, none), NO_STROKES
    )


def _digest(*what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()[:16]


def _near(description: str, **changes: float) -> Pretext:
    """The near-domain task with changed settings."""
    plain = {"label_smoothing": 0.0, "dropout": 0.0}
    return Pretext(f"near domain, {description}", _words, changes=plain | changes)


PRETEXTS: Mapping[StartName, Pretext] = {
    "near": Pretext("near domain: which of other Quick, Draw! words a drawing is of", _words),
    "rotation": Pretext(
        "no labels: by how many quarter turns a drawing of other words was turned",
        _rotations,
        mirror=False,  # mirroring reverses the direction of a quarter turn
    ),
    "fractals": Pretext(
        "far domain: which of 100 random iterated function systems made an image",
        _fractals,
        drawings=False,
        epochs=4,
    ),
    "autoencoder": Pretext(
        "no labels: a bitmap was restored of which half was hidden; own task: share of the "
        "variance that is explained",
        _words,
        objective="reconstruction",
    ),
    "simclr": Pretext(
        "no labels: the other of two views of a drawing was found among 255 views",
        _words,
        changes={"augmentation": VIEWS},
        objective="contrast",
        views=2,
    ),
    "pseudo-labels": Pretext(
        f"few labels: of other words, {LABELLED} drawings each; a network that learned these "
        "labelled the rest",
        _words,
        changes={"distillation": 1.0},
        labelled=LABELLED,
    ),
    # Kornblith et al. 2019, arXiv 1805.08974: which of these make poorer features?
    "near-plain": _near("no label smoothing, no dropout"),
    "near-smoothed": _near("label smoothing of 0.1, no dropout", label_smoothing=0.1),
    "near-dropout": _near("no label smoothing, dropout of 0.2", dropout=0.2),
    "near-unscaled": _near("no label smoothing, no dropout, no scales", scales=False),
    "near-auxiliary": _near("no label smoothing, no dropout, a second head", auxiliary=0.4),
}
