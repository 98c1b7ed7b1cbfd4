"""Publishing: a run becomes a published model that gives the same answers as torch."""

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from huggingface_hub import ModelCard, ModelCardData
from safetensors.torch import load_file

from models import shelf
from models.command import UserError
from models.raster import rasterise_batch
from tests import cli, made
from training import publish
from training.data import dataset
from training.metrics import playable
from training.publication import model_card
from training.publication.model_figures import PLOTS
from training.publication.publication import PARITY, check_parity
from training.trainer.runs import open_run, predictor

CPU = torch.device("cpu")


@dataclass(frozen=True)
class Published:
    where: Path
    card: shelf.Card


@pytest.fixture(scope="module")
def published(finished: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Published:
    where = tmp_path_factory.mktemp("shelf")
    drawn = tmp_path_factory.mktemp("outside")
    made.write_strokes(drawn, "students", "circle", made.drawings("circle", 6, 500))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["publish", "--name", "made-b0", "--to-hub", "me/made"])
        publish.main(publish.Options(finished, "made-b0", folder, where, drawn))
    return Published(where, shelf.read_card("made-b0", where))


def test_bitmaps_alone_are_enough_to_publish(finished: Path, folder: Path, tmp_path: Path):
    """As after `training.fetch --form bitmaps`; the card tells that strokes were traced."""
    data = tmp_path / "data"
    shutil.copytree(folder / "numpy_bitmap", data / "numpy_bitmap")
    publish.main(publish.Options(finished, "bare", data, tmp_path / "shelf"))
    card = shelf.read_card("bare", tmp_path / "shelf")
    assert card.metrics["test"]["traced"] == ["words", "other words"]
    assert "traced into strokes" in model_card.page(card)


def test_of_many_words_the_game_asks_for_those_that_are_recognised(
    finished: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    drawn = tmp_path / "outside"
    for word in made.WORDS:
        made.write_strokes(drawn, "students", word, made.drawings(word, 6, 500))
    options = publish.Options(
        finished, "wide", folder, tmp_path / "shelf", drawn, select_words=True
    )
    with pytest.raises(UserError, match="recognised well enough to be played"):
        publish.main(options)  # too few validation drawings to know any word well
    assert not (tmp_path / "shelf").exists()

    def two_of_three(drawings: object, words: Sequence[str]) -> dict[str, dict[str, Any]]:
        found = measure(drawings, words)
        return {
            word: each | {"threshold": 0.6, "playable": word != "circle"}
            for word, each in found.items()
        }

    measure: Any = playable.measure
    monkeypatch.setattr(playable, "measure", two_of_three)
    publish.main(options)
    card = shelf.read_card("wide", tmp_path / "shelf")
    assert card.words == made.WORDS
    assert set(card.playable) == set(card.difficulty) == set(made.WORDS) - {"circle"}
    test = card.metrics["test"]
    assert test["playable"]["words"] == 2
    assert set(test["outside"]["students"]["drawings"]) == set(card.playable)
    page = model_card.page(card)
    assert "The game asks for the 2 words" in page
    assert "simple shapes" in page
    judge = shelf.open_judge("wide", tmp_path / "shelf")
    assert judge.thresholds == dict.fromkeys(card.playable, 0.6)


def test_a_published_model_answers_as_torch_does(published: Published, finished: Path):
    classifier = shelf.open_model("made-b0", published.where)
    _, network = open_run(finished, CPU)
    bitmaps = made.scrambled(np.random.default_rng(0), 5)
    expected = predictor(network, CPU)(bitmaps)
    np.testing.assert_allclose(classifier.logits(bitmaps), expected, atol=PARITY)
    assert (classifier.words, classifier.threshold) == (made.WORDS, published.card.threshold)
    assert len(classifier.probabilities(bitmaps[:1])) == 1  # any batch size


def test_graph_card_page_and_plots_stand_on_the_shelf(published: Published):
    files = {
        "model.onnx",
        "model.safetensors",
        "card.json",
        "README.md",
        *(f"{name}.svg" for name in PLOTS),
    }
    assert made.contents(published.where) == {f"made-b0/{name}" for name in files}
    assert shelf.names(published.where) == ("made-b0",)


def test_the_card_states_how_the_model_was_made(published: Published, folder: Path):
    card = published.card
    assert (card.name, card.words) == ("made-b0", made.WORDS)
    assert card.architecture == "EfficientNet-B0, one-channel stem of stride 2"
    assert card.parameters == 4_007_548 - 2 * 32 * 9 + 3 * 1281
    assert len(card.recipe) == 2
    assert card.recipe[-1].endswith(" --name made-b0")  # who makes it again does not upload it
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
    assert page == model_card.page(card)
    assert "\n# made-b0\n" in page
    assert f"| Google's bitmaps | {test['bitmaps']['n']} | {test['bitmaps']['top1']:.2%} |" in page
    assert all(f"| {word} | " in page for word in made.WORDS)
    assert all(command in page for command in card.recipe)
    assert "nan" not in page
    assert all(f"({name}.svg)" in page for name in PLOTS)


def test_the_page_tells_of_people_outside_only_where_they_were_measured(published: Published):
    card, found = published.card, published.card.metrics["test"]["outside"]["students"]
    assert found["drawings"] == {"circle": 6}
    page = model_card.page(card)
    row = "".join(f"{share:.2%} | " for share in found["by_word"]["circle"].values())
    assert "## People outside Quick, Draw!" in page
    assert f"| circle | 6 | {row}{found['wins']:.2%} |" in page
    test = {k: v for k, v in card.metrics["test"].items() if k != "outside"}
    bare = card.model_copy(update={"metrics": {**card.metrics, "test": test}})
    assert "People outside" not in model_card.page(bare)


def test_the_page_begins_with_what_the_hub_reads(published: Published):
    page = model_card.page(published.card)
    dashes, head, _ = page.split("---\n", 2)
    fields = yaml.safe_load(head)
    assert dashes == ""
    assert (fields["license"], fields["library_name"]) == ("apache-2.0", "onnx")
    data = ModelCard(page).data  # as the Hub's own client reads it
    assert isinstance(data, ModelCardData)
    assert data.pipeline_tag == "image-classification"
    results = {each.metric_name: each.metric_value for each in data.eval_results or []}
    test = published.card.metrics["test"]
    assert results["top-1 of finished bitmaps"] == round(test["bitmaps"]["top1"], 4)


def test_the_graph_carries_what_is_needed_to_use_it_alone(published: Published):
    card = published.card
    about = shelf.open_model("made-b0", published.where).metadata
    assert json.loads(about["words"]) == list(card.words)
    assert float(about["temperature"]) == card.temperature
    assert float(about["threshold"]) == card.threshold
    assert about["license"] == "apache-2.0"


def test_the_weights_stand_beside_the_graph(published: Published, finished: Path):
    state = load_file(published.where / "made-b0" / "model.safetensors")
    _, network = open_run(finished, CPU)
    expected = network.body.state_dict()
    assert set(state) == set(expected)
    assert all(torch.equal(state[name], expected[name]) for name in expected)


def test_the_example_of_the_page_works(
    published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    code = model_card.page(published.card).split("```python\n")[1].split("```")[0]
    np.save(tmp_path / "cat.npy", rasterise_batch(made.drawings("circle", 12)).reshape(12, -1))
    (tmp_path / "made-b0").symlink_to(published.where / "made-b0")
    monkeypatch.chdir(tmp_path)
    printed: list[list[str]] = []
    exec(code, {"print": printed.append})
    model = shelf.open_model("made-b0", published.where)
    bitmaps = np.load(tmp_path / "cat.npy").reshape(-1, 28, 28)[:10]
    assert printed == [[model.words[k] for k in model.logits(bitmaps).argmax(1)]]


def test_difficulty_is_what_does_not_win_on_validation(published: Published):
    won = published.card.metrics["validation"]["bitmaps"]["won_by_word"]
    assert published.card.difficulty == {word: 1 - won[word] for word in made.WORDS}
    assert all(won[w] <= published.card.metrics["validation"]["bitmaps"]["by_word"][w] for w in won)


def test_plots_show_what_the_card_holds(published: Published):
    drawn = {name: plot(published.card) for name, plot in PLOTS.items()}
    assert f"threshold {published.card.threshold}" in drawn["false-wins"]
    assert "mean over words" in drawn["partial"]
    assert published.card.name in drawn["reliability"]
    assert drawn == {name: plot(published.card) for name, plot in PLOTS.items()}  # same bytes


def test_a_graph_that_answers_otherwise_is_refused(published: Published, finished: Path):
    onnx = (published.where / "made-b0" / "model.onnx").read_bytes()
    _, network = open_run(finished, CPU)
    bitmaps = made.scrambled(np.random.default_rng(1), 3)
    assert check_parity(network, onnx, bitmaps) <= PARITY
    with torch.no_grad():
        network.body._fc.bias[1] += 3 * PARITY
    with pytest.raises(UserError, match=r"differs from torch by [23]\.\de-04\. expected at most"):
        check_parity(network, onnx, bitmaps)


def test_a_network_that_answers_nan_is_refused(published: Published, finished: Path):
    onnx = (published.where / "made-b0" / "model.onnx").read_bytes()
    _, network = open_run(finished, CPU)
    with torch.no_grad():
        network.body._fc.bias[1] = float("nan")
    with pytest.raises(UserError, match="differs from torch by nan"):
        check_parity(network, onnx, made.scrambled(np.random.default_rng(1), 3))


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", "/x", "..\\x", "C:x", "a\nb", "x" * 300]
)
def test_a_name_that_leads_out_of_the_shelf_is_refused(finished: Path, tmp_path: Path, name: str):
    options = publish.Options(finished, name, tmp_path / "none", tmp_path / "shelf")
    with pytest.raises(UserError, match="is no name of a model"):
        publish.main(options)
    assert made.contents(tmp_path) == set()


def test_mistakes_are_one_line_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    arguments = f"--run {tmp_path / 'none'} --shelf {tmp_path}"
    line = cli.refusal(publish.Options, publish.main, arguments, monkeypatch, capsys)
    assert "holds no finished run" in line
    assert made.contents(tmp_path) == set()
