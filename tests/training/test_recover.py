"""The run of a published model, made again from its files."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from models import shelf
from models.command import UserError
from tests import made
from training import publish, recover, train
from training.data.dataset import Dataset
from training.inference.batch_statistics import accuracy_by_batches
from training.publication import publication
from training.strategies.settings import Settings
from training.trainer.runs import open_run, predictor

CPU = torch.device("cpu")


@pytest.fixture(scope="module", name="place")
def shelf_of_two(finished: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Published: `b0`, and `narrow`, a residual network with a side branch; and their runs."""
    place = tmp_path_factory.mktemp("shelf")
    narrow = train.Options(
        place / "runs" / "narrow",
        strategy="small",
        words=",".join(made.WORDS),
        data_dir=folder,
        per_word=16,
        settings=Settings(epochs=15, batch=16),
    )
    train.main(narrow)
    shutil.copytree(finished, place / "runs" / "b0")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publication, "FALSE_WINS", 1.0)  # nobody plays with them
        for name in ("b0", "narrow"):
            publish.main(publish.Options(place / "runs" / name, name, folder, place))
    return place


@pytest.mark.parametrize("name", ["b0", "narrow"])
def test_it_answers_as_the_published_graph(place: Path, folder: Path, tmp_path: Path, name: str):
    recover.main(recover.Options(tmp_path / "run", name, place, folder))
    record, network = open_run(tmp_path / "run", CPU)
    bitmaps = made.scrambled(np.random.default_rng(0), 5)
    expected = shelf.open_model(name, place).logits(bitmaps)
    np.testing.assert_allclose(predictor(network, CPU)(bitmaps), expected, atol=1e-4)
    first = json.loads((place / "runs" / name / "run.json").read_text())
    assert record == first


def test_a_card_of_an_earlier_version_is_read_by_the_names_of_today(
    place: Path, folder: Path, tmp_path: Path
):
    shutil.copytree(place / "narrow", tmp_path / "narrow")
    path = tmp_path / "narrow" / "card.json"
    card = json.loads(path.read_text())
    record = card["provenance"]["training"]
    record["settings"]["taught"] = record["settings"].pop("distillation")
    record["settings"]["kinds"] = record["settings"].pop("fine_labels")
    record["strategy"]["says"] = record["strategy"].pop("description")
    record["evidence"]["command"] += " --settings.kinds 0.3 --settings.taught 0.6 --out runs/x"
    for later in ("side", "averaged", "schedule"):  # fields that there were none of
        del record["settings"][later]
    path.write_text(json.dumps(card))
    recover.main(recover.Options(tmp_path / "run", "narrow", tmp_path, folder))
    now, network = open_run(tmp_path / "run", CPU)
    assert (now["settings"]["distillation"], now["settings"]["fine_labels"]) == (0.5, 0.0)
    assert now["strategy"]["description"].startswith("a residual CNN")
    told = " --settings.fine-labels 0.3 --settings.distillation 0.6 --out runs/x"
    assert now["evidence"]["command"].endswith(told)
    bitmaps = made.scrambled(np.random.default_rng(0), 5)
    expected = shelf.open_model("narrow", place).logits(bitmaps)
    np.testing.assert_allclose(predictor(network, CPU)(bitmaps), expected, atol=1e-4)


def test_batchnorm_normalises_by_the_drawings_again(
    place: Path, folder: Path, data: Dataset, tmp_path: Path
):
    """Else the first step of a training would destroy what the network knows."""
    recover.main(recover.Options(tmp_path / "run", "narrow", place, folder))
    bitmaps = data.parts["train"].bitmaps
    (_, own), (_, first) = (
        open_run(where, CPU) for where in (tmp_path / "run", place / "runs" / "narrow")
    )
    learned = (predictor(first, CPU)(bitmaps.pixels).argmax(1) == bitmaps.labels).mean()
    assert learned > 0.5  # of three words: there is something to destroy
    assert accuracy_by_batches(own, bitmaps) > learned - 0.1


def test_a_training_goes_on_from_it(place: Path, folder: Path, tmp_path: Path):
    recover.main(recover.Options(tmp_path / "run", "narrow", place, folder))
    longer = train.Options(
        tmp_path / "longer",
        strategy="continue-small",
        words=",".join(made.WORDS),
        data_dir=folder,
        weights=tmp_path / "run" / "network.pt",
        per_word=16,
        settings=Settings(epochs=1, batch=24),
    )
    train.main(longer)
    record, _ = open_run(tmp_path / "longer", CPU)
    published = shelf.read_card("narrow", place)
    assert tuple(record["ancestors"]) == published.recipe[:-1]  # without its publication


def test_a_graph_in_int8_is_refused(place: Path, folder: Path, tmp_path: Path):
    shutil.copytree(place / "b0", tmp_path / "b0")
    path = tmp_path / "b0" / "card.json"
    card = json.loads(path.read_text())
    card["provenance"]["form"] = "int8"
    path.write_text(json.dumps(card))
    with pytest.raises(UserError, match="published in int8"):
        recover.main(recover.Options(tmp_path / "run", "b0", tmp_path, folder))
    assert not (tmp_path / "run").exists()


def test_a_graph_of_another_network_is_refused(place: Path, folder: Path, tmp_path: Path):
    shutil.copytree(place / "b0", tmp_path / "b0")
    path = tmp_path / "b0" / "card.json"
    card = json.loads(path.read_text())
    card["provenance"]["training"]["strategy"]["network"] = "small"
    path.write_text(json.dumps(card))
    with pytest.raises(UserError, match="layers are not those of"):
        recover.main(recover.Options(tmp_path / "run", "b0", tmp_path, folder))


def test_a_finished_run_is_not_overwritten(place: Path, folder: Path):
    with pytest.raises(UserError, match="holds a finished run"):
        recover.main(recover.Options(place / "runs" / "b0", "b0", place, folder))


@pytest.mark.parametrize("known", [{}, {"training": {}}, {"training": 5}])
def test_a_card_without_a_training_is_refused(
    known: dict[str, Any], place: Path, folder: Path, tmp_path: Path
):
    shutil.copytree(place / "b0", tmp_path / "b0")
    path = tmp_path / "b0" / "card.json"
    card = json.loads(path.read_text())
    path.write_text(json.dumps(card | {"provenance": known}))
    with pytest.raises(UserError, match="does not tell how it was trained"):
        recover.main(recover.Options(tmp_path / "run", "b0", tmp_path, folder))
    assert not (tmp_path / "run").exists()
