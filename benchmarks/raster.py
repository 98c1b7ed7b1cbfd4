"""Our rasteriser against Google's own bitmaps (fidelity) and against Pillow (speed).

    python -m benchmarks.raster --data-dir ./data

Some drawings of a data folder exist both as strokes (`simplified/`) and as Google's bitmap
(`numpy_bitmap/`), but the files do not tell which ones. So the pairs are found by correlation. The
rasteriser that finds the pairs has an advantage; therefore pairs are found in three ways. Two of
them do not favour our rasteriser: a Pillow raster, and the left half of our raster with
measurements on the right half only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from rich.progress import track

from benchmarks.tools.result import RESULTS, in_turn, ratio, rounded, show, summary, write
from models import words as word_sets
from models.command import UserError, run
from models.drawing import Drawing
from models.raster import EXTENT, LINE, SCALE, SIDE, rasterise, rasterise_batch
from training.data import quickdraw
from training.data.dataset import standardised

ALIKE = 0.9  # smallest correlation of a pair
LEAD = 0.05  # smallest lead of the best bitmap's correlation over the second best
MISSED = 0.7  # from here to ALIKE, with the same lead: perhaps a pair, but not counted as one
POINTS = 60  # number of points of the drawings that are timed
ZOOM = 8

Bitmaps = NDArray[np.uint8]

HOW = f"""Pairs: a drawing's pair is the bitmap with the highest correlation with the raster of
its strokes, if that is above {ALIKE} and leads the second by {LEAD}. 'found by' names the raster
that found the pairs; 'left half of ours' compared only the left 14 columns, and was measured on the
others. MAE is in gray levels of 255 over all measured pixels. near_misses: drawings with the same
lead and a correlation between {MISSED} and {ALIKE}; they are not counted as pairs. Speed: real
drawings of about {POINTS} points, with both rasterisers in turn on one core. Pillow's raster has
lines with round ends, drawn at {ZOOM} times the size and averaged."""


@dataclass(frozen=True)
class Options:
    """Measure the rasteriser's fidelity and speed."""

    data_dir: Path | None = None
    """Folder of drawings. Default: $DOODLE_DATA_DIR, else ./data."""
    words: str = ""
    """classic, party, all, or names separated by commas. Default: all words with both forms."""
    repeats: int = 300
    """Number of timed drawings."""
    out: Path = RESULTS / "raster.json"
    """Result file."""


@dataclass(frozen=True)
class Finder:
    """The raster that finds pairs, the pixel columns it compares, and the columns to measure on.

    Columns are (first, last + 1).
    """

    raster: str
    match: tuple[int, int] = (0, SIDE)
    measure: tuple[int, int] = (0, SIDE)


FINDERS = {
    "ours": Finder("ours"),
    "pillow": Finder("pillow"),
    "left half of ours": Finder("ours", (0, SIDE // 2), (SIDE // 2, SIDE)),
}


@dataclass
class Found:
    """The P pairs of one finder: rasters by rasteriser, and Google's bitmaps, (P, 28, 28) each."""

    rasters: dict[str, list[Bitmaps]]
    google: list[Bitmaps]
    near_misses: int = 0


def main(options: Options) -> None:
    folder = quickdraw.data_dir(options.data_dir)
    words = _words(options.words, folder)
    found = {name: Found({"ours": [], "pillow": []}, []) for name in FINDERS}
    samples: list[Drawing] = []
    for word in track(words, "matching", transient=True):
        drawings = quickdraw.load_strokes(word, folder, "simplified")
        _match_word(drawings, quickdraw.load_bitmaps(word, folder), found)
        samples = nearest(samples + drawings)
    fidelity = {name: measure(one, slice(*FINDERS[name].measure)) for name, one in found.items()}
    if not all(one["pairs"] for one in fidelity.values()):
        raise UserError(f"no pairs in {folder}", "Fetch more drawings, or give other --words")
    speed = _speed(samples, options.repeats)
    _print(fidelity, speed)
    write(options.out, HOW, {"words": len(words), "fidelity": fidelity, "speed": speed})


def _words(text: str, folder: Path) -> Sequence[str]:
    if text:
        return word_sets.parse(text)
    strokes = set(quickdraw.available(folder, "simplified"))
    both = [word for word in quickdraw.available(folder, "numpy_bitmap") if word in strokes]
    if not both:
        raise UserError(
            f"no word in {folder} has both simplified/ and numpy_bitmap/",
            f"Point --data-dir (or {quickdraw.ENVIRONMENT}) at a folder that has",
        )
    return both


def _match_word(drawings: Sequence[Drawing], google: Bitmaps, found: dict[str, Found]) -> None:
    rasters = {
        "ours": rasterise_batch(drawings),
        "pillow": np.stack([pillow_raster(drawing) for drawing in drawings]),
    }
    for name, finder in FINDERS.items():
        columns = slice(*finder.match)
        best, lead, which = _best(rasters[finder.raster][:, :, columns], google[:, :, columns])
        pairs = np.flatnonzero((best > ALIKE) & (lead > LEAD))
        for raster, kept in found[name].rasters.items():
            kept.append(rasters[raster][pairs])
        found[name].google.append(google[which[pairs]])
        near = (best <= ALIKE) & (best > MISSED) & (lead > LEAD)
        found[name].near_misses += int(near.sum())


def _best(
    a: Bitmaps, b: Bitmaps
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.intp]]:
    """For each of `a`: the best correlation with any of `b`, its lead, and its index in `b`."""
    right = standardised(b).T
    parts = []
    for start in range(0, len(a), 1024):  # all at once would not fit in memory
        scores = standardised(a[start : start + 1024]) @ right
        which = scores.argmax(1)
        rows = np.arange(len(scores))
        best = scores[rows, which]
        scores[rows, which] = -1
        parts.append((best, best - scores.max(1), which))
    best, lead, which = (np.concatenate(column) for column in zip(*parts, strict=True))
    return best, lead, which


def measure(found: Found, columns: slice) -> dict[str, Any]:
    """Number of pairs, and each rasteriser's correlation and mean absolute error on them."""
    google = np.concatenate(found.google)[:, :, columns]
    figures: dict[str, Any] = {"pairs": len(google), "near_misses": found.near_misses}
    for name, parts in found.rasters.items():
        raster = np.concatenate(parts)[:, :, columns]
        if len(raster):
            correlations = (standardised(raster) * standardised(google)).sum(1)
            error = np.abs(raster.astype(np.float32) - google).mean()
            figures[name] = {
                "mean_correlation": rounded(correlations.mean()),
                "p1_correlation": rounded(np.percentile(correlations, 1)),
                "mean_absolute_error": rounded(error),
            }
    return figures


def pillow_raster(drawing: Drawing) -> Bitmaps:
    """The same raster by Pillow, (28, 28) uint8: drawn large, not antialiased, then averaged."""
    image = Image.new("L", (SIDE * ZOOM, SIDE * ZOOM))
    pen = ImageDraw.Draw(image)
    points = np.concatenate([stroke.xy for stroke in drawing.strokes])
    low, high = points.min(0), points.max(0)
    scale = SCALE * EXTENT * ZOOM / max(*(high - low), 1)
    radius = LINE * SCALE * ZOOM / 2
    for stroke in drawing.strokes:
        line = [
            (x, y) for x, y in ((stroke.xy - (low + high) / 2) * scale + SIDE * ZOOM / 2).tolist()
        ]
        pen.line(line, 255, round(2 * radius), joint="curve")
        for x, y in (line[0], line[-1]):
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), 255)
    return np.asarray(image.reduce(ZOOM))


def nearest(drawings: Sequence[Drawing], count: int = 100) -> list[Drawing]:
    """The `count` drawings whose number of points is nearest to `POINTS`."""
    return sorted(drawings, key=lambda drawing: abs(drawing.points - POINTS))[:count]


def _speed(samples: Sequence[Drawing], repeats: int) -> dict[str, Any]:
    """Milliseconds per drawing, one at a time and in a batch, and the ratio to Pillow's time."""
    one, other = cycle(samples), cycle(samples)
    singly = in_turn(
        {"ours": lambda: rasterise(next(one)), "pillow": lambda: pillow_raster(next(other))},
        repeats,
        warm_up=10,
    )
    batch = [drawing for _, drawing in zip(range(1000), cycle(samples), strict=False)]
    batched = in_turn(
        {
            "ours": lambda: rasterise_batch(batch),
            "pillow": lambda: [pillow_raster(drawing) for drawing in batch],
        },
        max(repeats // 50, 2),
    )
    speed: dict[str, Any] = {
        "points": int(np.median([drawing.points for drawing in samples])),
        "one": {name: summary(times) for name, times in singly.items()},
        "batch": {
            name: summary([time / len(batch) for time in times]) for name, times in batched.items()
        },
    }
    for way in ("one", "batch"):
        speed[way]["ratio"] = ratio(speed[way]["pillow"], speed[way]["ours"])
    return speed


def _print(fidelity: dict[str, Any], speed: dict[str, Any]) -> None:
    rows = [
        [found_by, found["pairs"], found["near_misses"], raster, *found[raster].values()]
        for found_by, found in fidelity.items()
        for raster in ("ours", "pillow")
    ]
    columns = ("found by", "pairs", "near misses", "raster", "mean r", "1 % of r below", "MAE")
    show("Against Google's bitmaps", columns, rows)
    rows = [
        [way, speed[way]["ours"]["median_ms"], speed[way]["pillow"]["median_ms"], times["ratio"]]
        for way, times in ((way, speed[way]) for way in ("one", "batch"))
    ]
    show(
        f"ms a drawing of {speed['points']} points", ("way", "ours", "Pillow", "Pillow/ours"), rows
    )


if __name__ == "__main__":
    run(Options, main)
