"""How often and how early drawings would win in the game, for their own or another word.

A drawing is judged at 10, 20 ... 100 % of its ink; a win is two successive judgements with the word
top-1 at or above the threshold.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from models.command import UserError
from models.drawing import Drawing
from models.raster import rasterise_batch
from models.words import ALL, KINDS
from training.data.dataset import StrokeDrawings
from training.metrics import classification
from training.trainer.runs import Predict
from training.transforms.nothing_drawn import nonsense

JUDGED = tuple(round(0.1 * k, 1) for k in range(1, 11))  # shares of ink
FALSE_WINS = 0.005
LEAST = 5  # smallest number of stroke drawings for a word to count in a mean over words
# Thresholds of the curve, denser towards 1, where the chosen threshold lies.
CURVE = tuple(
    float(at)
    for at in (*np.linspace(0, 0.8, 9).round(1), *(1 - np.geomspace(0.1, 1e-4, 31)).round(5), 1)
)
NONSENSE = 200  # meaningless drawings of each kind


def judged(
    probabilities: Predict, drawings: Sequence[Drawing], shares: Sequence[float], what: str
) -> NDArray[np.float32]:
    """Probabilities (N, F, K) of drawings at each of F shares of their ink."""
    console = Console(stderr=True)
    frames = [
        probabilities(rasterise_batch([drawing.prefix(share) for drawing in drawings]))
        for share in track(shares, f"judging {what}", console=console, transient=True)
    ]
    return np.stack(frames, 1)


def measure(
    probabilities: Predict,
    frames: NDArray[np.float32],
    own: StrokeDrawings,
    other_strokes: StrokeDrawings,
    words: Sequence[str],
    threshold: float | None,
) -> dict[str, Any]:
    """True and false wins, and the winning threshold.

    A drawing of another word counts once for every word, except words that it is a kind of (a shark
    is a fish). Meaningless drawings are counted separately and do not affect the threshold.

    Args:
        probabilities: calibrated (N, K) of bitmaps (N, 28, 28).
        frames: probabilities (N, 10, K) of the words' own drawings at the shares `JUDGED`.
        own: those drawings.
        other_strokes: drawings of other words; without any, only the words' own drawings are
            counted for the other words.
        words: K words in column order.
        threshold: to win; None for the lowest at which the 95 % bound of false wins is at most
            `FALSE_WINS`.

    Raises:
        UserError: when there are no drawings of the words.
    """
    if not len(own):
        raise UserError(
            "no drawings to find the threshold with", "Fetch more of each word: training.fetch"
        )
    others = unstretched(other_strokes)
    scores = classification.win_scores(frames)
    rows = np.arange(len(own))
    true = scores[rows, own.labels]
    scores[rows, own.labels] = np.nan
    wrong = np.concatenate([scores, *_scores_of_others(probabilities, others, words)])
    if threshold is None:
        threshold = classification.pick_threshold(wrong, FALSE_WINS)
    wrong = wrong[~np.isnan(wrong)]

    def wins(at: float) -> dict[str, Any]:
        each = classification.by_word_share(true >= at, own.labels, words)
        return {
            "threshold": at,
            "false": float((wrong >= at).mean()),
            "true": classification.macro(enough(each, own.labels, words)),
            "true_by_word": each,
        }

    curve = [wins(at) for at in CURVE]
    return {
        **wins(threshold),
        "pairs": len(wrong),
        "drawings": len(true),
        "won_by": _won_by(frames, own.labels, threshold, words),
        "nonsense": _nonsense(probabilities, threshold),
        "curve": [{k: v for k, v in row.items() if k != "true_by_word"} for row in curve],
    }


def _scores_of_others(
    probabilities: Predict, others: StrokeDrawings, words: Sequence[str]
) -> list[NDArray[np.float64]]:
    """Scores (N, K) of other words' drawings, NaN for kinds of the word; nothing if N is 0."""
    if not len(others):
        return []
    scores = classification.win_scores(
        judged(probabilities, others.drawings, JUDGED, "other words")
    )
    scores[kinds(ALL, words)[others.fine_labels]] = np.nan
    return [scores]


def kinds(drawn: Sequence[str], words: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each of D drawn words is a kind of each of K words, (D, K): a shark is a fish."""
    return np.array([[one in KINDS.get(word, ()) for word in words] for one in drawn], np.bool_)


def _won_by(
    frames: NDArray[np.float32], labels: NDArray[np.int64], threshold: float, words: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Share of each word's drawings that win by each share of their ink."""
    shares: dict[str, dict[str, float]] = {}
    for number, share in enumerate(JUDGED[1:], 2):
        scores = classification.win_scores(frames[:, :number])[np.arange(len(labels)), labels]
        shares[f"{share:.0%}"] = classification.by_word_share(scores >= threshold, labels, words)
    return shares


def _nonsense(probabilities: Predict, threshold: float) -> dict[str, float]:
    """Share of (meaningless drawing, word) pairs that would win, by kind of drawing."""
    return {
        kind: float(
            (
                classification.win_scores(judged(probabilities, drawings, JUDGED, kind))
                >= threshold
            ).mean()
        )
        for kind, drawings in nonsense(NONSENSE).items()
    }


def unstretched(strokes: StrokeDrawings) -> StrokeDrawings:
    """Only the drawings whose aspect ratio is known."""
    return strokes.at(np.flatnonzero(~strokes.stretched))


def enough(
    each: dict[str, float], labels: NDArray[np.int64], words: Sequence[str]
) -> dict[str, float]:
    """Only the words with at least `LEAST` drawings."""
    return {w: v for w, v in each.items() if (labels == words.index(w)).sum() >= LEAST}
