"""The example drawings of a report: chosen without a model, written, and read again."""

from pathlib import Path

import numpy as np
import pytest

from models.command import UserError
from tests import made
from training.data.dataset import Bitmaps, Dataset
from training.metrics import examples
from training.metrics.examples import Examples


def bitmaps(rows: list[tuple[int, int]]) -> Bitmaps:
    """Drawings of one line each, given by label and row."""
    pixels = np.zeros((len(rows), 28, 28), np.uint8)
    for bitmap, (_, row) in zip(pixels, rows, strict=True):
        bitmap[row] = 255
    labels = np.array([label for label, _ in rows], np.int64)
    return Bitmaps(pixels, labels, labels)


def test_a_drawing_that_looks_like_another_word_is_chosen():
    drawn = bitmaps([(0, 3), (0, 3), (0, 9), (1, 9), (1, 9), (1, 9), (1, 20)])
    chosen = examples.choose(drawn, ("top", "middle"))
    assert chosen.words == ("top", "middle")
    assert np.flatnonzero(chosen.bitmaps[0].any(1)).tolist() == [9]  # as of the other word
    assert np.flatnonzero(chosen.bitmaps[1].any(1)).tolist() == [20]  # none is: the least clear


def test_one_of_each_word_up_to_ten(data: Dataset):
    part = data.parts["test"].bitmaps
    assert examples.choose(part, made.WORDS).words == made.WORDS
    many = bitmaps([(label, label) for label in range(14)])
    assert len(examples.choose(many, tuple(map(str, range(14)))).bitmaps) == 10


def test_what_is_saved_is_read_again(data: Dataset, tmp_path: Path):
    chosen = examples.choose(data.parts["test"].bitmaps, made.WORDS)
    examples.save(tmp_path, chosen)
    again = examples.load(tmp_path)
    assert again is not None
    assert again.words == chosen.words
    np.testing.assert_array_equal(again.bitmaps, chosen.bitmaps)
    assert (tmp_path / examples.FILE).stat().st_size < 4000


def test_none_were_kept(tmp_path: Path):
    assert examples.load(tmp_path) is None


@pytest.mark.parametrize("text", ["[", '[{"word": "cat"}]', '[{"word": "cat", "png": "AAAA"}]'])
def test_a_damaged_file_is_named(tmp_path: Path, text: str):
    (tmp_path / examples.FILE).write_text(text)
    with pytest.raises(UserError, match=f"cannot read .*{examples.FILE}"):
        examples.load(tmp_path)


def test_a_png_is_small():
    blank = Examples(("cat",), np.zeros((1, 28, 28), np.uint8))
    assert len(examples.png(blank.bitmaps[0])) < 120
