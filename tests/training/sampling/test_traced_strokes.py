"""Stroke drawings to measure with: traced from the bitmaps of the words that have none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.raster import rasterise_batch
from tests import made
from tests.training import own_folder
from training.choices import Split
from training.data import dataset
from training.data.dataset import Dataset, StrokeDrawings
from training.sampling.traced_strokes import with_strokes


def columns(strokes: StrokeDrawings) -> set[int]:
    return set(strokes.labels.tolist())


@pytest.mark.parametrize("split", ["validation", "test"])
def test_words_without_strokes_are_traced_beside_one_that_has_some(mine: Path, split: Split):
    part = dataset.load(own_folder.WORDS, mine).parts[split]
    found, traced = with_strokes(part, own_folder.WORDS)
    assert traced == ("box", "wave")
    assert columns(part.strokes) == {1}
    assert columns(found.strokes) == {0, 1, 2}
    people = found.strokes.at(np.flatnonzero(found.strokes.labels == 1))
    assert people.drawings == part.strokes.drawings


def test_other_words_without_strokes_are_traced_too(mine: Path, tmp_path: Path):
    part = dataset.load(("box", "wave"), mine).parts["validation"]
    assert with_strokes(part, ("box", "wave"))[1] == ("words",)  # all others have strokes
    for word in ("circle", "square", "star"):
        made.write_bitmaps(tmp_path, word, rasterise_batch(made.drawings(word, 60)))
    made.write_strokes(tmp_path, "simplified", "star", made.drawings("star", 60))
    made.write_bitmaps(tmp_path, "triangle", rasterise_batch(made.drawings("triangle", 60)))
    part = dataset.load(("circle", "square"), tmp_path).parts["validation"]
    found, traced = with_strokes(part, ("circle", "square"))
    assert traced == ("words", "some other words")
    assert set(found.other_strokes.fine_labels) == set(part.other_bitmaps.fine_labels)


def test_quick_draws_words_with_strokes_elsewhere_stay_as_they_are(data: Dataset):
    """Rare words may have no strokes in a split; published figures leave them out."""
    part = data.parts["validation"]
    kept = np.flatnonzero(part.strokes.labels != 0)
    few = replace(part, strokes=part.strokes.at(kept))
    found, traced = with_strokes(few, made.WORDS)
    assert traced == ()
    assert found.strokes.drawings == few.strokes.drawings
