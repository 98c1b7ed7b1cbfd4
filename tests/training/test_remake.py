"""A model is made again from its card alone."""

import importlib
import json
import runpy
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import pytest
import tyro

from models import shelf
from models.command import UserError
from tests import made
from training import remake
from training.publication import renamed
from training.remake import parse


def put(place: Path, *recipe: str) -> None:
    """Publish a model whose card names these commands."""
    card = made.publish(place, "linear")
    known = {"recipe": recipe, "metrics": {"test": {"bitmaps": {"top1": 0.5}}}}
    (place / "linear" / "card.json").write_text(card.model_copy(update=known).model_dump_json())


def watched(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A list that grows by each command that would be run: its module and its arguments."""
    ran: list[list[str]] = []

    def call(words: Sequence[str]) -> int:
        ran.append(list(words[2:]))
        return 0

    monkeypatch.setattr(remake.subprocess, "call", call)
    return ran


def run_here(words: Sequence[str]) -> int:
    """The exit code of `python -m MODULE ...`, run in this process, which has imported torch."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setattr(sys, "argv", [words[2], *words[3:]])
        warnings.simplefilter("ignore", RuntimeWarning)  # the module has been imported already
        try:
            runpy.run_module(words[2], run_name="__main__", alter_sys=True)
        except SystemExit as end:
            return int(end.code or 0)
    return 0


def test_the_commands_of_the_card_make_the_model_again(
    tmp_path: Path,
    folder: Path,
    weights_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(remake.subprocess, "call", run_here)
    put(
        tmp_path / "published",
        f"python -m training.train --strategy freeze-1 --words {','.join(made.WORDS)} "
        f"--data-dir {folder} --weights {weights_file} --recipe tensorflow --per-word 16 "
        "--settings.epochs 1 --settings.batch 24 --settings.stride 2 --settings.lr 2e-4 "
        "--out runs/made",
        f"python -m training.publish --run runs/made --name linear --data-dir {folder}",
    )
    options = remake.Options("linear", Path("published"), Path("again"))
    remake.main(options)
    card = shelf.read_card("linear", tmp_path / "again")
    assert card.architecture.startswith("EfficientNet-B0")
    assert f"made again {card.metrics['test']['bitmaps']['top1']:.2%}" in capsys.readouterr().err
    run = (tmp_path / "runs" / "made" / "run.json").read_bytes()
    monkeypatch.setattr(remake.subprocess, "call", lambda words: 0)  # publishes nothing
    remake.main(options)
    assert "finished before; skipped" in capsys.readouterr().err
    assert (tmp_path / "runs" / "made" / "run.json").read_bytes() == run
    untouched = json.loads((tmp_path / "published" / "linear" / "card.json").read_text())
    assert untouched["architecture"] == "linear"


@pytest.mark.parametrize("name", shelf.names())
def test_the_commands_of_every_published_card_are_understood_today(name: str):
    for text in shelf.read_card(name).recipe:
        module, arguments = parse(renamed.command(text))
        tyro.cli(importlib.import_module(module).Options, args=arguments)


@pytest.mark.parametrize("written", ["--to-hub me/mine", "--to-hub=me/mine", "--to_hub me/mine"])
def test_a_model_made_again_is_not_uploaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
):
    ran = watched(monkeypatch)
    put(tmp_path, f"python -m training.publish --run x {written} --name linear")
    remake.main(remake.Options("linear", tmp_path, tmp_path))
    assert ran == [["training.publish", "--run", "x", "--name", "linear", "--shelf", str(tmp_path)]]


@pytest.mark.parametrize("out", ["--out=run", "--out run"])
def test_a_run_that_is_there_is_seen_however_its_folder_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
):
    ran = watched(monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").touch()
    put(tmp_path, f"python -m training.train {out}")
    remake.main(remake.Options("linear", tmp_path, tmp_path))
    assert ran == []


def test_the_best_arm_of_a_comparison_is_made_again_by_the_comparison(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    ran = watched(monkeypatch)
    compare = "training.compare --suite smoke"
    best = f"{compare} --publish-best"
    put(tmp_path, *(f"python -m {command}" for command in (compare, best, best)))
    remake.main(remake.Options("linear", tmp_path, tmp_path))
    assert ran == [compare.split(), [*best.split(), "--shelf", str(tmp_path)]]


def test_a_step_that_fails_ends_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    put(tmp_path, f"python -m training.publish --run {tmp_path / 'none'} --name linear")
    with pytest.raises(UserError, match="step 1 of 1 ended with exit code 2"):
        remake.main(remake.Options("linear", tmp_path, tmp_path / "again"))
    assert "error: " in capfd.readouterr().err


def test_a_card_may_name_either_trainer():
    assert parse("python -m training.pretrain --words all") == (
        "training.pretrain",
        ["--words", "all"],
    )


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ("python -m training.publish --run x --nam linear", "does not understand .* --nam linear"),
        ("python -m training.publish", "training.publish does not understand"),
        ("python -m training.publish --run 'x", "is not run from here"),
    ],
)
def test_no_step_is_run_before_all_are_understood(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    second: str,
    message: str,
):
    monkeypatch.setattr(remake.subprocess, "call", None)  # it is not reached
    put(tmp_path, f"python -m training.train --out {tmp_path / 'run'}", second)
    with pytest.raises(UserError, match=message):
        remake.main(remake.Options("linear", tmp_path, tmp_path / "again"))
    assert capfd.readouterr() == ("", "")


def test_a_card_without_accuracy_is_refused_before_training(tmp_path: Path):
    made.publish(tmp_path, "linear")
    with pytest.raises(UserError, match="does not tell its accuracy"):
        remake.main(remake.Options("linear", tmp_path, tmp_path / "again"))


@pytest.mark.parametrize(
    "command", ["rm -rf /", "python -m http.server", "python -c pass", "", "python -m 'training"]
)
def test_a_card_runs_nothing_but_training(command: str):
    with pytest.raises(UserError, match="is not run from here"):
        parse(command)
