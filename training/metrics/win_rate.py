"""Win rate: true and false wins of partial stroke drawings.

Stroke drawings of the words and of other words are rasterised once at 10, 20 ... 100 % of their
ink, and every network is evaluated on the same bitmaps. No single threshold is chosen: the share of
true wins is reported at several shares of false wins.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.raster import rasterise_batch
from models.words import ALL
from training.data.dataset import Part, StrokeDrawings
from training.data.subset import first_of_each
from training.metrics import classification
from training.metrics.wins import JUDGED, enough, kinds, unstretched
from training.trainer.runs import Predict

MOST = 100  # most stroke drawings of a word: some words have hundreds, others ten
OTHERS = 400  # drawings of other words
FALSE = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)  # shares of false wins in a report
AREA = 0.02  # true wins are averaged over shares of false wins from 0 to this


@dataclass(frozen=True)
class WinDrawings:
    """The drawings for true and false wins; drawings of the words come first.

    Attributes:
        words: K words in column order.
        labels: int64 (N,), of the words' own drawings.
        rasters: uint8 (N + M, 10, 28, 28), each at the shares `JUDGED` of its ink.
        wrong: bool (N + M, K), words that a drawing must not win. A word that the drawing's word is
            a kind of (a shark is a fish) is not among them.
    """

    words: tuple[str, ...]
    labels: NDArray[np.int64]
    rasters: NDArray[np.uint8]
    wrong: NDArray[np.bool_]


def prepare(part: Part, words: tuple[str, ...]) -> WinDrawings | None:
    """The drawings of a split; None if there are too few."""
    own = unstretched(part.strokes)
    own = own.at(first_of_each(own.labels, MOST))
    others = _spread(unstretched(part.other_strokes))
    if not len(others) or not enough(dict.fromkeys(words, 0.0), own.labels, words):
        return None
    drawings = [*own.drawings, *others.drawings]
    rasters = np.stack([rasterise_batch([d.prefix(at) for d in drawings]) for at in JUDGED], 1)
    theirs = ~kinds(ALL, words)[others.fine_labels]
    not_own = own.labels[:, None] != np.arange(len(words))
    return WinDrawings(words, own.labels, rasters, np.concatenate([not_own, theirs]))


def _spread(strokes: StrokeDrawings) -> StrokeDrawings:
    """`OTHERS` drawings, spread evenly over the words as far as there are enough."""
    turn = np.zeros(len(strokes), np.int64)
    for kind in np.unique(strokes.fine_labels):
        own = np.flatnonzero(strokes.fine_labels == kind)
        turn[own] = np.arange(len(own))
    return strokes.at(np.sort(np.argsort(turn, kind="stable")[:OTHERS]))


def evaluate(asked: WinDrawings, probabilities: Predict) -> dict[str, Any]:
    """Evaluate probabilities on the drawings; returns the fields of `results.Wins`.

    Args:
        asked: the drawings.
        probabilities: calibrated (N, K) of bitmaps (N, 28, 28).
    """
    drawings, frames, *square = asked.rasters.shape
    answers = probabilities(asked.rasters.reshape(-1, *square))
    scores = classification.win_scores(answers.reshape(drawings, frames, -1))
    true = scores[np.arange(len(asked.labels)), asked.labels]
    # Highest first: if a win needs a score above the k-th (from 0), k pairs win falsely.
    bars = np.sort(scores[asked.wrong])[::-1]

    def won(count: int) -> float:
        return _won(asked, true, bars[min(count, len(bars) - 1)])

    return {
        "drawings": len(true),
        "others": drawings - len(true),
        "pairs": len(bars),
        "area": float(np.mean([won(count) for count in range(int(AREA * len(bars)) + 1)])),
        "true": {f"{share:.1%}": won(int(share * len(bars))) for share in FALSE},
    }


def _won(asked: WinDrawings, true: NDArray[np.float64], bar: float) -> float:
    """Share of the words' own drawings that win above a bar; mean over words with enough."""
    each = classification.by_word_share(true > bar, asked.labels, asked.words)
    return classification.macro(enough(each, asked.labels, asked.words))
