"""Measures whether a first guess that stays while nothing is drawn may win below the threshold.

    python -m benchmarks.held_guess --data-dir ./data

The proposed rule: a word also wins when it stays the model's first guess, with a probability of at
least p2, while the player draws nothing for a while. The judge's answer does not change meanwhile,
so the length of the pause makes no difference here; only the moments of the pauses matter. Two
cases are measured: a pause when the drawing is finished, and pauses at 10, 20 ... 100 % of the ink.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from benchmarks.result import RESULTS, rounded, show, write
from models import shelf
from models.command import run
from models.words import ALL
from training.data import dataset, quickdraw
from training.metrics import classification
from training.metrics.evaluation import calibrated
from training.metrics.wins import FALSE_WINS, JUDGED, enough, judged, kinds, unstretched
from training.report.publication import batched

STEPS = tuple(float(round(p, 3)) for p in (*np.arange(0.3, 0.95, 0.05), 0.97, 0.98, 0.985))

HOW = """Validation stroke drawings of the model's words and of other words, judged at 10, 20 ...
100 % of their ink. A drawing wins a word by the card's threshold on two successive judgements, or,
by the proposed rule, when the word is the first guess with at least p2 while the ink rests: at the
end of the drawing only, or at any of the ten moments. False wins are shares of the pairs of a
drawing and a word that is not its own, with the one-sided 95 % bound by which the card's threshold
was chosen; true wins are the mean over words with at least five drawings. `allowed` is the lowest
p2 whose bound is at most 0.5 %; null when every p2 below the threshold exceeds it."""


@dataclass(frozen=True)
class Options:
    """Measure whether a held top guess may win."""

    model: str = shelf.DEFAULT
    """Name of the published model."""
    shelf: Path = shelf.PUBLISHED
    """Folder of published models."""
    data_dir: Path | None = None
    """Folder of drawings. Default: $DOODLE_DATA_DIR, else ./data."""
    out: Path = RESULTS / "held_guess.json"
    """Result file."""


@dataclass(frozen=True)
class Scores:
    """The scores of each drawing for each word; NaN for pairs that are not counted.

    Attributes:
        ordinary: (N, K), the highest threshold at which the drawing wins the word.
        held: (N, K), the highest p2 at which it wins by the proposed rule.
    """

    ordinary: NDArray[np.float64]
    held: NDArray[np.float64]

    def joined(self, threshold: float) -> NDArray[np.float64]:
        """The highest p2 at which one of the rules gives a win; 1 if the ordinary rule does."""
        return np.where(self.ordinary >= threshold, 1.0, self.held)


def main(options: Options) -> None:
    model = shelf.open_model(options.model, options.shelf, threads=0)
    card = shelf.read_card(options.model, options.shelf)
    with Console(stderr=True).status("reading drawings"):
        data = dataset.load(model.words, quickdraw.data_dir(options.data_dir))
    part, words = data.parts["validation"], model.words
    own, others = unstretched(part.strokes), unstretched(part.other_strokes)
    probabilities = calibrated(batched(model), card.temperature)
    frames = judged(probabilities, own.drawings, JUDGED, "own words")
    theirs = judged(probabilities, others.drawings, JUDGED, "other words")
    are_kinds = kinds(ALL, words)[others.fine_labels]
    cases = {
        name: measure(frames, own.labels, theirs, are_kinds, words, card.threshold, moments)
        for name, moments in (("at_the_end", slice(-1, None)), ("at_any_moment", slice(None)))
    }
    _print(cases)
    found = {"model": card.name, "threshold": card.threshold, "data": data.hash, "cases": cases}
    write(options.out, HOW, {**found, "drawings": len(own), "other_drawings": len(others)})


def measure(
    frames: NDArray[np.float32],
    labels: NDArray[np.int64],
    others: NDArray[np.float32],
    kinds: NDArray[np.bool_],
    words: tuple[str, ...],
    threshold: float,
    moments: slice,
) -> dict[str, Any]:
    """False and true wins at each p2 of `STEPS` below the threshold, and the lowest one allowed.

    Args:
        frames: probabilities (N, F, K) of the words' own drawings at F shares of their ink.
        labels: their words, (N,), as columns.
        others: probabilities (M, F, K) of drawings of other words.
        kinds: (M, K), whether a drawing's word is a kind of the model's word; not counted.
        threshold: the threshold of the ordinary rule.
        moments: the frames at which the player may pause.
    """
    mine, theirs = scores_of(frames, moments), scores_of(others, moments)
    rows = np.arange(len(labels))
    true = mine.joined(threshold)[rows, labels]
    wrong = np.concatenate([mine.joined(threshold), theirs.joined(threshold)])
    wrong[rows, labels] = np.nan
    wrong[len(labels) :][kinds] = np.nan

    def at(p2: float) -> dict[str, float]:
        each = classification.by_word_share(true >= p2, labels, words)
        return {
            "p2": p2,
            "false": rounded(np.nanmean(np.where(np.isnan(wrong), np.nan, wrong >= p2))),
            "false_bound": rounded(classification.upper_share(wrong, p2)),
            "true": rounded(classification.macro(enough(each, labels, words))),
        }

    steps = [at(p2) for p2 in STEPS if p2 < threshold]
    allowed = [step["p2"] for step in steps if step["false_bound"] <= FALSE_WINS]
    return {"without": at(1.0), "steps": steps, "allowed": min(allowed, default=None)}


def scores_of(frames: NDArray[np.float32], moments: slice) -> Scores:
    """The scores of drawings, from their probabilities (N, F, K)."""
    top = frames.argmax(2)[..., None] == np.arange(frames.shape[2])
    held = np.where(top, frames, -1.0).astype(np.float64)
    return Scores(classification.win_scores(frames), held[:, moments].max(1))


def _print(cases: dict[str, dict[str, Any]]) -> None:
    rows = [
        [name, f"{step['p2']:g}", *(f"{step[key]:.2%}" for key in ("false", "false_bound", "true"))]
        for name, case in cases.items()
        for step in (*case["steps"], case["without"])
    ]
    show("Held guesses", ["rest", "p2", "false wins", "95 % bound", "true wins"], rows)
    for name, case in cases.items():
        print(f"{name}: lowest allowed p2: {case['allowed']}")


if __name__ == "__main__":
    run(Options, main)
