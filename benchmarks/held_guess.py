"""Measures how often words are won over time, and whether a held first guess may win.

    python -m benchmarks.held_guess --data-dir ./data

The proposed rule: a word also wins when it stays the model's first guess for some seconds, with a
probability of at least p, which is less than the word's threshold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from benchmarks.result import RESULTS, rounded, show, write
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
from training.metrics.wins import FALSE_WINS

PROBABILITIES = (0.2, 0.25, 0.3, 0.35, 0.5, 0.8, 0.9)
SECONDS = (1.0, 2.0, 3.0)

HOW = """Quick, Draw!'s raw drawings of the validation split, drawn on the pad at their recorded
speed, are judged every 100 ms as the game judges; the finished drawing stays on the pad until the
20 seconds are over. A drawing wins a word by the ordinary rule (first guess at its threshold in all
frames of 100 ms), or, by the proposed rule, when the word stays the first guess with at least p for
some seconds. False wins: share of the pairs of a drawing and a word that is not its own and of
which it is not a kind, with the one-sided 95 % bound. True wins: share of the drawings of the
model's words that win their own. `allowed`: the proposed rules whose bound is at most 0.5 %."""


@dataclass(frozen=True)
class Options:
    """Measure how often words are won over time, and whether a held first guess may win."""

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

    def holds(self, bars: NDArray[np.float64], milliseconds: float) -> NDArray[np.bool_]:
        """(K,): which words stay the first guess for so long, with at least their bar (K,).

        What is on the pad in the last frame stays there until the end of the round.
        """
        first = self.rows.argmax(1)[:, None] == np.arange(self.rows.shape[1])
        good = first & (self.rows >= bars)
        since, held = np.full(good.shape[1], np.nan), np.zeros(good.shape[1], np.bool_)
        for at, row in zip((*self.at, LENGTH), (*good, good[-1]), strict=True):
            since = np.where(row, np.where(np.isnan(since), at, since), np.nan)
            held |= at - since >= milliseconds
        return held


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
        bars = np.array([judge.thresholds[word] for word in judge.words])
        own, wrong = labels[:, None] == columns, not_to_win(labels, ALL)[:, columns]
        found[name] = measure(watch(name, judge, drawings), own, wrong, bars)
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
    bars: NDArray[np.float64],
) -> dict[str, Any]:
    """False and true wins of the ordinary rule, and of it together with each proposed one.

    Args:
        watched: N drawings.
        own: (N, K), whether a word is the drawing's.
        wrong: (N, K), whether the drawing must not win the word.
        bars: (K,), thresholds of the words.
    """
    ordinary = np.array([each.holds(bars, VERDICT_GAP) for each in watched])

    def wins(won: NDArray[np.bool_]) -> dict[str, float]:
        false = np.where(wrong, won, np.nan)
        return {
            "false": rounded(np.nanmean(false)),
            "false_bound": rounded(classification.upper_share(false, 1)),
            "true": rounded(won[own].mean()),
        }

    def proposed(p: float, seconds: float) -> NDArray[np.bool_]:
        lower = np.minimum(bars, p)
        return np.array([each.holds(lower, 1_000 * seconds) for each in watched])

    steps = [
        {"p": p, "seconds": seconds, **wins(ordinary | proposed(p, seconds))}
        for p in PROBABILITIES
        if p < bars.max()
        for seconds in SECONDS
    ]
    return {
        "drawings": len(watched),
        "own": int(own.sum()),
        "pairs": int(wrong.sum()),
        "words": len(bars),
        "without": wins(ordinary),
        "steps": steps,
        "allowed": [step for step in steps if step["false_bound"] <= FALSE_WINS],
    }


def _print(found: dict[str, dict[str, Any]]) -> None:
    rows = [
        [name, rule, *(f"{step[key]:.2%}" for key in ("false", "false_bound", "true"))]
        for name, of in found.items()
        for rule, step in (
            ("the game's", of["without"]),
            *((f"{step['p']:g} for {step['seconds']:g} s", step) for step in of["steps"]),
        )
    ]
    show("Held guesses", ["model", "rule", "false wins", "95 % bound", "true wins"], rows)


if __name__ == "__main__":
    run(Options, main)
