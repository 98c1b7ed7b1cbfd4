"""`training.pretrain` under torchrun: the gradients of one process, a kill, errors, its record."""

import json
import re
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from models.command import UserError
from tests import cli, made
from tests.training import process_group
from training import pretrain
from training.data import dataset
from training.inference.inference import as_input, measure
from training.networks import timm_backbones, weights
from training.pretraining.distributed import World
from training.pretraining.stream import RankShare
from training.pretraining.streaming_trainer import StreamingTrainer
from training.sampling.seeds import seed_of
from training.strategies import strategy
from training.strategies.settings import Settings
from training.trainer import runs
from training.trainer.construction import build
from training.transforms.augment import augment

CPU = torch.device("cpu")
# Like the command itself, but that it saves after every step.
SAVING_ALWAYS = (
    "import runpy, training.pretraining.streaming_trainer as run; "
    "run.SAVE_EVERY, run.AGREE_EVERY = -1.0, 1; "
    "runpy.run_module('training.pretrain', run_name='__main__', alter_sys=True)"
)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, folder: Path, weights_file: Path) -> Path:
    """The results of two processes, as in `process_group.main`."""
    out = tmp_path_factory.mktemp("pair")
    processes = process_group.start(
        2, "-m", "tests.training.process_group", folder, weights_file, out
    )
    said = [process.communicate(timeout=300)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    return out


@pytest.fixture(scope="module")
def found(pair: Path) -> list[dict[str, Any]]:
    """The results of each of the two processes."""
    return [torch.load(pair / f"rank{rank}.pt") for rank in (0, 1)]


def same(found: dict[str, Tensor], expected: dict[str, Tensor]) -> bool:
    """Whether gradients are equal, up to the precision of the loss, which is float32."""
    scale = max(float(gradient.abs().max()) for gradient in expected.values())
    try:
        torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-7 * scale)
    except AssertionError:
        return False
    return True


def test_two_processes_have_the_gradients_of_one_with_the_same_batch(
    found: list[dict[str, Any]], folder: Path, weights_file: Path
):
    """With stored BatchNorm statistics drawings do not affect each other, so nothing may differ."""
    one = process_group.gradients(process_group.made_run(folder, weights_file, "still", World()))
    assert same(found[0]["gradients"]["still"], one)
    assert same(found[1]["gradients"]["still"], one)


def test_with_statistics_of_their_own_they_have_those_of_one_that_normalises_in_two_halves(
    found: list[dict[str, Any]], folder: Path, weights_file: Path
):
    """SyncBatchNorm, which would use the whole batch, exists on CUDA only."""
    run = process_group.made_run(folder, weights_file, "own", World())
    halves = gradients_of_halves(run)
    assert same(found[0]["gradients"]["own"], halves)
    assert same(found[1]["gradients"]["own"], halves)
    whole = process_group.gradients(process_group.made_run(folder, weights_file, "own", World()))
    assert not same(halves, whole)


def gradients_of_halves(run: StreamingTrainer) -> dict[str, Tensor]:
    """The gradients of the first batch's loss if each half is normalised separately."""
    run.network.train()
    losses: list[Tensor] = []
    for rank in (0, 1):
        [drawings] = run.train.batches(RankShare(process_group.BATCH, rank, 2), 0, 1)
        generator = torch.Generator().manual_seed(seed_of(run.seed, 0))
        pixels = as_input(torch.from_numpy(drawings.pixels)[:, None])
        seen = augment(pixels, run.settings.augmentation, generator, (rank, 2))
        logits, labels = run.network(seen), torch.from_numpy(drawings.labels)
        smoothing = run.settings.label_smoothing
        losses.append(functional.cross_entropy(logits, labels, label_smoothing=smoothing))
    torch.stack(losses).mean().backward()
    return {name: p.grad for name, p in run.network.named_parameters() if p.grad is not None}


def test_a_mistake_on_any_rank_ends_all_with_exit_2_and_one_error(found: list[dict[str, Any]]):
    assert found[1]["refused"] == ["exit 2"] * 5
    missing, elsewhere, batch, rate, finished = found[0]["refused"]
    assert "no drawings of 'cat'" in missing
    assert re.search(r"no drawings of 'circle' in .*/elsewhere", elsewhere)
    assert "--batch 25 cannot be divided among 2 processes. expected a multiple of 2" in batch
    assert re.search(r"the loss is (nan|inf) at step .*\. Lower --lr", rate)
    assert "holds a finished run" in finished


def test_nothing_keeps_the_group_when_its_process_has_left(found: list[dict[str, Any]]):
    """Its threads would run on, and could abort the process when it ends."""
    assert [rank["left"] for rank in found] == [False, False]


def test_processes_that_are_refused_do_not_hang(folder: Path, tmp_path: Path):
    chosen = process_group.as_arguments(process_group.options(folder, tmp_path / "run"))
    processes = process_group.start(2, "-m", "training.pretrain", *chosen, "--words", "circle,cat")
    said = [process.communicate(timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [2, 2]
    assert said[0].startswith("error: no drawings of 'cat'")
    assert (said[0].count("\n"), said[1]) == (1, "")
    assert not (tmp_path / "run").exists()


def test_both_killed_without_warning_torchrun_resumes_to_the_same_end(
    pair: Path, folder: Path, tmp_path: Path
):
    killed = tmp_path / "killed"
    chosen = process_group.as_arguments(process_group.options(folder, killed))
    processes = process_group.start(2, "-c", SAVING_ALWAYS, *chosen)
    try:
        while not (killed / "checkpoint.pt").exists():
            assert processes[0].poll() is None, "it ended before it was killed"
            time.sleep(0.01)
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    assert [process.returncode for process in processes] == [-signal.SIGKILL] * 2
    assert not (killed / "run.json").exists()

    said = torchrun(2, *chosen)
    assert re.search(r"resumed at step 1?\d of 17", said), said
    assert made.contents(killed) == {"run.json", "network.pt"}
    tensors, expected = (weights.read(place / "network.pt") for place in (killed, pair / "whole"))
    assert tensors.keys() == expected.keys()
    assert all(torch.equal(tensors[name], expected[name]) for name in expected)


def torchrun(count: int, *arguments: str) -> str:
    """The output of `torchrun --nproc-per-node COUNT -m training.pretrain`, which must succeed."""
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command = [*launcher, "--nproc-per-node", str(count), "-m", "training.pretrain", *arguments]
    done = subprocess.run(
        command, cwd=process_group.ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_the_ranks_measure_all_validation_drawings_together(pair: Path, folder: Path):
    record, network = runs.open_run(pair / "whole", CPU)
    data = dataset.load(made.WORDS, folder, strokes=False, others=False)
    accuracy, loss = measure(network, data.parts["validation"].bitmaps, CPU)
    last = record["history"][-1]
    assert last["validation_accuracy"] == accuracy
    assert last["validation_loss"] == pytest.approx(loss, rel=1e-5)
    assert record["data"]["hash"] == data.hash


def test_the_record_tells_what_was_done(pair: Path):
    record = json.loads((pair / "whole" / "run.json").read_text())
    assert record["words"] == list(made.WORDS)
    assert record["strategy"]["network"] == "small"
    assert record["evidence"]["processes"] == 2
    assert record["evidence"]["batchnorm"] == "own"
    train = record["data"]["bitmaps"]["train"]
    ends = [-(-epoch * train // process_group.BATCH) for epoch in (1, 2)]  # steps, rounded up
    assert [line["images"] for line in record["history"]] == [n * process_group.BATCH for n in ends]
    assert record["images_per_second"] > 0


def test_a_strategy_starts_from_what_it_wrote(pair: Path):
    start = weights.from_file(pair / "whole" / "network.pt", "torchvision")
    near = strategy.Strategy(
        "near", "near", (strategy.Phase(strategy.EVERYTHING),), "", network="small"
    )
    network = build(near, 10, Settings(), start)
    head = f"{network.architecture.head}."
    own = network.body.state_dict()
    assert all(torch.equal(own[k], v) for k, v in start.tensors.items() if not k.startswith(head))


def test_alone_it_measures_and_saves_without_any_launcher(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("training.pretraining.streaming_trainer.SAVE_EVERY", -1.0)
    given = f"--words {','.join(made.WORDS)} --data-dir {folder} --out {tmp_path} --network cnn"
    more = "--batch 48 --held-out 5 --measure-every 2 --per-word 32 --epochs 3"
    monkeypatch.setattr("sys.argv", ["command", *shlex.split(f"{given} {more}")])
    with pytest.raises(SystemExit) as stop:
        pretrain.run(pretrain.Options, pretrain.main)
    assert stop.value.code == 0
    record = json.loads((tmp_path / "run.json").read_text())
    assert [line["epoch"] for line in record["history"]] == [1, 2, 3]
    assert all(line["validation_accuracy"] * 5 % 1 == 0 for line in record["history"])
    assert record["data"]["bitmaps"]["train"] == 96
    assert made.contents(tmp_path) == {"run.json", "network.pt"}


def test_a_backbone_of_timm_is_trained_and_opened_again(folder: Path, tmp_path: Path):
    options = process_group.options(folder, tmp_path / "run")
    pretrain.main(replace(options, network="timm:resnet10t", epochs=1, batch=96, per_word=32))
    record, network = runs.open_run(tmp_path / "run", CPU)
    assert record["strategy"]["network"] == "timm:resnet10t"
    assert network.architecture.title == "resnet10t of timm"
    assert len(record["history"]) == 1


def test_without_timm_its_networks_are_refused_in_a_line(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    timm_backbones.find.cache_clear()
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(UserError, match=r"pip install .*\[timm\]"):
        pretrain.main(
            replace(process_group.options(folder, tmp_path / "run"), network="timm:resnet10t")
        )
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("--words circle", "one word given. expected at least two"),
        ("--words circle,sqare", "did you mean 'square'"),
        ("--data-dir nowhere", "no drawings of 'circle' in nowhere/numpy_bitmap"),
        ("--batch 1", "--batch 1 cannot be divided among 1 process. expected a multiple of 1"),
        ("--epochs 0", "--epochs is 0. expected at least 1"),
        ("--measure-every 0", "--measure-every is 0"),
        ("--seed -1", "--seed is -1. expected at least 0"),
        ("--dropout 2", "--dropout is 2.0. expected at least 0, less than 1"),
        ("--augmentation.mirror 2", "--augmentation.mirror is 2.0. expected 0 to 1"),
        ("--stride 3", "--stride is 3. expected 1 or 2"),
        ("--weights none.pth", "cannot read weights none.pth"),
        ("--batchnorm shared", "--batchnorm shared needs CUDA"),
        ("--batchnorm still", "--batchnorm still needs stored statistics"),
        ("--device gpu", "no device 'gpu'"),
        ("--network cnn --weights {weights}", "are not"),
        ("--network resnet", "no network 'resnet'. Expected b0, cnn, small"),
        ("--network timm:resnet10", "Did you mean timm:resnet10t"),
    ],
)
def test_mistakes_are_one_line_and_exit_2(
    options: str,
    expected: str,
    folder: Path,
    weights_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("DOODLE_DATA_DIR", str(folder))
    monkeypatch.setattr("rich.console.Console.print", lambda *_, **__: None)
    words = "" if "--words" in options else f"--words {','.join(made.WORDS)}"
    device = "" if "--device" in options else "--device cpu"
    given = f"--out {tmp_path / 'run'} {words} {device} {options.format(weights=weights_file)}"
    line = cli.refusal(pretrain.Options, pretrain.main, given, monkeypatch, capsys)
    assert expected in line
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("option", "damaged", "expected"),
    [("--seed 1", False, "is of another run"), ("--seed 0", True, "is damaged")],
)
def test_a_checkpoint_that_does_not_fit_is_refused(
    option: str,
    damaged: bool,
    expected: str,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr("rich.console.Console.print", lambda *_, **__: None)
    monkeypatch.setattr("training.pretraining.streaming_trainer.SAVE_EVERY", -1.0)
    monkeypatch.setattr("training.trainer.runs.write", interrupted)
    given = f"--out {tmp_path} --words circle,square --data-dir {folder} --network cnn --batch 64"
    monkeypatch.setattr("sys.argv", ["command", *shlex.split(given)])
    with pytest.raises(SystemExit, match="130"):
        pretrain.run(pretrain.Options, pretrain.main)
    if damaged:
        made.damage(tmp_path / "checkpoint.pt", 100)
    line = cli.refusal(pretrain.Options, pretrain.main, f"{given} {option}", monkeypatch, capsys)
    assert expected in line


def interrupted(*_: object) -> None:
    """Interrupt it as by Ctrl-C."""
    raise KeyboardInterrupt
