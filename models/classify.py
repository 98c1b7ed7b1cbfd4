"""Guess drawings from the command line.

    python -m models.classify --bitmaps cat.npy --out p.npy
    python -m models.classify --drawings cat.ndjson.gz --ink 0.5
    python -m models.classify --words

Bitmaps are a uint8 array (N, 784) or (N, 28, 28), white ink on black, as in Quick, Draw!'s
`numpy_bitmap` files. Drawings are Quick, Draw! ndjson, raw or simplified.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from models import defaults
from models.command import UserError, run, whole_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.classifier import Classifier

BATCH = 256


@dataclass(frozen=True)
class Options:
    """Guess what drawings show: probabilities for each of a model's words."""

    bitmaps: Path | None = None
    """A .npy file of uint8 bitmaps (N, 784) or (N, 28, 28)."""
    drawings: Path | None = None
    """A Quick, Draw! .ndjson or .ndjson.gz file."""
    ink: float = 1.0
    """Share of each drawing's ink to keep, from its beginning, in (0, 1]."""
    out: Path | None = None
    """Write float32 probabilities (N, K) to this .npy file instead of printing a table."""
    model: str = defaults.DEFAULT
    """Name of a published model."""
    words: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Print the model's words in column order, one per line, and exit."""


def main(options: Options) -> None:
    """Guess the drawings.

    Raises:
        UserError: when the model or the drawings cannot be read, or the options do not fit.
    """
    _check(options)
    import numpy as np

    from models import shelf

    if options.words:
        print("\n".join(shelf.read_card(options.model).words))
        return
    classifier = shelf.open_model(options.model, threads=0)
    bitmaps = _read(options)
    parts = [bitmaps[i : i + BATCH] for i in range(0, len(bitmaps), BATCH)]
    empty = np.zeros((0, len(classifier.words)), np.float32)
    probabilities = np.concatenate([empty, *map(classifier.probabilities, parts)])
    if options.out is None:
        _print_table(classifier, probabilities)
        return
    with whole_file(options.out) as file:
        np.save(file, probabilities)


def _check(options: Options) -> None:
    given = options.bitmaps, options.drawings
    if options.words and given != (None, None):
        raise UserError("--words guesses nothing", "Leave out --bitmaps and --drawings")
    if options.bitmaps is not None and options.ink != 1:
        raise UserError(
            f"--ink {options.ink} is for strokes, and bitmaps have none",
            "Leave it out, or give --drawings",
        )
    if not options.words and given.count(None) != 1:
        raise UserError("expected either --bitmaps or --drawings", "See --help for examples")
    if not 0 < options.ink <= 1:
        raise UserError(
            f"--ink {options.ink} is no share of the ink", "expected a number in (0, 1]"
        )


def _read(options: Options) -> "NDArray[np.uint8]":
    from models.bitmap_files import read_bitmaps
    from models.drawing import read_ndjson
    from models.raster import rasterise_batch

    if options.bitmaps is not None:
        return read_bitmaps(options.bitmaps)
    assert options.drawings is not None
    drawings = read_ndjson(options.drawings)
    return rasterise_batch([drawing.prefix(options.ink) for drawing in drawings])


def _print_table(classifier: "Classifier", probabilities: "NDArray[np.float32]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("drawing", "guess", "probability", "then")
    for number, row in enumerate(probabilities):
        first, *rest = (-row).argsort()[:3]
        then = ", ".join(f"{classifier.words[k]} {row[k]:.1%}" for k in rest)
        table.add_row(str(number), classifier.words[first], f"{row[first]:.1%}", then)
    Console().print(table)


console = partial(run, Options, main)  # of [project.scripts]

if __name__ == "__main__":
    console()
