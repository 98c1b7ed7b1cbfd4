"""`python -m training.train`: its record, its errors, and a run that is really killed."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import tyro
from rich.console import Console

from tests import cli, made
from training import train
from training.inference.device import pick_device
from training.networks.weights import read
from training.strategies import catalogue
from training.strategies.settings import Settings
from training.trainer.display import Display
from training.trainer.fit import Fit, Report
from training.trainer.runs import open_run

ROOT = Path(__file__).parents[2]
# Like the command itself, but that it saves after every step.
SAVING_ALWAYS = (
    "import runpy, training.trainer.fit; training.trainer.fit.SAVE_EVERY = -1.0; "
    "runpy.run_module('training.train', run_name='__main__', alter_sys=True)"
)


def arguments(out: Path, folder: Path) -> list[str]:
    """Arguments of a run of eight steps, with everything random switched on."""
    options = {
        "out": out,
        "strategy": "scratch",
        "words": ",".join(made.WORDS),
        "data-dir": folder,
        "per-word": 8,
        "settings.epochs": 2,
        "settings.batch": 12,
        "settings.stride": 2,
        "settings.mixture.strokes": 0.25,
        "settings.mixture.outliers": 0.25,
    }
    return [text for name, value in options.items() for text in (f"--{name}", str(value))]


def wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    while not path.exists():
        assert process.poll() is None, "it ended before it was killed"
        time.sleep(0.01)


def test_a_run_killed_without_warning_is_resumed_to_the_same_end(folder: Path, tmp_path: Path):
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    process = subprocess.Popen(
        [sys.executable, "-c", SAVING_ALWAYS, *arguments(killed, folder)],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(killed / "checkpoint.pt", process)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == -signal.SIGKILL
    assert not (killed / "run.json").exists()

    result = cli.run("training.train", *arguments(killed, folder), cwd=ROOT)
    assert (result.returncode, result.stdout) == (0, ""), result.stderr
    assert re.search(r"resumed at step [1-7] of 8", result.stderr)
    train.main(tyro.cli(train.Options, args=arguments(whole, folder)))

    tensors, expected = read(killed / "network.pt"), read(whole / "network.pt")
    assert tensors.keys() == expected.keys()
    assert all(torch.equal(tensors[name], expected[name]) for name in expected)
    assert made.contents(whole) == {"run.json", "network.pt"}
    record = json.loads((killed / "run.json").read_text())
    assert record["evidence"]["command"].startswith("python -m training.train --out ")
    assert f"--data-dir {folder} --per-word 8" in record["evidence"]["command"]


def test_the_record_tells_what_was_done(finished: Path, weights_file: Path):
    record = json.loads((finished / "run.json").read_text())
    assert record["strategy"]["name"] == "freeze-1"
    assert record["words"] == list(made.WORDS)
    assert record["recipe"] == "tensorflow"
    assert record["settings"]["batch"] == 24
    assert len(record["data"]["hash"]) == 16
    assert (record["data"]["per_word"], record["data"]["bitmaps"]["train"]) == (16, 48)
    assert len(record["weights_sha256"]) == 64
    assert [epoch["phase"] for epoch in record["history"]] == [0, 1]
    assert set(record["evidence"]) == {
        *("command", "commit", "python", "versions", "device", "threads")
    }
    assert torch.__version__.startswith(record["evidence"]["versions"]["torch"])


def test_downloaded_weights_are_recorded_with_their_own_recipe(
    folder: Path, weights_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def at_hand(url: str) -> Path:
        return weights_file

    monkeypatch.setattr("training.networks.weights.download", at_hand)
    settings = Settings(epochs=1, batch=24, stride=2)
    words = ",".join(made.WORDS)
    options = train.Options(
        tmp_path, "head-only", words, folder, None, per_word=8, settings=settings
    )
    train.main(options)
    assert json.loads((tmp_path / "run.json").read_text())["recipe"] == "tensorflow"


def test_a_network_of_timm_is_trained_recorded_and_opened_again(folder: Path, tmp_path: Path):
    options = tyro.cli(train.Options, args=arguments(tmp_path / "run", folder))
    train.main(replace(options, architecture="timm:resnet10t"))
    record, network = open_run(tmp_path / "run", torch.device("cpu"))
    assert record["strategy"]["network"] == "timm:resnet10t"
    assert network.description.startswith("resnet10t of timm")


def test_a_finished_run_is_not_run_again(
    finished: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    before = (finished / "run.json").read_bytes()
    line = cli.refusal(train.Options, train.main, f"--out {finished}", monkeypatch, capsys)
    assert "holds a finished run. Choose another --out" in line
    assert (finished / "run.json").read_bytes() == before


def test_two_processes_do_not_train_in_one_folder(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    out = tmp_path / "run"
    given = " ".join(arguments(out, folder))
    monkeypatch.setattr("training.trainer.fit.Fit.run", None)  # it is not reached
    with train._alone(out):
        line = train_refusal(given, monkeypatch, capsys)
    assert f"process {os.getpid()} is training in {out}. Wait until it ends" in line
    assert not out.exists()


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("--strategy fast", "no strategy 'fast'. Did you mean"),
        ("--words circle,sqare --strategy scratch", "did you mean 'square'"),
        ("--words circle,cat --strategy scratch", "no drawings of 'cat' in"),
        ("--words circle --strategy scratch", "expected at least two"),
        ("--settings.epochs 0", "--settings.epochs is 0. expected at least 1"),
        ("--strategy full-near", "full-near starts from a checkpoint of your own"),
        ("--weights none.pth", "cannot read weights none.pth"),
        ("--weights {weights} --data-dir nowhere", "nowhere/numpy_bitmap"),
        ("--device gpu", "no device 'gpu'"),
        ("--per-word 0", "--per-word is 0. expected at least 1"),
        ("--settings.batch 0", "--settings.batch is 0"),
        ("--settings.lr nan", "--settings.lr is nan"),
        ("--settings.stride 3", "--settings.stride is 3. expected 1 or 2"),
        ("--settings.side 30", "--settings.side is 30. expected 28, 56 or 112"),
        ("--settings.mixup -1", "--settings.mixup is -1.0. expected a finite number, at least 0"),
        ("--settings.dropout 2", "--settings.dropout is 2.0. expected at least 0, less than 1"),
        ("--settings.label-smoothing 3", "--settings.label-smoothing is 3.0. expected 0 to 1"),
        ("--settings.mixture.shortest 0", "--settings.mixture.shortest is 0.0. expected more"),
        ("--seed -1", "--seed is -1. expected at least 0"),
        ("--settings.mixture.more 0.1", "--more and --settings.mixture.more need each other"),
        ("--more friends", "--more and --settings.mixture.more need each other"),
        ("--settings.averaged 1", "--settings.averaged is 1.0. expected at least 0, less than 1"),
        ("--strategy scratch --weights {weights}", "scratch starts from random weights"),
        ("--strategy scratch --settings.mixture.strokes 1", "no room for bitmaps of the words"),
        (
            "--words circle,square,zigzag,star,triangle --strategy scratch "
            "--settings.mixture.outliers 0.2",
            "mixture.outliers is 0.2, but there are no bitmaps of other words",
        ),
    ],
)
def test_mistakes_are_one_line_and_exit_2(
    options: str,
    found: str,
    folder: Path,
    weights_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("DOODLE_DATA_DIR", str(folder))
    words = "" if "--words" in options else f"--words {','.join(made.WORDS)}"
    given = f"--out {tmp_path / 'run'} {words} {options.format(weights=weights_file)}"
    assert found in train_refusal(given, monkeypatch, capsys)
    assert not (tmp_path / "run").exists()


def test_drawings_that_the_strategy_asks_for_are_read(
    folder: Path, weights_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    begun: list[Fit] = []

    def begin(run: Fit, show: object) -> None:
        begun.append(run)
        raise KeyboardInterrupt

    monkeypatch.setattr(Fit, "run", begin)
    options = train.Options(
        tmp_path / "run",
        strategy="full-outlier-strokes",
        words=",".join(made.WORDS),
        data_dir=folder,
        weights=weights_file,
    )
    with pytest.raises(KeyboardInterrupt):
        train.main(options)
    [run] = begun
    train_part = run.data.parts["train"]
    assert min(len(train_part.other_bitmaps), len(train_part.other_strokes)) > 0


@pytest.mark.parametrize("record", ["{", "[]", "{}", '{"evidence": 5}'])
def test_weights_of_unknown_origin_are_refused_before_training(
    record: str,
    folder: Path,
    weights_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    (tmp_path / "run.json").write_text(record)
    shutil.copy(weights_file, tmp_path / "network.pt")
    monkeypatch.setattr("training.trainer.fit.Fit.run", None)  # it is not reached
    given = f"--out {tmp_path / 'run'} --data-dir {folder} --words {','.join(made.WORDS)}"
    line = train_refusal(f"{given} --weights {tmp_path / 'network.pt'}", monkeypatch, capsys)
    assert "run.json does not tell how the weights beside it were made" in line
    assert not (tmp_path / "run").exists()


def test_a_head_narrower_than_the_words_is_refused(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    file = tmp_path / "mine.py"
    file.write_text(
        "from training.strategies.strategy import EVERYTHING, Phase, Strategy\n"
        "mine = Strategy('narrow-head', 'random', (Phase(EVERYTHING),), '', outputs=2)\n"
    )
    monkeypatch.setattr(catalogue, "STRATEGIES", dict(catalogue.STRATEGIES))
    given = f"--out {tmp_path / 'run'} --data-dir {folder} --words {','.join(made.WORDS)}"
    options = f"{given} --strategies {file} --strategy narrow-head"
    line = train_refusal(options, monkeypatch, capsys)
    assert "narrow-head has 2 outputs for 3 words" in line


def train_refusal(
    arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    """The error at the end; a line about the plan may come before it."""
    monkeypatch.setattr("rich.console.Console.print", lambda *_: None)
    return cli.refusal(train.Options, train.main, arguments, monkeypatch, capsys)


def test_auto_picks_a_device_there_is():
    assert pick_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
    assert pick_device("cpu") == torch.device("cpu")


def test_the_display_prints_a_line_an_epoch_that_is_new(capsys: pytest.CaptureFixture[str]):
    console = Console(file=sys.stdout, width=200)
    old = {"epoch": 1, "validation_accuracy": 0.5, "train_loss": 1.0, "seconds": 9.0}
    new = {"epoch": 2, "validation_accuracy": 0.75, "train_loss": 0.25, "seconds": 12.0}
    report = Report(steps=20, step=11, loss=0.25, rate=123.0, history=[old])
    with Display(console) as display:
        display.show(report)  # resumed: epoch 1 was told in another session
        report.history.append(new)
        display.show(report)
        display.show(report)
    assert capsys.readouterr().out.splitlines() == [
        "epoch 2: loss 0.250, validation 75.00%, 12 s, 123 images/s"
    ]
