"""Write the sample drawings.

python -m models.samples
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.command import run, whole_file
from models.raster import rasterise_batch
from models.samples import FOLDER, SHAPES, samples


@dataclass(frozen=True)
class Options:
    """Write the sample drawings: an ndjson file for each word, and the cats as bitmaps."""

    out: Path = FOLDER
    """Folder of the files."""


def main(options: Options) -> None:
    for word in SHAPES:
        with whole_file(options.out / f"{word}.ndjson", "w") as file:
            file.write("".join(f"{drawing.to_json()}\n" for drawing in samples(word)))
    with whole_file(options.out / "cats.npy") as file:
        np.save(file, rasterise_batch(samples("cat")))


if __name__ == "__main__":
    run(Options, main)
