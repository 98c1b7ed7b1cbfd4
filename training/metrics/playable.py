"""Which words of a network with many words are recognised well enough to be played.

A word is playable if enough validation drawings show that it is recognised and that it wins. Each
word has its own threshold, because words differ in how often drawings of other words are mistaken
for them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.metrics import classification
from training.metrics.wins import FALSE_WINS

DRAWINGS = 60  # smallest number of validation drawings of a playable word
RECALL = 0.7  # smallest top-1 recall on finished drawings
WINS = 0.7  # smallest share of stroke drawings that win at the word's threshold
MISTAKES = 3


@dataclass(frozen=True)
class Word:
    """Metrics of a word on validation drawings.

    Attributes:
        drawings: number of finished drawings that it was measured on.
        recall: share of them whose top-1 guess is the word.
        threshold: of the word: the lowest at which the 95 % bound of false wins is at most 0.5 %.
        wins: share of its stroke drawings that win at the threshold.
        difficulty: share of the finished drawings that do not reach the threshold.
        mistaken_for: the words that its drawings are most often mistaken for, with shares.
        playable: whether drawings, recall and wins all reach their limits.
    """

    drawings: int
    recall: float
    threshold: float
    wins: float
    difficulty: float
    mistaken_for: dict[str, float]
    playable: bool


def thresholds(
    scores: NDArray[np.float64], wrong: NDArray[np.bool_], allowed: float = FALSE_WINS
) -> NDArray[np.float64]:
    """The threshold of each word (K,); 1 if there are no drawings of other words to set it by.

    Args:
        scores: (N, K), highest threshold at which each drawing would win each word
            (`classification.win_scores`).
        wrong: bool (N, K), pairs that must not win.
        allowed: largest share of a word's wrong pairs that may win.
    """

    def of(column: int) -> float:
        false = scores[wrong[:, column], column]
        return classification.pick_threshold(false[:, None], allowed) if len(false) else 1.0

    return np.array([of(column) for column in range(scores.shape[1])])


def measure(
    finished: tuple[NDArray[np.float32], NDArray[np.int64]],
    scores: NDArray[np.float64],
    stroke_labels: NDArray[np.int64],
    words: Sequence[str],
) -> dict[str, dict[str, Any]]:
    """The metrics of every word, by word.

    Args:
        finished: probabilities (N, K) of finished validation drawings, and their labels (N,).
        scores: (M, K) of stroke drawings, including those of other words; see `thresholds`.
        stroke_labels: int64 (M,), -1 for drawings of other words.
        words: K words in column order.
    """
    wrong = stroke_labels[:, None] != np.arange(len(words))
    bars = thresholds(scores, wrong)
    return {
        word: asdict(_word(k, finished, scores[stroke_labels == k, k], float(bars[k]), words))
        for k, word in enumerate(words)
    }


def _word(
    column: int,
    finished: tuple[NDArray[np.float32], NDArray[np.int64]],
    scores: NDArray[np.float64],
    threshold: float,
    words: Sequence[str],
) -> Word:
    probabilities, labels = finished
    own = probabilities[labels == column]
    right = own.argmax(1) == column
    recall = float(right.mean()) if len(own) else 0.0
    wins = float((scores >= threshold).mean()) if len(scores) else 0.0
    sure = right & (own[:, column] >= threshold)
    return Word(
        drawings=len(own),
        recall=recall,
        threshold=threshold,
        wins=wins,
        difficulty=1 - float(sure.mean()) if len(own) else 1.0,
        mistaken_for=_mistaken_for(own[~right], len(own), words),
        playable=len(own) >= DRAWINGS and recall >= RECALL and wins >= WINS,
    )


def _mistaken_for(mistaken: NDArray[np.float32], of: int, words: Sequence[str]) -> dict[str, float]:
    """Shares of a word's drawings mistaken for other words, the most frequent first."""
    guesses = np.bincount(mistaken.argmax(1), minlength=len(words))
    order: list[int] = np.argsort(-guesses, kind="stable")[:MISTAKES].tolist()
    return {words[k]: float(guesses[k] / of) for k in order if guesses[k]}
