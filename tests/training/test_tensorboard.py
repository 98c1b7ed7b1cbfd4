"""`--log-to`: curves that TensorBoard's own reader finds, each epoch once, and a clear refusal."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from models.command import UserError
from tests import made
from tests.training import comparing
from tests.training.experiments import plan, result
from training import compare, pretrain, train
from training.comparison.run_curves import log_to
from training.strategies.settings import Settings
from training.trainer.fit import Report
from training.trainer.tensorboard import CURVES, Curves

EPOCHS = [
    {
        "images": 100.0 * number,
        "train_loss": 1 / number,
        "validation_accuracy": 0.1 * number,
        "validation_loss": 2 / number,
    }
    for number in (1, 2, 3)
]


def read(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """(step, value) of each curve; values are stored in float32."""
    events: Any = EventAccumulator(str(folder)).Reload()
    return {
        name: [(event.step, round(event.value, 6)) for event in events.Scalars(name)]
        for name in events.Tags()["scalars"]
    }


def accuracies(folder: Path) -> list[tuple[int, float]]:
    return read(folder)["validation_accuracy"]


def test_epochs_are_written_as_they_end(tmp_path: Path):
    curves, report = Curves(tmp_path), Report(9)
    curves.show(report)
    for number, epoch in enumerate(EPOCHS, 1):
        report.history.append(epoch)
        curves.show(report)
        curves.show(report)
        assert len(accuracies(tmp_path)) == number
    curves.finish()
    assert read(tmp_path) == {
        name: [(int(epoch["images"]), round(epoch[name], 6)) for epoch in EPOCHS] for name in CURVES
    }


def test_a_resumed_run_continues_its_curves(tmp_path: Path):
    """The first process ended after an epoch that its last checkpoint does not have."""
    first = Curves(tmp_path)
    first.show(Report(9, history=EPOCHS[:2]))
    first.finish()
    report = Report(9, history=EPOCHS[:1])
    second = Curves(tmp_path)
    second.show(report)
    report.history = EPOCHS
    second.show(report)
    second.finish()
    assert len(list(tmp_path.glob("events.*"))) == 2
    assert [step for step, _ in accuracies(tmp_path)] == [100, 200, 300]


def test_a_finished_run_is_written_once(tmp_path: Path):
    here = plan()
    log, run = log_to(tmp_path), result(here, accuracy=0.9)
    for _ in range(2):
        log(run)
    log(result(here, seed=1))
    [place, _] = sorted(tmp_path.iterdir(), key=lambda path: path.name != run.file_name[:-5])
    assert len(list(place.glob("events.*"))) == 1
    assert accuracies(place) == [(100, 0.45), (200, 0.9)]
    assert read(place)["test_accuracy"] == [(0, 0.9)]


def test_training_and_pretraining_write_the_curves_of_their_record(folder: Path, tmp_path: Path):
    logs, words = tmp_path / "logs", ",".join(made.WORDS)
    settings = Settings(epochs=2, batch=24, stride=2)
    options = train.Options(
        tmp_path / "run", "cnn", words, folder, per_word=8, settings=settings, log_to=logs / "run"
    )
    train.main(options)
    streamed = pretrain.Options(
        tmp_path / "streamed",
        words,
        folder,
        "cnn",
        batch=48,
        per_word=16,
        device="cpu",
        log_to=logs / "streamed",
    )
    pretrain.main(streamed)
    for name in ("run", "streamed"):
        history = json.loads((tmp_path / name / "run.json").read_text())["history"]
        expected = [(epoch["images"], round(epoch["validation_accuracy"], 6)) for epoch in history]
        assert accuracies(logs / name) == expected


def test_a_comparison_that_goes_on_logs_its_earlier_runs_too(
    place: Path, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    comparing.no_training(monkeypatch)
    options = comparing.options(place, whole, log_to=tmp_path)
    compare.main(options)
    assert len(list(tmp_path.iterdir())) == len(comparing.runs(whole))


@pytest.mark.parametrize(
    ("main", "options"),
    [
        (train.main, train.Options),
        (pretrain.main, pretrain.Options),
        (compare.main, compare.Options),
    ],
)
def test_without_tensorboard_a_line_names_the_command_that_installs_it(
    main: Callable[[Any], None],
    options: Callable[..., Any],
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    log_to(None)(result(plan()))  # without --log-to it is not needed
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    asked = options(
        out=tmp_path / "out", words=",".join(made.WORDS), data_dir=folder, log_to=tmp_path
    )
    with pytest.raises(UserError, match="python -m pip install tensorboard"):
        main(asked)
    assert not asked.out.exists()
