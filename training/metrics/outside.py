"""Evaluation on drawings from outside Quick, Draw! (`training.data.collection`)."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.data.collection import Collection
from training.metrics import classification
from training.metrics.wins import JUDGED, judged
from training.trainer.runs import Predict

INK = (0.25, 0.5, 0.75, 1.0)  # shares of the ink at which accuracy is reported
SHARES = tuple(sorted({*INK, *JUDGED}))
MISTAKES_AT = (0.25, 1.0)  # shares of the ink at which mistakes are listed: early and finished
MISTAKES = 5  # number of mistakes that are listed


def measure(
    probabilities: Predict,
    collections: Sequence[Collection],
    words: Sequence[str],
    thresholds: Mapping[str, float],
) -> dict[str, Any]:
    """Accuracy, wins and mistakes for each collection, by its name.

    Args:
        probabilities: calibrated (N, K) of bitmaps (N, 28, 28).
        collections: drawings of each, at least one.
        words: K words in column order.
        thresholds: of each word that there are drawings of: the probability that wins on two
            successive judged frames.
    """
    return {each.name: _measure(probabilities, each, words, thresholds) for each in collections}


def _measure(
    probabilities: Predict,
    collection: Collection,
    words: Sequence[str],
    thresholds: Mapping[str, float],
) -> dict[str, Any]:
    labels = collection.labels
    frames = judged(probabilities, collection.drawings, SHARES, collection.name)
    at = {f"{share:.0%}": frames[:, SHARES.index(share)] for share in INK}
    each = {ink: classification.by_word(scores, labels, words) for ink, scores in at.items()}
    game = frames[:, [SHARES.index(share) for share in JUDGED]]
    scores = classification.win_scores(game)[np.arange(len(labels)), labels]
    limits = np.array([thresholds[words[int(label)]] for label in labels])
    wins = classification.by_word_share(scores >= limits, labels, words)
    return {
        "drawings": {word: int((labels == words.index(word)).sum()) for word in wins},
        "top1": {ink: classification.macro(of) for ink, of in each.items()},
        "by_word": {word: {ink: of[word] for ink, of in each.items()} for word in wins},
        "wins": classification.macro(wins),
        "wins_by_word": wins,
        "mistakes": {
            f"{share:.0%}": _mistakes(at[f"{share:.0%}"], labels, words) for share in MISTAKES_AT
        },
    }


def _mistakes(
    scores: NDArray[np.float32], labels: NDArray[np.int64], words: Sequence[str]
) -> list[dict[str, Any]]:
    """The most frequent mistakes, as shares of all drawings of the true word."""
    counts = np.array(classification.confusion(scores, labels), float)
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    np.fill_diagonal(shares, 0)
    order = np.argsort(-shares, axis=None, kind="stable")[:MISTAKES]
    pairs = [divmod(int(place), len(words)) for place in order]
    return [
        {"word": words[true], "taken_for": words[guess], "share": float(shares[true, guess])}
        for true, guess in pairs
        if shares[true, guess] > 0
    ]
