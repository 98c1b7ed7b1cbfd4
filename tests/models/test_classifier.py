"""The classifier: calibrated rows, wrong input refused, one session for many threads."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from onnx import TensorProto

from models.classifier import Classifier, softmax
from models.command import UserError
from models.raster import SIDE, rasterise_batch
from tests import made

GRAPH = made.onnx_model(made.template_weight())


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier(GRAPH, made.WORDS, temperature=2.0)


@pytest.mark.parametrize("word", made.WORDS)
def test_the_words_own_drawings_score_highest(classifier: Classifier, word: str):
    probabilities = classifier.probabilities(rasterise_batch(made.drawings(word, 10, 100)))
    assert (probabilities.argmax(1) == made.WORDS.index(word)).mean() >= 0.9


def test_logits_are_the_graphs_and_the_temperature_divides_them(classifier: Classifier):
    bitmaps = made.scrambled(np.random.default_rng(0), 5)
    logits = classifier.logits(bitmaps)
    expected = bitmaps.reshape(5, -1).astype(np.float32) @ made.template_weight()
    np.testing.assert_allclose(logits, expected, atol=1e-3)
    probabilities = classifier.probabilities(bitmaps)
    assert (probabilities.dtype, probabilities.shape) == (np.float32, (5, len(made.WORDS)))
    powers = np.exp(expected / 2.0)
    np.testing.assert_allclose(probabilities, powers / powers.sum(1, keepdims=True), atol=1e-4)


def test_a_higher_temperature_is_less_sure_of_the_same_guess():
    bitmaps = rasterise_batch(made.drawings("square", 5))
    cold, hot = (Classifier(GRAPH, made.WORDS, t).probabilities(bitmaps) for t in (1.0, 4.0))
    np.testing.assert_array_equal(cold.argmax(1), hot.argmax(1))
    assert (hot.max(1) < cold.max(1)).all()


@given(arrays(np.float32, (3, 4), elements=some.floats(-1e4, 1e4, width=32)))
def test_softmax_rows_are_probabilities_in_the_order_of_the_logits(logits: NDArray[np.float32]):
    rows = softmax(logits)
    assert rows.dtype == np.float32
    assert (rows >= 0).all()
    np.testing.assert_allclose(rows.sum(1), 1, atol=1e-6)
    np.testing.assert_array_equal(rows.max(1), rows[np.arange(3), logits.argmax(1)])


def test_no_bitmaps_give_no_rows(classifier: Classifier):
    rows = classifier.probabilities(np.zeros((0, SIDE, SIDE), np.uint8))
    assert rows.shape == (0, len(made.WORDS))


@pytest.mark.parametrize(
    "bitmaps",
    [
        np.zeros((1, SIDE, SIDE), np.float32),
        np.zeros((1, SIDE, SIDE), bool),
        np.zeros((SIDE, SIDE), np.uint8),
        np.zeros((1, SIDE * SIDE), np.uint8),
        np.zeros((1, 27, SIDE), np.uint8),
        np.zeros((1, 1, SIDE, SIDE), np.uint8),
    ],
)
def test_other_arrays_are_refused(classifier: Classifier, bitmaps: NDArray[np.uint8]):
    with pytest.raises(ValueError, match=r"expected uint8 \(N, 28, 28\), found"):
        classifier.probabilities(bitmaps)


def test_threads_share_one_session(classifier: Classifier):
    batches = [made.scrambled(np.random.default_rng(seed), 1 + seed % 7) for seed in range(64)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(classifier.probabilities, batches))
    for rows, batch in zip(together, batches, strict=True):
        np.testing.assert_array_equal(rows, classifier.probabilities(batch))


@pytest.mark.parametrize("graph", [b"", b"not a graph", GRAPH[: len(GRAPH) // 2]])
def test_a_damaged_graph_is_reported(graph: bytes):
    with pytest.raises(UserError, match="the model's graph cannot be opened"):
        Classifier(graph, made.WORDS)


def test_a_graph_of_other_words_is_reported():
    with pytest.raises(UserError, match=r"gives \['n', 3\]\. expected \(N, 2\)"):
        Classifier(GRAPH, made.WORDS[:2])


@pytest.mark.parametrize(("kind", "side"), [(TensorProto.FLOAT, SIDE), (TensorProto.UINT8, 32)])
def test_a_graph_of_other_bitmaps_is_reported(kind: int, side: int):
    graph = made.onnx_model(np.zeros((side * side, 3), np.float32), kind, side)
    with pytest.raises(UserError, match=r"the model takes tensor.*expected uint8 bitmaps"):
        Classifier(graph, made.WORDS)


def test_the_library_sends_no_telemetry():
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"
