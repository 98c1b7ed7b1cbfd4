"""The playable words of a wide classifier: their columns, thresholds and order."""

from pathlib import Path

import numpy as np
import pytest

from models import shelf
from models.classifier import Classifier
from models.command import UserError
from models.playable_words import PlayableWords
from tests import made

WORDS = (*made.WORDS, *made.OTHERS)
THRESHOLDS = {"zigzag": 0.6, "circle": 0.8}


@pytest.fixture(scope="module")
def wide() -> Classifier:
    return Classifier(made.onnx_model(made.template_weight(WORDS)), WORDS, temperature=0.8)


def test_probabilities_are_those_among_all_words(wide: Classifier):
    bitmaps = made.scrambled(np.random.default_rng(0), 6)
    some = PlayableWords(wide, THRESHOLDS, {})
    assert some.words == ("circle", "zigzag")  # in the order of the columns
    columns = [WORDS.index(word) for word in some.words]
    np.testing.assert_array_equal(
        some.probabilities(bitmaps), wide.probabilities(bitmaps)[:, columns]
    )
    assert (some.probabilities(bitmaps).sum(1) < 1).all()


@pytest.mark.parametrize("thresholds", [{"circle": 0.5}, {"circle": 0.5, "unicorn": 0.5}])
def test_one_word_or_an_unknown_one_is_refused(wide: Classifier, thresholds: dict[str, float]):
    with pytest.raises(UserError, match="Expected at least two words that the model knows"):
        PlayableWords(wide, thresholds, {})


def test_the_game_opens_the_playable_words_of_a_card(tmp_path: Path):
    card = made.publish(tmp_path, "wide")
    assert shelf.open_judge("wide", tmp_path).words == card.words  # without the field: all
    made.play_only(tmp_path, "wide", THRESHOLDS)
    judge = shelf.open_judge("wide", tmp_path)
    assert judge.words == ("circle", "zigzag")
    assert judge.thresholds == THRESHOLDS
    assert judge.difficulty == {"zigzag": 0.3, "circle": 0.4}
    assert shelf.open_model("wide", tmp_path).words == card.words  # the laboratory sees them all
