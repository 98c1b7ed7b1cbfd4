"""Someone's own drawings of any words, from the first training to the game."""

import json
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import yaml

from game.clock import SLACK
from game.messages import Hello, Start
from game.rooms.hub import Hub
from game.rules.modes import COUNTDOWN
from game.services import Services
from models import shelf
from models.command import UserError
from models.raster import rasterise_batch
from tests import made
from tests.game.fakes import ManualClock, ManualJudge, Notes
from tests.game.memory import Memory, at_once
from tests.training import own_folder
from training import compare, drawings, evaluate, fit, pretrain, publish, strategy, train
from training.experiment import store
from training.experiment.plan import read_plan
from training.publication import credit, model_card
from training.sampling.mixture import Mixture
from training.strategies import pretext_tasks
from training.strategies.settings import Settings


@pytest.fixture(scope="module", name="run")
def pretrained(mine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of `training.pretrain`; it streams all words of the folder."""
    out = tmp_path_factory.mktemp("runs") / "own"
    options = pretrain.Options(out, data_dir=mine, network="cnn", epochs=6, batch=16, device="cpu")
    pretrain.main(options)
    return out


@pytest.fixture(scope="module", name="where")
def published(mine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that has seen partial drawings: else a part of a box wins as a wave."""
    where, run = tmp_path_factory.mktemp("shelf"), tmp_path_factory.mktemp("runs") / "partial"
    mixture = Mixture(strokes=0.2, traced=0.3)
    settings = Settings(epochs=12, batch=16, label_smoothing=0.1, mixture=mixture)
    train.main(train.Options(run, "cnn", "all", mine, settings=settings, device="cpu"))
    publish.main(publish.Options(run, "own", mine, where))
    return where


def test_a_model_that_parts_of_drawings_mislead_is_not_published(
    run: Path, mine: Path, tmp_path: Path
):
    """Though the only word with strokes is never won falsely: those of the others are traced."""
    with pytest.raises(UserError, match="no threshold keeps false wins below"):
        publish.main(publish.Options(run, "own", mine, tmp_path))


def test_pretraining_streams_all_words_of_the_folder(run: Path):
    record = json.loads((run / "run.json").read_text())
    assert record["words"] == list(own_folder.WORDS)
    assert sum(record["data"]["bitmaps"].values()) == 3 * own_folder.COUNT
    assert record["history"][-1]["validation_accuracy"] > 0.7


def test_they_are_evaluated(run: Path, mine: Path):
    evaluate.main(evaluate.Options(run, "test", mine, device="cpu"))
    found = json.loads((run / "evaluation.json").read_text())
    assert list(found["bitmaps"]["by_word"]) == list(own_folder.WORDS)
    assert found["bitmaps"]["top1"] > 0.7


def test_evaluation_on_other_drawings_is_refused_in_a_line(run: Path, folder: Path, tmp_path: Path):
    with pytest.raises(UserError, match=r"'box' in .*, and Quick, Draw! has no such word. Point"):
        evaluate.main(evaluate.Options(run, "test", folder, device="cpu"))
    np.save(tmp_path / "bax.npy", rasterise_batch(made.drawings("square", 3)))
    with pytest.raises(UserError, match=r"no drawings of 'box'\. Did you mean 'bax'\?"):
        evaluate.main(evaluate.Options(run, "test", tmp_path, device="cpu"))


def test_a_published_model_of_them_credits_its_publisher(where: Path):
    card = shelf.read_card("own", where)
    assert card.words == own_folder.WORDS
    assert credit.of_card(card) is credit.OWN
    page = model_card.page(card)
    assert "on its publisher's own drawings of box, round thing, wave." in page
    assert "Drawings: the publisher's own." in page
    assert "quickdraw" not in page
    assert "Google" not in page
    head = yaml.safe_load(page.split("---\n", 2)[1])
    assert "datasets" not in head
    assert shelf.open_model("own", where).metadata["data"] == credit.OWN.source


def test_the_game_opens_it_and_asks_for_its_words(where: Path):
    model = shelf.open_judge("own", where)
    bitmaps = rasterise_batch(made.drawings("square", 20, 1000))
    guesses = model.probabilities(bitmaps).argmax(1)
    assert (guesses == own_folder.WORDS.index("box")).mean() > 0.6
    clock = ManualClock()
    services = Services(model, ManualJudge(), clock, Memory(), "own", Random(1), at_once)
    assert services.packs == {"everything": own_folder.WORDS}
    notes, hub = Notes(), Hub(services)
    guest = hub.join(Hello(), notes)
    hub.receive(guest, Start(mode="quick_six"))
    clock.pass_(COUNTDOWN + SLACK)
    assert notes.state.word in own_folder.WORDS


def test_they_are_trained_on_and_compared(mine: Path, tmp_path: Path):
    settings = Settings(epochs=1, batch=24, stride=2)
    train.main(train.Options(tmp_path / "run", "cnn", "all", mine, settings=settings))
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    assert record["words"] == list(own_folder.WORDS)
    asked: dict[str, Any] = {"arms": "cnn,small", "seeds": 1, "words": "wave,box", "device": "cpu"}
    compare.main(compare.Options(out=tmp_path / "results", data_dir=mine, **asked))
    plan = read_plan(tmp_path / "results")
    assert plan.words == ("wave", "box")
    done = [run.arm for run in store.load(tmp_path / "results", plan) if run.stage == "final"]
    assert sorted(done) == ["cnn", "small"]


def test_the_python_interface_reads_them(mine: Path):
    data = drawings("all", mine, per_word=8)
    assert data.words == own_folder.WORDS
    assert len(data.parts["train"].bitmaps) == 24
    trained = fit(strategy("cnn"), data, epochs=1, batch=12)
    assert 0 <= trained.accuracy <= 100
    with pytest.raises(UserError, match=r"Did you mean 'wave'\?"):
        drawings("box, waves", mine)


def test_a_start_learns_from_ones_own_other_words(mine: Path):
    assert pretext_tasks.other_words(("wave", "cat"), mine).words == ("box", "round thing")
    with pytest.raises(UserError, match=r"has 1 other words .* add drawings of yours, or fetch"):
        pretext_tasks.other_words(("wave", "box"), mine)
