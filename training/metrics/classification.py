"""Measures of a classifier, as pure functions of arrays."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

Floats = NDArray[np.float64] | NDArray[np.float32]


def accuracy(scores: Floats, labels: NDArray[np.int64]) -> float:
    """Share of the rows of scores (N, K) whose highest column is the label; NaN if N is 0."""
    return float((scores.argmax(1) == labels).mean()) if len(labels) else float("nan")


def by_word(scores: Floats, labels: NDArray[np.int64], words: Sequence[str]) -> dict[str, float]:
    """Accuracy for each word that has drawings."""
    return by_word_share(scores.argmax(1) == labels, labels, words)


def by_word_share(
    right: NDArray[np.bool_], labels: NDArray[np.int64], words: Sequence[str]
) -> dict[str, float]:
    """Share of drawings marked in `right` (N,), for each word that has drawings."""
    return {
        word: float(right[labels == k].mean())
        for k, word in enumerate(words)
        if (labels == k).any()
    }


def macro(values: dict[str, float]) -> float:
    """Mean over words with equal weights; NaN without words."""
    return float(np.mean(list(values.values()))) if values else float("nan")


def confusion(scores: Floats, labels: NDArray[np.int64]) -> list[list[int]]:
    """Counts [true word][guessed word]."""
    k = scores.shape[1]
    counts = np.bincount(labels * k + scores.argmax(1), minlength=k * k)
    return counts.reshape(k, k).tolist()


def precision_recall(counts: Sequence[Sequence[int]]) -> tuple[float, float]:
    """Macro precision and recall of a confusion matrix; a word never guessed has precision 0."""
    table = np.asarray(counts, float)
    hits = table.diagonal()
    precision = hits / np.maximum(table.sum(0), 1)
    recall = hits / np.maximum(table.sum(1), 1)
    return float(precision.mean()), float(recall.mean())


def log_loss(logits: Floats, labels: NDArray[np.int64], temperature: float = 1.0) -> float:
    """Mean negative log-likelihood of the labels, in nats."""
    logs = log_softmax(logits / temperature, axis=1)
    return float(-logs[np.arange(len(labels)), labels].mean())


def calibration_error(probabilities: Floats, labels: NDArray[np.int64], bins: int = 15) -> float:
    """Expected calibration error of the top guess, in bins of equal count."""
    gaps = [n * abs(sure - right) for sure, right, n in reliability(probabilities, labels, bins)]
    return sum(gaps) / len(labels)


def reliability(
    probabilities: Floats, labels: NDArray[np.int64], bins: int = 15
) -> list[tuple[float, float, int]]:
    """Mean confidence of the top guess, accuracy and count, in bins of equal count."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    order = np.array_split(np.argsort(confidence, kind="stable"), min(bins, len(labels)))
    return [(float(confidence[k].mean()), float(right[k].mean()), len(k)) for k in order]


def fit_temperature(logits: Floats, labels: NDArray[np.int64]) -> float:
    """The temperature in [0.05, 20] with the least log loss (Guo et al. 2017, arXiv 1706.04599)."""
    found = minimize_scalar(
        lambda t: log_loss(logits, labels, float(np.exp(t))),
        bounds=(np.log(0.05), np.log(20)),
        method="bounded",
    )
    return float(np.exp(found.x))


def win_scores(frames: Floats) -> NDArray[np.float64]:
    """The highest threshold at which each drawing would win each word.

    Args:
        frames: probabilities (N, F, K) of N drawings at F successive judged frames.

    Returns:
        (N, K): the highest p for which the word is top-1 with a probability of at least p on two
        successive frames; -1 if there are no such frames.
    """
    top = frames.argmax(2)[..., None] == np.arange(frames.shape[2])
    held = np.where(top, frames, -1.0)
    return np.minimum(held[:, :-1], held[:, 1:]).max(1)


def pick_threshold(false: Floats, allowed: float) -> float:
    """The lowest threshold in [0, 1] at which the bound of false wins is at most `allowed`.

    The one-sided 95 % bound (`upper_share`) is used because the share of such rare events varies
    between sets of drawings.

    Args:
        false: scores (N, K) of N drawings for K words, NaN where a pair does not count.
        allowed: largest share of the pairs that may win, in [0, 1].
    """
    for threshold in np.linspace(0, 1, 1001):
        if upper_share(false, threshold) <= allowed:
            return float(round(threshold, 3))
    return 1.0


def upper_share(scores: Floats, threshold: float) -> float:
    """One-sided 95 % upper bound of the share of pairs (N, K) that win; NaN marks no pair.

    The pairs of a drawing are not independent, so drawings are the sampling units; the variance is
    that of a linearised ratio estimator (Cochran, Sampling Techniques, 3rd ed. 1977, section 6.3).
    """
    counted = (~np.isnan(scores)).sum(1)
    won = (scores >= threshold).sum(1)
    share = won.sum() / counted.sum()
    deviation = np.sqrt(((won - share * counted) ** 2).sum()) / counted.sum()
    return min(float(share + NormalDist().inv_cdf(0.95) * deviation), 1.0)
