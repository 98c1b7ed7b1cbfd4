"""Stroke drawings to measure with where words have only bitmaps: traced from them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from training.data.dataset import Bitmaps, Part, StrokeDrawings
from training.data.subset import first_of_each
from training.sampling.sources import traced

PER_WORD = 40  # bitmaps of each word that are traced, so that an evaluation stays short
SEED = 0  # of the order and the direction of traced strokes


def with_strokes(part: Part, words: Sequence[str]) -> tuple[Part, tuple[str, ...]]:
    """The split with traced bitmaps of the words that have no stroke drawings of known aspect
    ratio in any split (`Part.unstroked`), or of all words where the split has none of any.

    The order in which people drew the lines is unknown then, so figures on partial drawings are
    estimates (`training.transforms.tracing`).

    Args:
        part: the split.
        words: the K words in column order.

    Returns:
        the split, and what was traced: "words" for all of them or else the words' names, and
        "other words" or "some other words".
    """
    own, others = part.bitmaps, part.other_bitmaps
    strokes, bare = _completed(part.strokes, own, own.labels, part.unstroked)
    names = ["words"] if bare.all() else [words[int(k)] for k in np.unique(own.labels[bare])]
    other_strokes, strange = _completed(
        part.other_strokes, others, others.fine_labels, part.unstroked
    )
    if strange.any():
        names.append("other words" if strange.all() else "some other words")
    return replace(part, strokes=strokes, other_strokes=other_strokes), tuple(names)


def _completed(
    strokes: StrokeDrawings, bitmaps: Bitmaps, words: NDArray[np.int64], unstroked: frozenset[int]
) -> tuple[StrokeDrawings, NDArray[np.bool_]]:
    """The strokes with those of traced bitmaps, and which bitmaps (N,) are of words without."""
    none = bool(strokes.stretched.all())  # also without any
    bare = np.isin(bitmaps.fine_labels, [*unstroked]) | none
    if not bare.any():
        return strokes, bare
    drawn = traced_bitmaps(bitmaps.at(np.flatnonzero(bare)), words[bare])
    return drawn if none else strokes.joined(drawn), bare


def traced_bitmaps(
    bitmaps: Bitmaps, words: NDArray[np.int64], per_word: int = PER_WORD
) -> StrokeDrawings:
    """The first bitmaps of each word as strokes, without blank ones; `words` is (N,)."""
    chosen = bitmaps.at(first_of_each(words, per_word))
    strokes = traced(chosen, np.random.default_rng(SEED))
    return strokes.at(np.flatnonzero([bool(drawing.strokes) for drawing in strokes.drawings]))
