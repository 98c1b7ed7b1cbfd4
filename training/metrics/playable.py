"""Which words of a wide judge can be played: known well, and known to be.

A word is playable where enough validation drawings show that it is recognised and that it wins.
Each has its own threshold, as words differ in how often others' drawings are taken for them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.metrics import classification
from training.metrics.wins import FALSE_WINS

DRAWINGS = 60  # validation drawings of a word, without which nothing is known of it
RECALL = 0.7  # of finished drawings, top-1 of all words
WINS = 0.7  # share of its stroke drawings that win at the word's threshold
MISTAKES = 3


@dataclass(frozen=True)
class Word:
    """What is known of a word on validation drawings.

    Attributes:
        drawings: finished drawings that it was measured on.
        recall: share of them whose first guess is the word.
        threshold: of the word: the least with surely at most 0.5 % false wins.
        wins: share of its stroke drawings that win at it.
        difficulty: share of the finished drawings that are not sure enough to win.
        mistaken_for: what its drawings are most often taken for, with shares.
        playable: whether there are enough drawings and recall and wins are high enough.
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
    """The threshold of each word, (K,); 1 where no drawing of another word tells.

    Args:
        scores: (N, K) up to which threshold each drawing would win each word
            (`classification.win_scores`).
        wrong: (N, K) pairs that must not win.
        allowed: share of a word's wrong pairs that may.
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
    """What is known of every word, by word.

    Args:
        finished: probabilities (N, K) of finished validation drawings, and their labels (N,).
        scores: (M, K) of stroke drawings, as of `thresholds`; those of other words too.
        stroke_labels: int64 (M,), -1 where a drawing is of none of the words.
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
    """Shares of a word's drawings that are taken for others, the most frequent first."""
    guesses = np.bincount(mistaken.argmax(1), minlength=len(words))
    order: list[int] = np.argsort(-guesses, kind="stable")[:MISTAKES].tolist()
    return {words[k]: float(guesses[k] / of) for k in order if guesses[k]}
