"""Measures how long a first guess has to hold, and with which probability, before it wins.

    python -m benchmarks.held_guess --data-dir ./data

A guess that must hold for longer wins fewer wrong words, so that lower thresholds can be allowed,
which win more right ones. Both are chosen here, on recorded drawings in time, because a count of
single frames does not know how long a frame lasts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from benchmarks.tools.result import RESULTS, rounded, show, write
from game.judging.judge import Model
from game.records.recorder import LENGTH, rows_over_time
from game.records.shipped_ghosts import on_pad
from game.rules.attempt import VERDICT_GAP
from models import shelf
from models.command import run
from models.drawing import Drawing
from models.words import ALL
from training.data import dataset, quickdraw
from training.metrics import classification
from training.metrics.playable import not_to_win

HOLDS = (100, 200, 300, 500, 700, 1000, 1500)  # ms
LOWEST = (0.2, 0.25, 0.3, 0.4)  # lowest thresholds of the words

HOW = """Quick, Draw!'s raw drawings of the validation split, drawn on the pad at their recorded
speed, are judged every 100 ms as the game judges; the finished drawing stays on the pad until the
20 seconds are over. A drawing wins a word that stays the model's first guess for hold_ms with at
least the word's threshold, or `lowest` if that is higher. False wins: share of the pairs of a
drawing and a word that is not its own and of which it is not a kind, with the one-sided 95 % bound.
True wins: share of the drawings of the model's words that win their own, and the median time until
then. game: by the game's rule, with the thresholds of the model's card."""


@dataclass(frozen=True)
class Options:
    """Measure how often words are won over time, by the time for which a guess has to hold."""

    models: tuple[str, ...] = (shelf.SERVED, shelf.DEFAULT)
    """Names of the published models."""
    shelf: Path = shelf.PUBLISHED
    """Folder of published models."""
    data_dir: Path | None = None
    """Folder of drawings with raw ones. Default: $DOODLE_DATA_DIR, else ./data."""
    out: Path = RESULTS / "held_guess.json"
    """Result file."""


@dataclass(frozen=True)
class Watched:
    """A drawing as the model saw it grow.

    Attributes:
        at: (F,), times of the frames, ms of the round.
        rows: (F, K), probabilities of the model's words.
    """

    at: NDArray[np.float64]
    rows: NDArray[np.float32]

    def won(self, thresholds: NDArray[np.float64], hold: float) -> NDArray[np.float64]:
        """(K,): when each word has been the first guess at its threshold for `hold` ms, else NaN.

        What is on the pad in the last frame stays there until the end of the round.
        """
        first = self.rows.argmax(1)[:, None] == np.arange(self.rows.shape[1])
        good = first & (self.rows >= thresholds)
        since, won = np.full((2, good.shape[1]), np.nan)
        for at, row in zip(self.at, good, strict=True):
            since = np.where(row, np.where(np.isnan(since), at, since), np.nan)
            won = np.where(np.isnan(won) & (at - since >= hold), at, won)
        late = np.where(since + hold <= LENGTH, since + hold, np.nan)
        return np.where(np.isnan(won), late, won)


def main(options: Options) -> None:
    with Console(stderr=True).status("reading drawings"):
        data = dataset.load(ALL, quickdraw.data_dir(options.data_dir), others=False)
    strokes = data.parts["validation"].strokes
    timed = np.flatnonzero([drawing.timed for drawing in strokes.drawings])
    drawings = [strokes.drawings[each] for each in timed.tolist()]
    labels = strokes.labels[timed]
    found: dict[str, Any] = {}
    for name in options.models:
        judge = shelf.open_judge(name, options.shelf)
        columns = [ALL.index(word) for word in judge.words]
        thresholds = np.array([judge.thresholds[word] for word in judge.words])
        own, wrong = labels[:, None] == columns, not_to_win(labels, ALL)[:, columns]
        found[name] = measure(watch(name, judge, drawings), own, wrong, thresholds)
    _print(found)
    write(options.out, HOW, {"data": data.hash, "models": found})


def watch(name: str, judge: Model, drawings: Sequence[Drawing]) -> list[Watched]:
    """Let the model judge drawings while they are drawn."""
    shown = track(drawings, name, console=Console(stderr=True), transient=True)
    return [Watched(*rows_over_time(judge, on_pad(drawing))) for drawing in shown]


def measure(
    watched: Sequence[Watched],
    own: NDArray[np.bool_],
    wrong: NDArray[np.bool_],
    thresholds: NDArray[np.float64],
) -> dict[str, Any]:
    """False and true wins of the game's rule and of others.

    Args:
        watched: N drawings.
        own: (N, K), whether a word is the drawing's.
        wrong: (N, K), whether the drawing must not win the word.
        thresholds: (K,), of the words.
    """

    def wins(hold: float, lowest: float) -> dict[str, float]:
        raised = np.maximum(thresholds, lowest)
        won = np.array([each.won(raised, hold) for each in watched])
        false = np.where(wrong, ~np.isnan(won), np.nan)
        return {
            "false": rounded(np.nanmean(false)),
            "false_bound": rounded(classification.upper_share(false, 1)),
            "true": rounded((~np.isnan(won[own])).mean()),
            "seconds": rounded(np.nanmedian(won[own]) / 1000),
        }

    differing = [lowest for lowest in LOWEST if lowest > thresholds.min()] or [0.0]
    return {
        "drawings": len(watched),
        "own": int(own.sum()),
        "pairs": int(wrong.sum()),
        "words": len(thresholds),
        "game": {"hold_ms": VERDICT_GAP, **wins(VERDICT_GAP, 0.0)},
        "rules": [
            {"hold_ms": hold, "lowest": lowest, **wins(hold, lowest)}
            for lowest in differing
            for hold in HOLDS
        ],
    }


def _print(found: dict[str, dict[str, Any]]) -> None:
    rows = [
        [
            name,
            of,
            *(f"{rule[key]:.2%}" for key in ("false", "false_bound", "true")),
            f"{rule['seconds']:.1f}",
        ]
        for name, model in found.items()
        for of, rule in (
            ("the game's", model["game"]),
            *(
                (f"{rule['hold_ms'] / 1000:g} s from {rule['lowest']:g}", rule)
                for rule in model["rules"]
            ),
        )
    ]
    head = ["model", "rule", "false wins", "95 % bound", "true wins", "seconds"]
    show("How long a guess has to hold", head, rows)


if __name__ == "__main__":
    run(Options, main)
