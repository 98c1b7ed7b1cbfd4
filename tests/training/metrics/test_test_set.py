"""The test set: which drawings are judged, and that the answers are counted right."""

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from tests import made
from training.data import dataset
from training.data.dataset import Dataset
from training.metrics import test_set
from training.networks.architectures import Shape
from training.networks.network import Network

CPU = torch.device("cpu")


@pytest.fixture(scope="module", name="data")
def made_data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder: Path = tmp_path_factory.mktemp("data")
    made.write_folder(folder, made.WORDS)
    return dataset.load(made.WORDS, folder, others=False)


class Oracle(Network):
    """A judge that recognises the given bitmaps, and takes all others for the first word."""

    def __init__(self, pixels: NDArray[np.uint8], labels: NDArray[np.int64]) -> None:
        super().__init__(Shape(3))
        self._known = dict(zip((p.tobytes() for p in pixels), labels.tolist(), strict=True))

    def forward(self, bitmaps: torch.Tensor) -> torch.Tensor:
        drawings = (bitmaps[:, 0] * 255).round().to(torch.uint8).numpy()
        answers = [self._known.get(drawing.tobytes(), 0) for drawing in drawings]
        return 9.0 * torch.nn.functional.one_hot(torch.tensor(answers), 3).float()


def test_what_is_known_is_right_and_the_rest_is_not(data: Dataset):
    part = data.parts["test"]
    asked = test_set.prepare(part, data.words, varied=4)
    marks = test_set.evaluate(asked, Oracle(part.bitmaps.pixels, part.bitmaps.labels), CPU)
    assert (marks["n"], marks["accuracy"]) == (len(part.bitmaps), 1.0)
    assert (marks["precision"], marks["recall"]) == (1.0, 1.0)
    assert np.diag(marks["confusion"]).sum() == len(part.bitmaps)
    assert marks["log_loss"] == pytest.approx(np.log(1 + 2 * np.exp(-9)), rel=1e-3)
    first = np.mean(asked.changed[1] == 0)
    assert set(marks["changed"]) == {
        "noise", "thicker", "thinner", "shifted", "turned", "mirrored"
    }  # fmt: skip
    assert marks["changed"]["noise"] == pytest.approx(first)
    assert [guess["word"] for guess in marks["examples"]] == list(asked.examples.words)
    assert {guess["probability"] for guess in marks["examples"]} == {0.9998}  # e^9 to two others


def test_only_some_drawings_of_each_word_are_changed(data: Dataset):
    asked = test_set.prepare(data.parts["test"], data.words, varied=2)
    assert np.bincount(asked.changed[1]).tolist() == [2, 2, 2]
    assert {len(bitmaps) for bitmaps in asked.changed[0].values()} == {6}


def test_less_ink_is_less_of_the_drawing(data: Dataset):
    asked = test_set.prepare(data.parts["test"], data.words, varied=1)
    ink = [float(bitmaps.mean()) for bitmaps in asked.partial[0].values()]
    assert list(asked.partial[0]) == ["25%", "50%", "75%", "100%"]
    assert ink == sorted(ink)
    assert ink[0] < 0.6 * ink[-1]


def test_without_enough_strokes_no_partial_drawings_are_asked(tmp_path: Path):
    made.write_folder(tmp_path, made.WORDS, strokes=made.TWICE)
    data = dataset.load(made.WORDS, tmp_path, others=False)
    asked = test_set.prepare(data.parts["test"], data.words, varied=1)
    assert asked.partial[0] == {}
    assert test_set.evaluate(asked, Network(Shape(3)), CPU)["partial"] == {}
