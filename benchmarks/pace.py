"""Measures the pace of the game: how soon recorded hands win their words, and what glyphs win.

python -m benchmarks.pace --models words-b0 classic-b0
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.tools.result import RESULTS, rounded, write
from game.judging.judge import Model
from game.records.recorder import LENGTH, record
from game.records.shipped_ghosts import on_pad
from models import shelf
from models.command import run
from models.drawing import Drawing
from models.words import CLASSIC
from training.data import dataset, quickdraw
from training.metrics import primitives

HELD_OUT = ("validation", "test")
THIRD = 1 / 3

HOW = """Quick, Draw!'s raw drawings of the model's words that no training saw (validation and test
splits), drawn on the pad at their recorded speed after 0.7 s of reading, are judged every 100 ms by
the game's rules with the thresholds of the model's card. won: share that win their word within 20
seconds. seconds: from the start of the round to the win; median and quartiles of the drawings that
win. first_third: share of drawings that have already won when a third of their ink is drawn.
primitives: number of 25 simple shapes (a line, a circle, a zigzag, ...) that win a word which they
do not depict in at least half of eight variants. All is measured over all words that the game asks
for, and over those of them that are among the classic ten."""


@dataclass(frozen=True)
class Options:
    """Measure how soon recorded hands win."""

    models: tuple[str, ...] = (shelf.DEFAULT,)
    """Names of the published models."""
    shelf: Path = shelf.PUBLISHED
    """Folder of published models."""
    data_dir: Path | None = None
    """Folder of drawings with raw ones. Default: $DOODLE_DATA_DIR, else ./data."""
    out: Path = RESULTS / "pace.json"
    """Result file."""


@dataclass(frozen=True)
class RecordedRound:
    """One recorded drawing in the game.

    Attributes:
        word: that was drawn.
        seconds: until the win; None without one.
        glyph: whether it had won when a third of its ink was drawn.
    """

    word: str
    seconds: float | None
    glyph: bool


def main(options: Options) -> None:
    judges = {name: shelf.open_judge(name, options.shelf) for name in options.models}
    words = tuple(dict.fromkeys(word for judge in judges.values() for word in judge.words))
    with Console(stderr=True).status("reading drawings"):
        drawings = timed(words, options.data_dir)
    found = {
        name: {"glyphs": _glyphs(judge), **_pace(name, judge, drawings)}
        for name, judge in judges.items()
    }
    _print(found)
    write(options.out, HOW, {"limit_s": LENGTH / 1000, "models": found})


def timed(words: Sequence[str], folder: Path | None) -> list[tuple[str, Drawing]]:
    """Held-out drawings with the times of their points, each with its word."""
    data = dataset.load(tuple(words), quickdraw.data_dir(folder), others=False)
    return [
        (words[int(label)], drawing)
        for split in HELD_OUT
        for label, drawing in zip(
            data.parts[split].strokes.labels.tolist(),
            data.parts[split].strokes.drawings,
            strict=True,
        )
        if drawing.timed
    ]


def _pace(name: str, judge: Model, drawings: Sequence[tuple[str, Drawing]]) -> dict[str, Any]:
    known = [(word, drawing) for word, drawing in drawings if word in judge.words]
    rounds = [
        play(judge, word, drawing)
        for word, drawing in track(known, name, console=Console(stderr=True), transient=True)
    ]
    classic = [round_ for round_ in rounds if round_.word in CLASSIC]
    return {"words": len(judge.words), "all": summary(rounds), "classic": summary(classic)}


def play(judge: Model, word: str, drawing: Drawing) -> RecordedRound:
    """Draw a recorded drawing in a round of its word."""
    strokes = on_pad(drawing)
    replay = record(judge, "any", strokes, word, "hand")
    if replay.outcome != "guessed":
        return RecordedRound(word, None, False)
    drawn, whole = (Drawing.from_lists(each).ink for each in (replay.strokes, strokes))
    return RecordedRound(word, replay.milliseconds / 1000, drawn <= THIRD * whole)


def summary(rounds: Sequence[RecordedRound]) -> dict[str, Any]:
    """Wins and their times; see `HOW`."""
    won = [round_.seconds for round_ in rounds if round_.seconds is not None]
    low, median, high = np.percentile(won, (25, 50, 75)) if won else (np.nan,) * 3
    return {
        "drawings": len(rounds),
        "won": rounded(len(won) / max(len(rounds), 1)),
        "seconds": {"low": rounded(low), "median": rounded(median), "high": rounded(high)},
        "first_third": rounded(sum(each.glyph for each in rounds) / max(len(rounds), 1)),
    }


def _glyphs(judge: Model) -> dict[str, Any]:
    return primitives.measure(judge.probabilities, judge.words, judge.thresholds.__getitem__)


def _print(found: dict[str, dict[str, Any]]) -> None:
    table = Table("model", "words", "hands", "won", "seconds", "by a third", "glyphs that win")
    for name, of in found.items():
        pace = of["all"]
        table.add_row(
            name,
            str(of["words"]),
            str(pace["drawings"]),
            f"{pace['won']:.1%}",
            f"{pace['seconds']['median']:.1f}",
            f"{pace['first_third']:.1%}",
            f"{of['glyphs']['winners']} of {of['glyphs']['shapes']}",
        )
    Console().print(table)


if __name__ == "__main__":
    run(Options, main)
