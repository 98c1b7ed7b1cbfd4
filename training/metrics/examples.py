"""The few test drawings shown in a report, with the guess of each arm's model.

The choice does not depend on the models, so it favours no arm: for each word, the first drawing
whose pixels correlate more with another word's mean drawing than with that of its own word.
"""

import base64
import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.command import UserError, whole_file
from training.data.dataset import Bitmaps, standardised

MOST = 10  # drawings; results hold only those that a report shows
FILE = "examples.json"


@dataclass(frozen=True)
class Examples:
    """Drawings and their words.

    Attributes:
        words: the word of each of N drawings.
        bitmaps: uint8 (N, 28, 28).
    """

    words: tuple[str, ...]
    bitmaps: NDArray[np.uint8]


def choose(bitmaps: Bitmaps, words: tuple[str, ...]) -> Examples:
    """One drawing of each of the first ten words that have any."""
    labels = np.unique(bitmaps.labels)
    rows = standardised(bitmaps.pixels)
    means = np.stack([rows[bitmaps.labels == label].mean(0) for label in labels])
    likeness = rows @ means.T
    places = [_first_mistaken(likeness, bitmaps.labels, k, label) for k, label in enumerate(labels)]
    chosen = places[:MOST]
    return Examples(tuple(words[bitmaps.labels[i]] for i in chosen), bitmaps.pixels[chosen])


def _first_mistaken(
    likeness: NDArray[np.float32], labels: NDArray[np.int64], column: int, label: int
) -> int:
    """Position of a word's first drawing most like another word, else of the least clear one."""
    own = np.flatnonzero(labels == label)
    others = np.delete(likeness[own], column, axis=1)
    margin = others.max(1, initial=-np.inf) - likeness[own, column]
    return int(own[np.argmax(margin > 0) if (margin > 0).any() else np.argmax(margin)])


def save(folder: Path, examples: Examples) -> None:
    """Write the drawings beside an experiment's plan, as PNG.

    Raises:
        UserError: when the folder cannot be written.
    """
    drawings = [
        {"word": word, "png": base64.b64encode(png(bitmap)).decode()}
        for word, bitmap in zip(examples.words, examples.bitmaps, strict=True)
    ]
    with whole_file(folder / FILE, "w") as file:
        json.dump(drawings, file, indent=1)


def load(folder: Path) -> Examples | None:
    """The example drawings of an experiment; None if there are none.

    Raises:
        UserError: when they cannot be read.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        drawings = json.loads(path.read_text("utf-8"))
        files = [io.BytesIO(base64.b64decode(drawing["png"])) for drawing in drawings]
        bitmaps = [np.asarray(Image.open(file)) for file in files]
        return Examples(tuple(drawing["word"] for drawing in drawings), np.stack(bitmaps))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"cannot read {path}: {error}", "Delete it; the report does without") from (
            error
        )


def png(bitmap: NDArray[np.uint8]) -> bytes:
    """A bitmap (28, 28) as an image file."""
    file = io.BytesIO()
    Image.fromarray(bitmap).save(file, "PNG", optimize=True)
    return file.getvalue()
