"""A graph in int8 is close to the float graph, or is refused."""

import numpy as np
import pytest

from models.classifier import Classifier
from models.command import UserError
from tests import made
from training.data.dataset import Dataset
from training.inference import quantisation


@pytest.fixture(scope="module")
def graph() -> bytes:
    return made.onnx_model(made.template_weight())


def test_an_int8_graph_guesses_as_the_float_one_does(graph: bytes, data: Dataset):
    int8 = quantisation.quantise(graph, quantisation.calibration(data.parts["train"]))
    bitmaps = data.parts["validation"].bitmaps.pixels
    before, after = (Classifier(each, made.WORDS).logits(bitmaps) for each in (graph, int8))
    assert (before.argmax(1) == after.argmax(1)).mean() > 0.9
    assert b"QuantizeLinear" in int8
    assert b"QuantizeLinear" not in graph


def test_partial_drawings_calibrate_too(data: Dataset):
    part = data.parts["train"]
    found = quantisation.calibration(part)
    finished = min(len(part.bitmaps), 3 * quantisation.PER_WORD)
    assert len(found) == finished + min(len(part.strokes), 3 * quantisation.PER_WORD)
    np.testing.assert_array_equal(found, quantisation.calibration(part))


def test_a_graph_that_lost_accuracy_is_refused(graph: bytes, data: Dataset):
    collapsed = made.onnx_model(np.zeros_like(made.template_weight()))
    with pytest.raises(UserError, match=r"the int8 graph is right on 3\d\.\d+% of finished"):
        quantisation.check(graph, collapsed, made.WORDS, data.parts["validation"])
    quantisation.check(graph, graph, made.WORDS, data.parts["validation"])


def test_a_graph_that_fails_only_half_drawn_ones_is_refused(
    graph: bytes, data: Dataset, monkeypatch: pytest.MonkeyPatch
):
    shares = iter([0.9, 0.9, 0.8, 0.7])  # finished before and after, half drawn before and after
    monkeypatch.setattr(quantisation, "_right", lambda *_: next(shares))
    with pytest.raises(UserError, match=r"70\.00% of half drawn"):
        quantisation.check(graph, graph, made.WORDS, data.parts["validation"])
