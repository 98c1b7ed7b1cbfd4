"""Word packs: the probabilities of the chosen words, and the sum of all others in a last column."""

import numpy as np
import pytest
from numpy.typing import NDArray

from models.classifier import Classifier, softmax
from models.command import UserError
from models.raster import rasterise_batch
from models.word_pack import WordPack, with_rest
from tests import made

WORDS = (*made.WORDS, *made.OTHERS)


@pytest.fixture(scope="module")
def wide() -> Classifier:
    return Classifier(made.onnx_model(made.template_weight(WORDS)), WORDS, temperature=0.8)


@pytest.fixture
def bitmaps() -> NDArray[np.uint8]:
    return made.scrambled(np.random.default_rng(0), 6)


def test_a_pack_keeps_the_wide_probabilities_of_its_words(
    wide: Classifier, bitmaps: NDArray[np.uint8]
):
    pack = WordPack(wide, ("zigzag", "circle"))
    every, found = wide.probabilities(bitmaps), pack.probabilities(bitmaps)
    np.testing.assert_allclose(found[:, :2], every[:, [2, 0]], atol=1e-6)
    np.testing.assert_allclose(found[:, 2], every[:, [1, 3, 4]].sum(1), atol=1e-6)


def test_a_drawing_of_another_word_is_something_else(wide: Classifier):
    stars = rasterise_batch(made.drawings("star", 20))
    pack = WordPack(wide, ("circle", "square"))
    assert (pack.probabilities(stars).argmax(1) == 2).mean() > 0.9


def test_a_lighter_rest_makes_the_words_likelier_in_the_same_proportion():
    logits = np.array([[2.0, 1.0, 3.0, 0.0]], np.float32)
    whole = with_rest(logits, np.array([0, 1]))
    light = with_rest(logits, np.array([0, 1]), rest_weight=0.5)
    assert light[0, 2] < whole[0, 2]
    assert light[0, 0] / light[0, 1] == pytest.approx(whole[0, 0] / whole[0, 1])
    assert light.sum() == pytest.approx(1)


def test_the_temperature_comes_first():
    logits = np.array([[2.0, 1.0, 3.0]], np.float32)
    expected = softmax(logits / np.float32(4))
    np.testing.assert_allclose(with_rest(logits, np.array([2]), 4)[0, 0], expected[0, 2])


def test_large_logits_do_not_overflow():
    logits = np.array([[-1e4, -1e4, 1e4]], np.float32)
    np.testing.assert_array_equal(with_rest(logits, np.array([0, 1])), [[0, 0, 1]])


@pytest.mark.parametrize(
    ("words", "found"), [(("circle", "house"), "'house'"), (("circle",), "a pack of 1 words")]
)
def test_a_pack_of_unknown_or_too_few_words_is_refused(
    wide: Classifier, words: tuple[str, ...], found: str
):
    with pytest.raises(UserError, match=found):
        WordPack(wide, words)
