"""Starts: read or trained once, saved, resumed, and with their costs recorded."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tests import made
from training.data.dataset import Dataset
from training.experiment import start_training
from training.experiment.starts import Starts
from training.networks.weights import RECIPES, Weights, nothing, read
from training.strategies.pretext_tasks import other_words
from training.strategies.strategy import StartName
from training.trainer import fit
from training.trainer.fit import Report

CPU = torch.device("cpu")


def quiet(report: Report) -> None:
    pass


class Killed(Exception):
    """Raised to simulate a power cut."""


@pytest.fixture(name="shelf")
def starts_of_few_images(folder: Path, tmp_path: Path, start: Weights) -> Starts:
    return Starts(
        tmp_path / "starts",
        RECIPES["tensorflow"],
        {"imagenet": start},
        images=24,
        batch=8,
        stride=2,
        read_others=lambda: other_words(made.WORDS, folder),
        device=CPU,
    )


def test_what_is_given_or_random_is_not_learned(shelf: Starts, start: Weights):
    assert shelf.weights("imagenet", quiet) is start
    assert shelf.key("imagenet") == start.sha256
    assert shelf.weights("random", quiet) == nothing(RECIPES["tensorflow"])
    provenance = shelf.provenance("imagenet")
    assert provenance is not None
    assert (provenance.sha256, provenance.seconds) == (start.sha256, None)
    assert not shelf.folder.exists()


def test_a_start_is_trained_once_and_its_cost_recorded(
    shelf: Starts, monkeypatch: pytest.MonkeyPatch
):
    said: list[str] = []
    talking = replace(shelf, say=said.append)
    assert talking.provenance("near") is None
    seen: list[int] = []
    learned = talking.weights("near", lambda report: seen.append(report.step))
    assert seen == [1, 2, 3]
    assert learned.recipe == RECIPES["tensorflow"]
    provenance = talking.provenance("near")
    assert provenance is not None
    assert (provenance.start, provenance.images, provenance.sha256) == ("near", 24, learned.sha256)
    assert provenance.seconds is not None
    assert provenance.seconds > 0
    assert provenance.backward_work is not None
    assert provenance.forward_work is not None
    assert provenance.backward_work > provenance.forward_work > 0
    assert provenance.accuracy is not None
    assert [line.split()[:3] for line in said] == [
        ["first", "learning", "near"],
        ["learned", "near", "in"],
    ]
    names = made.contents(shelf.folder)
    assert names == {f"near-{shelf.key('near')}.{suffix}" for suffix in ("pt", "json")}

    def refuse(*arguments: object, **named: object) -> None:
        raise AssertionError("it was learned again")

    monkeypatch.setattr(start_training, "Fit", refuse)
    again = replace(shelf, _made={}).weights("near", quiet)
    assert again.sha256 == learned.sha256
    [file] = shelf.folder.glob("*.pt")
    torch.testing.assert_close(read(file), again.tensors)


def test_a_killed_start_goes_on_and_ends_as_one_never_killed(
    shelf: Starts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fit, "SAVE_EVERY", -1.0)
    whole = replace(shelf, folder=tmp_path / "whole", _made={}).weights("rotation", quiet)

    def kill(report: Report) -> None:
        if report.step == 3:
            raise Killed

    with pytest.raises(Killed):
        shelf.weights("rotation", kill)
    assert {Path(name).suffix for name in made.contents(shelf.folder)} == {".checkpoint"}
    seen: list[int] = []
    resumed = shelf.weights("rotation", lambda report: seen.append(report.step))
    assert seen == [3]
    torch.testing.assert_close(resumed.tensors, whole.tensors, rtol=0, atol=0)


@pytest.mark.parametrize(
    "change", [{"images": 32}, {"stride": 1}, {"batch": 4}, {"recipe": RECIPES["torchvision"]}]
)
def test_the_key_changes_with_what_decides(shelf: Starts, change: dict[str, Any]):
    assert replace(shelf, **change).key("near") != shelf.key("near")


def test_the_key_changes_with_the_task_and_the_drawings_it_needs(shelf: Starts, data: Dataset):
    names: tuple[StartName, ...] = ("near", "rotation", "fractals", "near-plain", "near-smoothed")
    elsewhere = replace(shelf, read_others=lambda: data)
    assert len({shelf.key(name) for name in names}) == len(names)
    changed = [name for name in names if shelf.key(name) != elsewhere.key(name)]
    assert changed == ["near", "rotation", "near-plain", "near-smoothed"]


LABELLESS: tuple[StartName, ...] = ("autoencoder", "simclr", "pseudo-labels")


@pytest.mark.parametrize("name", LABELLESS)
def test_a_start_without_labels_has_the_same_budget_and_tells_what_guessing_gets(
    shelf: Starts, name: StartName
):
    learned = replace(shelf, images=64).weights(name, quiet)
    provenance = replace(shelf, images=64).provenance(name)
    assert provenance is not None
    assert provenance.sha256 == learned.sha256
    assert provenance.images is not None
    most = 96 if name == "pseudo-labels" else 80  # whole steps; a teacher sees all of its labels
    assert 64 <= provenance.images <= most
    assert provenance.chance == {"autoencoder": 0, "simclr": 1 / 255}.get(name, 0.5)
    assert {Path(file).suffix for file in made.contents(shelf.folder)} == {".pt", ".json"}


@pytest.mark.parametrize("name", LABELLESS)
def test_a_killed_start_without_labels_ends_as_one_never_killed(
    shelf: Starts, tmp_path: Path, name: StartName, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fit, "SAVE_EVERY", -1.0)
    shelf = replace(shelf, images=48)
    whole = replace(shelf, folder=tmp_path / "whole", _made={}).weights(name, quiet)
    steps = 0

    def kill(report: Report) -> None:
        nonlocal steps
        steps += 1
        if steps == 3:
            raise Killed

    with pytest.raises(Killed):
        shelf.weights(name, kill)
    resumed = shelf.weights(name, quiet)
    torch.testing.assert_close(resumed.tensors, whole.tensors, rtol=0, atol=0)


def test_checkpoints_of_a_start_differ_in_their_seed_and_are_kept_apart(shelf: Starts):
    one, other = shelf.weights("near", quiet), shelf.weights("near", quiet, 1)
    assert one.sha256 != other.sha256
    assert shelf.key("near") != shelf.key("near", 1)
    names = shelf.keys(("imagenet", "near"), 2)
    assert list(names) == ["imagenet", "near", "near.1"]
    both = [shelf.provenance("near", k) for k in (0, 1)]
    assert [provenance.checkpoint for provenance in both if provenance] == [0, 1]
    far = shelf.settled()  # on a machine without drawings
    assert far.weights("near", quiet, 1) is other
    assert far.weights("imagenet", quiet, 1) is shelf.given["imagenet"]


def test_fractals_are_learned_without_any_drawing(shelf: Starts):
    def refuse() -> Dataset:
        raise AssertionError("drawings were read")

    learned = replace(shelf, read_others=refuse, images=400, batch=100)
    seen: list[int] = []

    def stop(report: Report) -> None:
        seen.append(report.step)
        raise Killed

    with pytest.raises(Killed):
        learned.weights("fractals", stop)
    assert seen == [1]
