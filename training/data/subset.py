"""A subset of the training drawings of each word; with the same seed, subsets are nested."""

import hashlib
import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from training.data.dataset import Dataset


def choose(
    data: Dataset, per_word: int | None, seed: int, epoch_images: int, held_out: int | None
) -> Dataset:
    """Limit the training and validation drawings; test split and other words stay unchanged.

    Args:
        data: the whole data set.
        per_word: training bitmaps per word, and at most as many stroke drawings; None for all.
        seed: chooses them, independently for each word.
        epoch_images: the bitmaps are repeated until an epoch has at least this many.
        held_out: validation bitmaps per word, the same for every seed; None for all.
    """
    train, validation = data.parts["train"], data.parts["validation"]
    chosen = _at_random(train.bitmaps.labels, per_word, seed)
    times = max(1, math.ceil(epoch_images / max(len(chosen), 1)))
    kept = first_of_each(validation.bitmaps.labels, held_out)
    what = f"{data.hash} {per_word} {seed} {times} {held_out}"
    return Dataset(
        data.words,
        {
            **data.parts,
            "train": replace(
                train,
                bitmaps=train.bitmaps.at(np.tile(chosen, times)),
                strokes=train.strokes.at(_at_random(train.strokes.labels, per_word, seed)),
            ),
            "validation": replace(validation, bitmaps=validation.bitmaps.at(kept)),
        },
        hashlib.sha256(what.encode()).hexdigest()[:16],
        data.own,
    )


def _at_random(labels: NDArray[np.int64], count: int | None, seed: int) -> NDArray[np.intp]:
    if count is None:
        return np.arange(len(labels))
    places = [
        np.random.default_rng([seed, int(label)]).permutation(np.flatnonzero(labels == label))
        for label in np.unique(labels)
    ]
    return np.concatenate([np.zeros(0, np.intp), *(p[:count] for p in places)])


def first_of_each(labels: NDArray[np.int64], count: int | None) -> NDArray[np.intp]:
    """Positions of the first `count` drawings of each label, in order; of all if None."""
    places = [np.flatnonzero(labels == label)[:count] for label in np.unique(labels)]
    return np.sort(np.concatenate([np.zeros(0, np.intp), *places]))
