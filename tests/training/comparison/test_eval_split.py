"""The drawings that evaluate a suite: the test split, or a separate part of validation."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.command import UserError
from models.raster import rasterise_batch
from tests import made
from tests.training.experiments import SUITE
from training.comparison import eval_split
from training.data import dataset
from training.data.dataset import SAME_DRAWING, Bitmaps, Dataset, standardised

CHOOSING = replace(SUITE, eval_split="validation", held_out=2)


@pytest.fixture(scope="module", name="data")
def made_data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder: Path = tmp_path_factory.mktemp("data")
    made.write_folder(folder, bitmaps=150, strokes=60)
    return dataset.load(made.WORDS, folder)


def drawings(bitmaps: Bitmaps) -> set[bytes]:
    return {pixels.tobytes() for pixels in bitmaps.pixels}


def test_the_test_split_is_as_it_is(data: Dataset):
    assert eval_split.apart(data, SUITE) is data


def test_validation_is_divided_and_the_test_split_out_of_sight(data: Dataset):
    seen = eval_split.apart(data, CHOOSING)
    tuned, evaluated = seen.parts["validation"], seen.parts["test"]
    assert np.bincount(tuned.bitmaps.labels).tolist() == [2, 2, 2]
    assert drawings(tuned.bitmaps) & drawings(evaluated.bitmaps) == set()
    whole = data.parts["validation"]
    assert drawings(tuned.bitmaps) | drawings(evaluated.bitmaps) == drawings(whole.bitmaps)
    assert evaluated.strokes is whole.strokes
    assert evaluated.other_strokes is whole.other_strokes
    assert seen.parts["train"] is data.parts["train"]
    everything = drawings(tuned.bitmaps) | drawings(evaluated.bitmaps)
    assert drawings(data.parts["test"].bitmaps) & everything == set()


def test_rates_are_tuned_on_no_drawing_that_is_evaluated_half_drawn(data: Dataset):
    whole = data.parts["validation"]
    rasters = standardised(rasterise_batch(whole.strokes.drawings))
    assert ((standardised(whole.bitmaps.pixels) @ rasters.T) > SAME_DRAWING).any()
    tuned = eval_split.apart(data, CHOOSING).parts["validation"].bitmaps.pixels
    assert (standardised(tuned) @ rasters.T).max() <= SAME_DRAWING


def test_too_few_to_divide_is_reported(data: Dataset):
    with pytest.raises(UserError, match=r"too few drawings to tune on 500 a word.*training\.fetch"):
        eval_split.apart(data, replace(CHOOSING, held_out=500))
