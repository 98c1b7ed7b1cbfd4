"""The accuracy of models of many words, on words with many and on words with few drawings.

    python -m benchmarks.many_words --data-dir ./data

The targets, which were set before the training, stand beside the results.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from benchmarks.tools.result import RESULTS, rounded, show, write
from models import shelf
from models.command import UserError, run
from models.raster import rasterise_batch
from training.data import dataset, quickdraw
from training.data.dataset import Dataset
from training.metrics import classification
from training.metrics.wins import unstretched
from training.publication.publication import batched

MANY = 900  # bitmaps of a frequent word
AIMS = {"many_top1": 0.87, "many_top3": 0.95, "playable": 0.93, "few": 0.45, "classic_loss": 0.003}

HOW = f"""Drawings of the test split; a guess is the first one of all the model's words where
nothing else is said. many: finished bitmaps of the words with at least {MANY} bitmaps in all splits
together; top3: one of the first three guesses; means over words. playable: finished bitmaps of the
words that the game asks for, guessed among these alone; mean over words. few: finished stroke
drawings of the other words; share of the drawings. classic: finished bitmaps of the words of the
compared model, which knows few, guessed among these alone by both; share of the drawings. aims:
what a judge of many words was to reach, set before it was trained; classic_loss is the most that
it was to lose against the compared model."""


@dataclass(frozen=True)
class Options:
    """Measure the published models of many words on words with many and with few drawings."""

    compared: str = shelf.DEFAULT
    """Name of the published model of few words, for comparison on its words."""
    shelf: Path = shelf.PUBLISHED
    """Folder of published models."""
    many: int = MANY
    """Bitmaps of a word that teach it well."""
    data_dir: Path | None = None
    """Folder of drawings. Default: $DOODLE_DATA_DIR, else ./data."""
    out: Path = RESULTS / "many_words.json"
    """Result file."""


def main(options: Options) -> None:
    cards = _judges(options.shelf)
    words = cards[0].words
    compared = shelf.read_card(options.compared, options.shelf)
    with Console(stderr=True).status("reading drawings"):
        data = dataset.load(words, quickdraw.data_dir(options.data_dir))
    many = frequent_words(data, options.many)
    found = {card.name: _measure(card, compared, many, data, options.shelf) for card in cards}
    _print(found)
    write(
        options.out,
        HOW.replace(str(MANY), str(options.many)),
        {"data": data.hash, "split": "test", "aims": AIMS, "models": found},
    )


def _judges(folder: Path) -> list[shelf.Card]:
    """The published models of the most words.

    Raises:
        UserError: if the game asks for all words of every model.
    """
    cards = [shelf.read_card(name, folder) for name in shelf.names(folder)]
    judges = [card for card in cards if card.playable]
    if not judges:
        raise UserError(
            f"{folder} has no model of which the game asks for some words only",
            "Publish one with python -m training.publish --select-words",
        )
    words = max((card.words for card in judges), key=len)
    return [card for card in judges if card.words == words]


def frequent_words(data: Dataset, many: int) -> list[str]:
    """The words with at least so many bitmaps in all splits together."""
    labels = np.concatenate([part.bitmaps.labels for part in data.parts.values()])
    counts = np.bincount(labels, minlength=len(data.words))
    return [word for word, count in zip(data.words, counts, strict=True) if count >= many]


def _measure(
    card: shelf.Card, compared: shelf.Card, many: Sequence[str], data: Dataset, folder: Path
) -> dict[str, Any]:
    """The measures of one model."""
    bitmaps = data.parts["test"].bitmaps
    strokes = unstretched(data.parts["test"].strokes)
    ours, theirs = (batched(shelf.open_model(c.name, folder, threads=0)) for c in (card, compared))
    finished = Scores(ours(bitmaps.pixels), bitmaps.labels, data.words)
    drawn = Scores(ours(rasterise_batch(strokes.drawings)), strokes.labels, data.words)
    starved = drawn.of([word for word in data.words if word not in many])
    classic = np.isin(bitmaps.labels, [data.words.index(word) for word in compared.words])
    peer = Scores(
        theirs(bitmaps.pixels[classic]),
        np.array([compared.words.index(data.words[k]) for k in bitmaps.labels[classic]]),
        compared.words,
    )
    well = finished.of(many)
    return {
        "many": {
            "words": len(many),
            "drawings": len(well.labels),
            "top1": rounded(classification.macro(well.by_word(1))),
            "top3": rounded(classification.macro(well.by_word(3))),
        },
        "playable": {
            "words": len(card.playable),
            "top1": rounded(classification.macro(finished.among(list(card.playable)).by_word(1))),
        },
        "few": {
            "words": len(starved.by_word(1)),
            "drawings": len(starved.labels),
            "top1": rounded(float(starved.right(1).mean())),
        },
        "classic": {
            "drawings": len(peer.labels),
            "top1": rounded(float(finished.among(compared.words).right(1).mean())),
            compared.name: rounded(float(peer.right(1).mean())),
        },
    }


@dataclass(frozen=True)
class Scores:
    """A model's scores of drawings.

    Attributes:
        logits: (N, K).
        labels: int64 (N,), columns.
        words: K words in column order.
    """

    logits: NDArray[np.float32]
    labels: NDArray[np.int64]
    words: Sequence[str]

    def of(self, words: Sequence[str]) -> "Scores":
        """Those of drawings of some words."""
        chosen = np.isin(self.labels, [self.words.index(word) for word in words])
        return Scores(self.logits[chosen], self.labels[chosen], self.words)

    def among(self, words: Sequence[str]) -> "Scores":
        """Those of drawings of some words, guessed among these alone."""
        columns = [self.words.index(word) for word in words]
        own = self.of(words)
        labels = np.array([columns.index(label) for label in own.labels], np.int64)
        return Scores(own.logits[:, columns], labels, words)

    def right(self, first: int) -> NDArray[np.bool_]:
        """(N,), whether the word is one of the first guesses."""
        return (np.argsort(-self.logits, axis=1)[:, :first] == self.labels[:, None]).any(1)

    def by_word(self, first: int) -> dict[str, float]:
        """Share of right guesses of each word that has drawings."""
        return classification.by_word_share(self.right(first), self.labels, self.words)


def _print(found: dict[str, dict[str, Any]]) -> None:
    rows = [
        [
            name,
            *(f"{of['many'][key]:.1%}" for key in ("top1", "top3")),
            *(f"{of[key]['top1']:.1%}" for key in ("playable", "few", "classic")),
        ]
        for name, of in found.items()
    ]
    head = ["", "many: first", "first three", "playable", "few, strokes", "classic"]
    show("Judges of many words, test drawings", head, rows)


if __name__ == "__main__":
    run(Options, main)
