"""Separate the drawings that final runs are evaluated on from those for tuning."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.command import UserError
from models.raster import rasterise_batch
from training.data.dataset import SAME_DRAWING, Bitmaps, Dataset, StrokeDrawings, standardised
from training.data.subset import first_of_each
from training.suites.suite import Suite


def apart(data: Dataset, suite: Suite) -> Dataset:
    """The data that a suite may use.

    A suite that evaluates on the validation split never sees the test split: the validation split
    is divided in two. The bitmaps that rates are tuned on, none of which is one of its stroke
    drawings, stay its validation; the rest, and all stroke drawings, take the place of its test
    split.

    Raises:
        UserError: when that leaves a word without a bitmap in either.
    """
    if suite.eval_split == "test" or suite.held_out is None:
        return data
    whole = data.parts["validation"]
    free = np.flatnonzero(~_drawn(whole.bitmaps, whole.strokes))
    tuned = free[first_of_each(whole.bitmaps.labels[free], suite.held_out)]
    left = np.setdiff1d(np.arange(len(whole.bitmaps)), tuned)
    for places in (tuned, left):
        if len(np.unique(whole.bitmaps.labels[places])) < len(data.words):
            raise UserError(
                f"validation has too few drawings to tune on {suite.held_out} a word and to be "
                "evaluated on others",
                "Fetch more: training.fetch",
            )
    parts = {
        "validation": replace(whole, bitmaps=whole.bitmaps.at(tuned)),
        "test": replace(whole, bitmaps=whole.bitmaps.at(left)),
    }
    return replace(data, parts={**data.parts, **parts})


def _drawn(bitmaps: Bitmaps, strokes: StrokeDrawings) -> NDArray[np.bool_]:
    """Which bitmaps (N,) are the same drawing as one of the stroke drawings."""
    if not len(strokes):
        return np.zeros(len(bitmaps), bool)
    likeness = standardised(bitmaps.pixels) @ standardised(rasterise_batch(strokes.drawings)).T
    return likeness.max(1) > SAME_DRAWING
