"""Stroke drawings to measure with where a data folder holds only bitmaps: traced from them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from training.data.dataset import Bitmaps, Part, Strokes
from training.data.subset import first_of_each
from training.sampling.sources import traced

PER_WORD = 40  # bitmaps of each word that are traced, so that an evaluation stays short
SEED = 0  # of the order and the direction of traced strokes


def with_strokes(part: Part) -> tuple[Part, tuple[str, ...]]:
    """The split with traced bitmaps where it has no stroke drawings whose aspect ratio is known.

    The order in which people drew the lines is unknown then, so figures on partial drawings are
    estimates (`training.transforms.tracing`).

    Returns:
        the split, and what was traced: "words", "other words", both or nothing.
    """
    missing: list[str] = []
    if part.strokes.stretched.all():  # also without any
        part = replace(part, strokes=traced_bitmaps(part.bitmaps, part.bitmaps.labels))
        missing.append("words")
    others = part.other_bitmaps
    if part.other_strokes.stretched.all():
        part = replace(part, other_strokes=traced_bitmaps(others, others.fine_labels))
        missing += ["other words"] * bool(len(part.other_strokes))
    return part, tuple(missing)


def traced_bitmaps(bitmaps: Bitmaps, words: NDArray[np.int64], per_word: int = PER_WORD) -> Strokes:
    """The first bitmaps of each word as strokes, without blank ones; `words` is (N,)."""
    chosen = bitmaps.at(first_of_each(words, per_word))
    strokes = traced(chosen, np.random.default_rng(SEED))
    return strokes.at(np.flatnonzero([bool(drawing.strokes) for drawing in strokes.drawings]))
