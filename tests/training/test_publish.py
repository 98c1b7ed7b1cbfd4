"""Publishing: from a run to a model on the shelf that answers as torch does."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from models import shelf
from models.command import UserError
from tests import cli, made
from training import dataset, model_page, publish
from training.batches import Mixture
from training.network import Network, Shape
from training.publish import PARITY, check_parity, even_out
from training.runs import open_run, predictor

CPU = torch.device("cpu")


@dataclass(frozen=True)
class Published:
    where: Path
    card: shelf.Card


@pytest.fixture(scope="module")
def published(finished: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Published:
    where = tmp_path_factory.mktemp("shelf")
    publish.main(publish.Options(finished, "made-b0", folder, where))
    return Published(where, shelf.read_card("made-b0", where))


def evened_out(finished: Path, folder: Path) -> Network:
    """The trained network as it is published."""
    record, network = open_run(finished, CPU)
    labels = dataset.load(made.WORDS, folder, per_word=16).parts["train"].bitmaps.labels
    even_out(network, labels, Mixture(**record["settings"]["mixture"]))
    return network


def test_a_word_seen_more_often_loses_its_advantage():
    network = Network(Shape(3, 2))
    before = network.b0._fc.bias.detach().clone()
    even_out(network, np.array([0, 0, 1, 2]), Mixture(outliers=0.25))
    moved = (network.b0._fc.bias - before).detach().numpy()
    np.testing.assert_allclose(moved[1] - moved[0], np.log(2), rtol=1e-6)
    np.testing.assert_allclose([moved[1] - moved[2], moved.sum()], 0, atol=1e-6)


def test_strokes_show_each_word_equally_often():
    network = Network(Shape(2, 2))
    before = network.b0._fc.bias.detach().clone()
    even_out(network, np.array([0, 0, 0, 1]), Mixture(strokes=0.5))
    moved = (network.b0._fc.bias - before).detach().numpy()
    # seen: half by bitmaps 3:1, half by strokes 1:1, together 5:3
    np.testing.assert_allclose(moved[1] - moved[0], np.log(5 / 3), rtol=1e-5)


def test_a_published_model_answers_as_torch_does(
    published: Published, finished: Path, folder: Path
):
    classifier = shelf.open_model("made-b0", published.where)
    network = evened_out(finished, folder)
    bitmaps = made.scrambled(np.random.default_rng(0), 5)
    expected = predictor(network, CPU)(bitmaps)
    np.testing.assert_allclose(classifier.logits(bitmaps), expected, atol=PARITY)
    assert (classifier.words, classifier.threshold) == (made.WORDS, published.card.threshold)
    assert len(classifier.probabilities(bitmaps[:1])) == 1  # any batch size


def test_three_files_stand_on_the_shelf(published: Published):
    assert made.contents(published.where) == {
        *("made-b0/model.onnx", "made-b0/card.json", "made-b0/README.md")
    }
    assert shelf.names(published.where) == ("made-b0",)


def test_the_card_says_how_it_came_about(published: Published, folder: Path):
    card = published.card
    assert (card.name, card.words) == ("made-b0", made.WORDS)
    assert card.architecture == "EfficientNet-B0, one-channel stem of stride 2"
    assert card.parameters == 4_007_548 - 2 * 32 * 9 + 3 * 1281
    assert len(card.recipe) == 2
    assert card.provenance["parity"] <= PARITY
    assert card.provenance["publishing"]["data"] == dataset.load(made.WORDS, folder).hash
    assert card.provenance["training"]["strategy"]["name"] == "freeze-1"


def test_the_card_is_calibrated_on_validation_and_measured_on_test(
    published: Published, folder: Path
):
    card, parts = published.card, dataset.load(made.WORDS, folder).parts
    validation, test = card.metrics["validation"], card.metrics["test"]
    assert validation["bitmaps"]["n"] == len(parts["validation"].bitmaps)
    assert test["bitmaps"]["n"] == len(parts["test"].bitmaps)
    assert test["wins"]["threshold"] == validation["wins"]["threshold"] == card.threshold
    assert test["temperature"] == validation["temperature"] == card.temperature
    assert validation["wins"]["false"] <= 0.005


def test_the_page_is_written_from_the_card(published: Published):
    page = (published.where / "made-b0" / "README.md").read_text("utf-8")
    card, test = published.card, published.card.metrics["test"]
    assert page == model_page.page(card)
    assert page.startswith("# made-b0\n")
    assert f"| Google's bitmaps | {test['bitmaps']['n']} | {test['bitmaps']['top1']:.2%} |" in page
    assert all(f"| {word} | " in page for word in made.WORDS)
    assert all(command in page for command in card.recipe)
    assert "nan" not in page


def test_a_graph_that_answers_otherwise_is_refused(
    published: Published, finished: Path, folder: Path
):
    onnx = (published.where / "made-b0" / "model.onnx").read_bytes()
    network = evened_out(finished, folder)
    bitmaps = made.scrambled(np.random.default_rng(1), 3)
    assert check_parity(network, onnx, bitmaps) <= PARITY
    with torch.no_grad():
        network.b0._fc.bias[1] += 3 * PARITY
    with pytest.raises(UserError, match=r"differs from torch by [23]\.\de-04\. expected at most"):
        check_parity(network, onnx, bitmaps)


def test_a_network_that_answers_nan_is_refused(published: Published, finished: Path):
    onnx = (published.where / "made-b0" / "model.onnx").read_bytes()
    _, network = open_run(finished, CPU)
    with torch.no_grad():
        network.b0._fc.bias[1] = float("nan")
    with pytest.raises(UserError, match="differs from torch by nan"):
        check_parity(network, onnx, made.scrambled(np.random.default_rng(1), 3))


def test_mistakes_are_one_line_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    arguments = f"--run {tmp_path / 'none'} --shelf {tmp_path}"
    line = cli.refusal(publish.Options, publish.main, arguments, monkeypatch, capsys)
    assert "holds no finished run" in line
    assert made.contents(tmp_path) == set()
