"""Which words of a network with many words are recognised well enough to be played.

A word is playable if enough validation drawings show that it is recognised and that it wins. Each
word has its own threshold, because words differ in how often drawings of other words are mistaken
for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.data.dataset import Part, StrokeDrawings
from training.data.subset import first_of_each
from training.metrics import classification
from training.metrics.wins import FALSE_WINS, JUDGED, judged, kinds, unstretched
from training.sampling.traced_strokes import traced_bitmaps
from training.trainer.runs import Predict

DRAWINGS = 60  # smallest number of validation drawings of a playable word
RECALL = 0.7  # smallest top-1 recall on finished drawings
WINS = 0.7  # smallest share of drawings that win at the word's threshold
LOWEST = 0.2  # least threshold; chosen on validation drawings in time (benchmarks.held_guess)
STROKES = 40  # stroke drawings of a word, of which the missing ones are traced from bitmaps
PEOPLES = 20  # least number of stroke drawings by people to measure a word's wins on
MISTAKES = 3
PLAIN = frozenset(
    {"circle", "diamond", "hexagon", "line", "octagon", "square", "squiggle", "triangle", "zigzag"}
)  # words that a single stroke wins, which is no game


@dataclass(frozen=True)
class Word:
    """Metrics of a word on validation drawings.

    Attributes:
        drawings: number of finished drawings that it was measured on.
        recall: share of them whose top-1 guess is the word.
        threshold: of the word: the lowest, at least `LOWEST`, at which the 95 % bound of false wins
            is at most 0.5 %.
        wins: share of its drawings that win at the threshold: of its stroke drawings if people drew
            at least `PEOPLES`, else of the finished drawings, which win if the first guess reaches
            the threshold.
        difficulty: share of the finished drawings that do not reach the threshold.
        mistaken_for: the words that its drawings are most often mistaken for, with shares.
        playable: whether drawings, recall and wins all reach their limits, and the word is not a
            plain shape.
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


@dataclass(frozen=True)
class Predictions:
    """A split's drawings as a network of K words judges them.

    Attributes:
        finished: probabilities (N, K) of finished bitmaps.
        labels: int64 (N,), their columns.
        scores: (M, K) of stroke drawings, the highest threshold at which each would win each word.
        stroke_labels: int64 (M,), their columns.
        traced: bool (M,), whether the strokes are traced from a bitmap. Tracing loses details of
            some words, so traced drawings tell of false wins, but not of true ones.
    """

    finished: NDArray[np.float32]
    labels: NDArray[np.int64]
    scores: NDArray[np.float64]
    stroke_labels: NDArray[np.int64]
    traced: NDArray[np.bool_]

    def wins(self, column: int, threshold: float) -> float:
        """Share of a word's drawings that win it; see `Word.wins`."""
        people = self.scores[(self.stroke_labels == column) & ~self.traced, column]
        if len(people) >= PEOPLES:
            return float((people >= threshold).mean())
        return self.finished_wins(column, threshold)

    def finished_wins(self, column: int, threshold: float) -> float:
        """Share of a word's finished drawings whose first guess is the word and reaches it."""
        own = self.finished[self.labels == column]
        won = (own.argmax(1) == column) & (own[:, column] >= threshold)
        return float(won.mean()) if len(own) else 0.0


def judge(probabilities: Predict, part: Part) -> Predictions:
    """Judge a split: all bitmaps, and `STROKES` stroke drawings of each word.

    Where a word has fewer stroke drawings, bitmaps are traced into strokes, in a likely order
    (`training.transforms.tracing`).

    Args:
        probabilities: calibrated (N, K) of bitmaps (N, 28, 28).
        part: the split, whose labels are the K columns.
    """
    strokes, traced = _enough_strokes(part)
    frames = judged(probabilities, strokes.drawings, JUDGED, "stroke drawings")
    scores = classification.win_scores(frames)
    finished = probabilities(part.bitmaps.pixels)
    return Predictions(finished, part.bitmaps.labels, scores, strokes.labels, traced)


def _enough_strokes(part: Part) -> tuple[StrokeDrawings, NDArray[np.bool_]]:
    """`STROKES` stroke drawings of each word as far as there are so many, people's first.

    Returns:
        The drawings (N,), and whether each is traced.
    """
    people = unstretched(part.strokes)
    traced = traced_bitmaps(part.bitmaps, part.bitmaps.labels, STROKES)
    every = people.joined(traced)
    chosen = first_of_each(every.labels, STROKES)
    return every.at(chosen), chosen >= len(people)


def measure(drawings: Predictions, words: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The metrics of every word, by word; `words` are the K words in column order."""
    wrong = not_to_win(drawings.stroke_labels, words)
    bars = np.maximum(thresholds(drawings.scores, wrong), LOWEST)
    return {word: asdict(_word(k, drawings, float(bars[k]), words)) for k, word in enumerate(words)}


def not_to_win(labels: NDArray[np.int64], words: Sequence[str]) -> NDArray[np.bool_]:
    """Pairs (N, K) of a drawing and a word that it must not win; a shark may win "fish"."""
    return ~(np.eye(len(words), dtype=np.bool_) | kinds(words, words))[labels]


def check(drawings: Predictions, words: Sequence[str], bars: Mapping[str, float]) -> dict[str, Any]:
    """How the playable words do on another split.

    Args:
        drawings: of that split.
        words: the K words in column order.
        bars: the threshold of each playable word.

    Returns:
        "words": number of playable words; "top1", "top3": recall of their finished drawings among
        all words; "top1_playable": among the playable words only; "wins": share of their drawings
        that win (`Word.wins`); "false_wins": share of (drawing, word) pairs that win and must not;
        means over words. "by_word": recall and wins of each word.
    """
    columns = np.array([words.index(word) for word in bars])
    limits = np.array(list(bars.values()))
    places = np.argsort(-drawings.finished, axis=1)[:, :3]
    among = columns[drawings.finished[:, columns].argmax(1)]
    won = drawings.scores[:, columns] >= limits
    wrong = not_to_win(drawings.stroke_labels, words)[:, columns]

    def of(right: NDArray[np.bool_], column: int) -> float:
        own = right[drawings.labels == column]
        return float(own.mean()) if len(own) else float("nan")

    rows = {
        words[column]: {
            "top1": of(places[:, 0] == drawings.labels, column),
            "top3": of((places == drawings.labels[:, None]).any(1), column),
            "top1_playable": of(among == drawings.labels, column),
            "wins": drawings.wins(column, float(limits[place])),
            "false_wins": float(won[wrong[:, place], place].mean()),
        }
        for place, column in enumerate(columns.tolist())
    }
    figures = ("top1", "top3", "top1_playable", "wins", "false_wins")
    means = {name: float(np.nanmean([row[name] for row in rows.values()])) for name in figures}
    return {"words": len(bars), **means, "by_word": rows}


def _word(column: int, drawings: Predictions, threshold: float, words: Sequence[str]) -> Word:
    own = drawings.finished[drawings.labels == column]
    right = own.argmax(1) == column
    recall = float(right.mean()) if len(own) else 0.0
    wins = drawings.wins(column, threshold)
    return Word(
        drawings=len(own),
        recall=recall,
        threshold=threshold,
        wins=wins,
        difficulty=1 - drawings.finished_wins(column, threshold),
        mistaken_for=_mistaken_for(own[~right], len(own), words),
        playable=words[column] not in PLAIN
        and len(own) >= DRAWINGS
        and recall >= RECALL
        and wins >= WINS,
    )


def _mistaken_for(mistaken: NDArray[np.float32], of: int, words: Sequence[str]) -> dict[str, float]:
    """Shares of a word's drawings mistaken for other words, the most frequent first."""
    guesses = np.bincount(mistaken.argmax(1), minlength=len(words))
    order: list[int] = np.argsort(-guesses, kind="stable")[:MISTAKES].tolist()
    return {words[k]: float(guesses[k] / of) for k in order if guesses[k]}
