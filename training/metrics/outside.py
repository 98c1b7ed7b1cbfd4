"""Evaluation on drawings from outside Quick, Draw!.

A folder has a subfolder for each collection, and in it a file `<word>.ndjson` or `<word>.ndjson.gz`
of simplified strokes for each word. Files of words that the network was not trained on are ignored.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.command import UserError
from models.drawing import Drawing, read_ndjson
from training.metrics import classification
from training.metrics.wins import JUDGED, judged
from training.trainer.runs import Predict

INK = (0.25, 0.5, 0.75, 1.0)  # shares of the ink at which accuracy is reported
SHARES = tuple(sorted({*INK, *JUDGED}))
MISTAKES_AT = (0.25, 1.0)  # shares of the ink at which mistakes are listed: early and finished
MISTAKES = 5  # number of mistakes that are listed


@dataclass(frozen=True)
class Collection:
    """Drawings of one source.

    Attributes:
        name: of the subfolder.
        drawings: N drawings, each with ink.
        labels: int64 (N,), columns of their words.
    """

    name: str
    drawings: tuple[Drawing, ...]
    labels: NDArray[np.int64]


def read(
    folder: Path, words: Sequence[str], asked: Container[str] | None = None
) -> tuple[Collection, ...]:
    """The collections of a folder that have drawings of the words, by name.

    Args:
        folder: has a subfolder for each collection.
        words: K words in column order.
        asked: the words to read drawings of; None for all K.

    Raises:
        UserError: when there is none, or a file is damaged.
    """
    subfolders = sorted(path for path in folder.glob("*") if path.is_dir())
    wanted = [(k, word) for k, word in enumerate(words) if asked is None or word in asked]
    collections = tuple(_collection(subfolder, wanted) for subfolder in subfolders)
    found = tuple(each for each in collections if each.drawings)
    if not found:
        raise UserError(
            f"{folder} has no drawings of the model's words",
            "Expected subfolders with <word>.ndjson or <word>.ndjson.gz",
        )
    return found


def _collection(folder: Path, wanted: Sequence[tuple[int, str]]) -> Collection:
    drawings: list[Drawing] = []
    labels: list[int] = []
    for label, word in wanted:
        for path in (folder / f"{word}{ending}" for ending in (".ndjson", ".ndjson.gz")):
            if path.is_file():
                own = [drawing for drawing in read_ndjson(path) if drawing.ink > 0]
                drawings += own
                labels += [label] * len(own)
    return Collection(folder.name, tuple(drawings), np.array(labels, np.int64))


def measure(
    probabilities: Predict,
    collections: Sequence[Collection],
    words: Sequence[str],
    thresholds: Mapping[str, float],
) -> dict[str, Any]:
    """Accuracy, wins and mistakes for each collection, by its name.

    Args:
        probabilities: calibrated (N, K) of bitmaps (N, 28, 28).
        collections: of `read`.
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
