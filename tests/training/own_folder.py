"""A folder of someone's own drawings in all three forms, of words that Quick, Draw! lacks."""

import gzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.raster import rasterise_batch
from tests import made

COUNT = 60
WORDS = ("box", "round thing", "wave")  # sorted


def write(folder: Path, words: tuple[str, str, str] = WORDS) -> None:
    """An array of squares, strokes of circles, and images of zigzags, black on white."""
    array, strokes, images = words
    (folder / images).mkdir(parents=True)
    lines = "".join(drawing.to_json() + "\n" for drawing in made.drawings("circle", COUNT))
    (folder / f"{strokes}.ndjson.gz").write_bytes(gzip.compress(lines.encode()))
    np.save(folder / f"{array}.npy", rasterise_batch(made.drawings("square", COUNT)))
    for number, bitmap in enumerate(rasterise_batch(made.drawings("zigzag", COUNT))):
        paper(bitmap).save(folder / images / f"{number}.png")
    (folder / "notes.txt").write_text("no drawing")


def paper(bitmap: NDArray[np.uint8]) -> Image.Image:
    """A bitmap as a scan: larger, off the middle, dark ink on light paper."""
    large = Image.fromarray(bitmap).resize((112, 112), Image.Resampling.BILINEAR)
    page = Image.new("L", (200, 160), 240)
    page.paste(large.point([240 - round(level * 220 / 255) for level in range(256)]), (60, 10))
    return page
