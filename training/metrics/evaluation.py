"""All metrics of a network on one split, as `evaluation.json` and cards hold them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from models.drawing import Drawing
from models.raster import rasterise_batch
from training.data.dataset import Part
from training.metrics import classification, wins
from training.metrics.wins import JUDGED, enough
from training.sampling import traced_strokes
from training.trainer.runs import Predict
from training.transforms import perturb

SHARES = tuple(sorted({*JUDGED, 0.25, 0.75}))  # shares of ink at which accuracy is measured
MOST_STROKES = 8  # accuracy is measured after each stroke up to this one


def evaluate(
    predict: Predict,
    part: Part,
    words: tuple[str, ...],
    temperature: float | None = None,
    threshold: float | None = None,
) -> dict[str, Any]:
    """All metrics on one split; temperature and threshold are fitted on it if None.

    Bitmaps of words without stroke drawings are traced, and "traced" names those words.

    Raises:
        UserError: for a split without drawings.
    """
    part, traced = traced_strokes.with_strokes(part, words)
    logits, labels = predict(part.bitmaps.pixels), part.bitmaps.labels
    if temperature is None:
        temperature = classification.fit_temperature(logits, labels)

    probabilities = calibrated(predict, temperature)
    own = wins.unstretched(part.strokes)
    frames = wins.judged(probabilities, own.drawings, SHARES, "own words")
    at_judged = frames[:, [SHARES.index(share) for share in JUDGED]]
    won = wins.measure(probabilities, at_judged, own, part.other_strokes, words, threshold)
    return {
        "temperature": temperature,
        "bitmaps": _bitmaps(logits, labels, words, temperature)
        | {"won_by_word": _won(logits, labels, words, temperature, won["threshold"])},
        "rasters": _rasters(frames[:, -1], own.labels, words),
        "partial": _partial(frames, own.labels, words),
        "by_stroke": _by_stroke(probabilities, own.drawings, own.labels, words),
        "other_hands": {
            change: classification.accuracy(probabilities(bitmaps), labels)
            for change, bitmaps in perturb.other_bitmaps(part.bitmaps.pixels).items()
        },
        "other_hands_strokes": {
            change: _over_words(probabilities(rasterise_batch(drawings)), own.labels, words)
            for change, drawings in perturb.other_strokes(own.drawings).items()
        },
        "wins": won,
    } | ({"traced": traced} if traced else {})


def calibrated(predict: Predict, temperature: float) -> Predict:
    """A function to probabilities, made from a function to logits."""
    return lambda bitmaps: softmax(predict(bitmaps) / temperature, axis=1)


def _bitmaps(
    logits: NDArray[np.float32], labels: NDArray[np.int64], words: Sequence[str], temperature: float
) -> dict[str, Any]:
    counts = classification.confusion(logits, labels)
    precision, recall = classification.precision_recall(counts)
    return {
        "n": len(labels),
        "top1": classification.accuracy(logits, labels),
        "top1_macro": classification.macro(classification.by_word(logits, labels, words)),
        "by_word": classification.by_word(logits, labels, words),
        "precision": precision,
        "recall": recall,
        "log_loss": classification.log_loss(logits, labels, temperature),
        "calibration_error": classification.calibration_error(
            softmax(logits / temperature, axis=1), labels
        ),
        "calibration_error_uncalibrated": classification.calibration_error(
            softmax(logits, axis=1), labels
        ),
        "reliability": classification.reliability(softmax(logits / temperature, axis=1), labels),
        "confusion": counts,
    }


def _won(
    logits: NDArray[np.float32],
    labels: NDArray[np.int64],
    words: Sequence[str],
    temperature: float,
    threshold: float,
) -> dict[str, float]:
    """Share of each word's finished bitmaps whose top-1 probability is enough to win."""
    sure = softmax(logits / temperature, axis=1).max(1) >= threshold
    return classification.by_word_share(sure & (logits.argmax(1) == labels), labels, words)


def _rasters(
    final: NDArray[np.float32], labels: NDArray[np.int64], words: Sequence[str]
) -> dict[str, Any]:
    each = classification.by_word(final, labels, words)
    return {
        "n": {word: int((labels == k).sum()) for k, word in enumerate(words)},
        "top1": classification.accuracy(final, labels),
        "top1_macro": classification.macro(enough(each, labels, words)),
        "by_word": each,
    }


def _partial(
    frames: NDArray[np.float32], labels: NDArray[np.int64], words: Sequence[str]
) -> dict[str, dict[str, float]]:
    shares: dict[str, dict[str, float]] = {}
    for number, share in enumerate(SHARES):
        shares[f"{share:.0%}"] = _top1(frames[:, number], labels, words)
    return shares


def _by_stroke(
    probabilities: Predict,
    drawings: Sequence[Drawing],
    labels: NDArray[np.int64],
    words: Sequence[str],
) -> dict[str, dict[str, float]]:
    """Accuracy after each number of strokes; a drawing with fewer is judged as finished."""
    return {
        str(count): _top1(
            probabilities(rasterise_batch([Drawing(d.strokes[:count]) for d in drawings])),
            labels,
            words,
        )
        for count in range(1, MOST_STROKES + 1)
    }


def _top1(
    scores: NDArray[np.float32], labels: NDArray[np.int64], words: Sequence[str]
) -> dict[str, float]:
    return {
        "top1": classification.accuracy(scores, labels),
        "top1_macro": _over_words(scores, labels, words),
    }


def _over_words(
    scores: NDArray[np.float32], labels: NDArray[np.int64], words: Sequence[str]
) -> float:
    """Mean accuracy over the words with enough stroke drawings."""
    return classification.macro(
        enough(classification.by_word(scores, labels, words), labels, words)
    )
