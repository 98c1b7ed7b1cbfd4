"""Starts: read or trained once, saved, resumed, and with their costs recorded."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tests import made
from training.data.dataset import Dataset
from training.experiment import starts
from training.experiment.starts import Starts
from training.networks.weights import RECIPES, Weights, nothing, read
from training.strategies.pretext_tasks import other_words
from training.strategies.strategy import Start
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
    origin = shelf.origin("imagenet")
    assert origin is not None
    assert (origin.sha256, origin.seconds) == (start.sha256, None)
    assert not shelf.folder.exists()


def test_a_start_is_trained_once_and_its_cost_recorded(
    shelf: Starts, monkeypatch: pytest.MonkeyPatch
):
    said: list[str] = []
    talking = replace(shelf, say=said.append)
    assert talking.origin("near") is None
    seen: list[int] = []
    learned = talking.weights("near", lambda report: seen.append(report.step))
    assert seen == [1, 2, 3]
    assert learned.recipe == RECIPES["tensorflow"]
    origin = talking.origin("near")
    assert origin is not None
    assert (origin.start, origin.images, origin.sha256) == ("near", 24, learned.sha256)
    assert origin.seconds is not None
    assert origin.seconds > 0
    assert origin.backward_work is not None
    assert origin.forward_work is not None
    assert origin.backward_work > origin.forward_work > 0
    assert origin.accuracy is not None
    assert [line.split()[:3] for line in said] == [
        ["first", "learning", "near"],
        ["learned", "near", "in"],
    ]
    names = made.contents(shelf.folder)
    assert names == {f"near-{shelf.key('near')}.{ending}" for ending in ("pt", "json")}

    def refuse(*arguments: object, **named: object) -> None:
        raise AssertionError("it was learned again")

    monkeypatch.setattr(starts, "Fit", refuse)
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
    names: tuple[Start, ...] = ("near", "rotation", "fractals", "near-plain", "near-smoothed")
    elsewhere = replace(shelf, read_others=lambda: data)
    assert len({shelf.key(name) for name in names}) == len(names)
    changed = [name for name in names if shelf.key(name) != elsewhere.key(name)]
    assert changed == ["near", "rotation", "near-plain", "near-smoothed"]


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
