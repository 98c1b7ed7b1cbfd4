"""The sample drawings are those that the code makes, and the served model recognises them."""

from pathlib import Path

import numpy as np
import pytest

from models import samples, shelf
from models.drawing import read_ndjson
from models.raster import rasterise_batch
from models.samples.__main__ import Options, main

FILES = ("cats.npy", *(f"{word}.ndjson" for word in samples.SHAPES))


def test_the_files_are_what_the_code_draws(tmp_path: Path):
    main(Options(tmp_path))
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (samples.FOLDER / name).read_bytes()


@pytest.mark.parametrize("word", samples.SHAPES)
@pytest.mark.parametrize("ink", [0.5, 1.0])
def test_the_model_guesses_a_sample_right_from_half_of_its_ink(word: str, ink: float):
    drawings = list(read_ndjson(samples.FOLDER / f"{word}.ndjson"))
    classifier = shelf.open_model(threads=1)
    chances = classifier.probabilities(rasterise_batch([each.prefix(ink) for each in drawings]))
    assert [classifier.words[k] for k in np.argmax(chances, 1)] == [word] * len(drawings)
