"""The test set of final runs: held-out drawings, unchanged, changed, and partial.

It is prepared once, so all runs are evaluated on the same drawings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import softmax

from models.raster import rasterise_batch
from training.data.dataset import Part
from training.data.subset import first_of_each
from training.metrics import classification, examples, win_rate
from training.metrics.examples import Examples
from training.metrics.win_rate import WinDrawings
from training.metrics.wins import LEAST, enough, unstretched
from training.networks.network import Network
from training.trainer.runs import Predict, predictor
from training.transforms.perturb import other_bitmaps

INK = (0.25, 0.5, 0.75, 1.0)
MAPPED = 200  # bitmaps in the feature map, the same number for each word


@dataclass(frozen=True)
class TestSet:
    """Bitmaps (N, 28, 28) uint8 with labels (N,).

    Attributes:
        words: K words in column order.
        clean: every test bitmap, with its labels.
        changed: changed bitmaps by the name of the change, and the labels that they share.
        partial: partial stroke drawings by share of ink, with labels; empty if no word has enough
            stroke drawings.
        mapped: the clean bitmaps in the feature map.
        examples: the drawings that a report shows.
        win_drawings: for true and false wins; None if wins are not measured or cannot be.
    """

    __test__ = False  # keeps pytest from collecting this class as a test

    words: tuple[str, ...]
    clean: tuple[NDArray[np.uint8], NDArray[np.int64]]
    changed: tuple[dict[str, NDArray[np.uint8]], NDArray[np.int64]]
    partial: tuple[dict[str, NDArray[np.uint8]], NDArray[np.int64]]
    mapped: tuple[NDArray[np.uint8], NDArray[np.int64]]
    examples: Examples
    win_drawings: WinDrawings | None = None


def prepare(part: Part, words: tuple[str, ...], varied: int, wins: bool = False) -> TestSet:
    """Prepare a split.

    Args:
        part: the split.
        words: its words.
        varied: number of bitmaps per word that are changed.
        wins: also measure wins, with a limited number of stroke drawings per word.
    """
    pixels, labels = part.bitmaps.pixels, part.bitmaps.labels
    some = first_of_each(labels, varied)
    mapped = first_of_each(labels, max(MAPPED // len(words), 1))
    strokes = unstretched(part.strokes)
    if wins:
        strokes = strokes.at(first_of_each(strokes.labels, win_rate.MOST))
    enough_strokes = (np.bincount(strokes.labels) >= LEAST).any()
    cut = {
        f"{share:.0%}": rasterise_batch([d.prefix(share) for d in strokes.drawings])
        for share in INK
        if enough_strokes
    }
    return TestSet(
        words,
        (pixels, labels),
        (other_bitmaps(pixels[some]), labels[some]),
        (cut, strokes.labels),
        (pixels[mapped], labels[mapped]),
        examples.choose(part.bitmaps, words),
        win_rate.prepare(part, words) if wins else None,
    )


def evaluate(test_set: TestSet, network: Network, device: torch.device) -> dict[str, Any]:
    """All measures of a network on the test set, ready for `results.Test`."""
    predict = predictor(network.eval(), device)
    pixels, labels = test_set.clean
    logits = predict(pixels)
    counts = classification.confusion(logits, labels)
    precision, recall = classification.precision_recall(counts)
    changed, changed_labels = test_set.changed
    partial, partial_labels = test_set.partial
    return {
        "n": len(labels),
        "accuracy": classification.accuracy(logits, labels),
        "precision": precision,
        "recall": recall,
        "log_loss": classification.log_loss(logits, labels),
        "calibration_error": classification.calibration_error(softmax(logits, axis=1), labels),
        "by_word": classification.by_word(logits, labels, test_set.words),
        "confusion": counts,
        "changed": {
            name: classification.accuracy(predict(bitmaps), changed_labels)
            for name, bitmaps in changed.items()
        },
        "partial": {
            share: _over_words(predict(bitmaps), partial_labels, test_set.words)
            for share, bitmaps in partial.items()
        },
        "examples": _guesses(predict(test_set.examples.bitmaps), test_set.words),
        "wins": _wins(
            test_set.win_drawings, predict, classification.fit_temperature(logits, labels)
        ),
    }


def _wins(asked: WinDrawings | None, predict: Predict, temperature: float) -> dict[str, Any] | None:
    """True and false wins by probabilities calibrated on finished bitmaps, as when published."""
    if asked is None:
        return None
    return win_rate.evaluate(asked, lambda bitmaps: softmax(predict(bitmaps) / temperature, axis=1))


def _guesses(logits: NDArray[np.float32], words: Sequence[str]) -> list[dict[str, Any]]:
    """The top-1 guess for each drawing and its probability."""
    sure = softmax(logits, axis=1)
    return [
        {"word": words[row.argmax()], "probability": round(float(row.max()), 4)} for row in sure
    ]


def _over_words(
    logits: NDArray[np.float32], labels: NDArray[np.int64], words: Sequence[str]
) -> float:
    """Mean over words of the accuracy, for words with enough stroke drawings."""
    return classification.macro(
        enough(classification.by_word(logits, labels, words), labels, words)
    )
