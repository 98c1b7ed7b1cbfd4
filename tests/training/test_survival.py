"""Comparisons killed, split, spoilt, or with nowhere to write: nothing finished is lost."""

import errno
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from models.command import UserError
from tests import cli, made
from tests.training.comparing import (
    SMOKE,
    interrupt_after,
    measured,
    no_training,
    options,
    runs,
    steps_seen,
)
from training import compare
from training.experiment import results, suites
from training.strategies.settings import Settings
from training.trainer import fit

ROOT = Path(__file__).parents[2]
PATIENCE = 300  # seconds, on a busy machine


def test_a_killed_comparison_goes_on_where_it_was(
    whole: Path, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    given = options(place, tmp_path / "out", arms="scratch", seeds=1)
    monkeypatch.setattr(fit, "SAVE_EVERY", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr(fit, "take_step", interrupt_after(3))  # 2 steps a run: within the second
        with pytest.raises(KeyboardInterrupt):
            compare.main(given)
    assert len(runs(tmp_path / "out")) == 1
    assert len(list((tmp_path / "out" / "unfinished").iterdir())) == 1
    seen = steps_seen(monkeypatch)
    compare.main(given)
    assert seen == [2, 1, 2]  # the second run from its second step, and the final one
    assert not list((tmp_path / "out" / "unfinished").iterdir())
    assert measured(tmp_path / "out") == {
        key: run
        for key, run in measured(whole).items()
        if run["arm"] == "scratch" and run["seed"] in (0, 1000)
    }


def test_a_comparison_killed_outright_loses_no_finished_run(
    whole: Path, place: Path, tmp_path: Path
):
    command = [
        *(sys.executable, "-m", "training.compare", "--arms", "scratch", "--seeds", "1"),
        *("--words", ",".join(made.WORDS), "--data-dir", place / "data"),
        *("--out", tmp_path / "out", "--device", "cpu"),
    ]
    with subprocess.Popen([str(word) for word in command], cwd=ROOT) as process:
        until = time.monotonic() + PATIENCE
        while not list((tmp_path / "out").glob("runs/*.json")):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.01)
        process.kill()
    done = {path: path.read_bytes() for path in (tmp_path / "out").glob("runs/*.json")}
    compare.main(options(place, tmp_path / "out", arms="scratch", seeds=1))
    assert {path: path.read_bytes() for path in done} == done
    assert measured(tmp_path / "out") == {
        key: run
        for key, run in measured(whole).items()
        if run["arm"] == "scratch" and run["seed"] in (0, 1000)
    }


def test_two_shards_put_together_are_the_whole(
    whole: Path, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    given = {"arms": "head-only,scratch", "seeds": 1}
    compare.main(options(place, tmp_path / "a", shard="1/2", **given))
    compare.main(options(place, tmp_path / "b", shard="2/2", **given))
    assert {run.arm for run in runs(tmp_path / "a")} == {"head-only"}
    assert {run.arm for run in runs(tmp_path / "b")} == {"scratch"}
    assert "This is not all: 1 of 2" in (tmp_path / "a" / "report.md").read_text("utf-8")
    shutil.copytree(tmp_path / "b" / "runs", tmp_path / "a" / "runs", dirs_exist_ok=True)
    no_training(monkeypatch)
    compare.main(options(place, tmp_path / "a", **given))
    assert "This is not all" not in (tmp_path / "a" / "report.md").read_text("utf-8")
    assert measured(tmp_path / "a") == {
        key: run
        for key, run in measured(whole).items()
        if run["arm"] in ("head-only", "scratch") and run["seed"] in (0, 1000)
    }


def test_an_arm_that_diverges_is_recorded_and_counted(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(suites.SUITES, "smoke", replace(SMOKE, rates=(1e20,)))
    given = options(place, tmp_path, arms="head-only,scratch", seeds=1)
    compare.main(given)
    outcome = {(run.arm, run.stage): run for run in runs(tmp_path)}
    assert len(outcome) == 4
    for stage in ("tuning", "final"):
        assert outcome["head-only", stage].status == "finished"
        assert outcome["scratch", stage].status == "diverged"
        assert "the loss is" in str(outcome["scratch", stage].error)
    assert outcome["scratch", "final"].test is None
    assert "| scratch | 1 | 1 | 33.33 |" in (tmp_path / "report.md").read_text("utf-8")
    no_training(monkeypatch)
    compare.main(given)  # neither dropped nor tried again


def test_a_head_that_overflows_after_its_last_step_has_diverged_too(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(suites.SUITES, "smoke", replace(SMOKE, rates=(1e38,)))
    compare.main(options(place, tmp_path, arms="head-only", seeds=1))
    assert {(run.status, run.test) for run in runs(tmp_path)} == {("diverged", None)}


def test_a_run_that_crashes_is_recorded_and_the_others_go_on(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    optimiser_for = fit.optimiser_for

    def out_of_memory(network: Any, phase: Any, settings: Settings) -> torch.optim.Optimizer:
        if settings.lr == SMOKE.rates[0]:
            raise RuntimeError("out of memory")
        return optimiser_for(network, phase, settings)

    monkeypatch.setattr(fit, "optimiser_for", out_of_memory)
    compare.main(options(place, tmp_path, arms="head-only", seeds=1))
    outcome = {(run.stage, run.rate): (run.status, run.error) for run in runs(tmp_path)}
    assert outcome == {
        ("tuning", SMOKE.rates[0]): ("failed", "RuntimeError: out of memory"),
        ("tuning", SMOKE.rates[1]): ("finished", None),
        ("final", SMOKE.rates[1]): ("finished", None),
    }


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_takes_no_more_loses_no_finished_run(
    number: int, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    writes, fsync = 0, os.fsync

    def full(handle: int) -> None:
        nonlocal writes
        writes += 1
        if writes > 4:  # the plan, its starts, a run's last checkpoint, the run
            raise OSError(number, os.strerror(number))
        fsync(handle)

    given = options(place, tmp_path, arms="head-only", seeds=1)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UserError, match=f"cannot write .*{os.strerror(number)}.*Free some"):
            compare.main(given)
    assert len(runs(tmp_path)) == 1
    assert not [name for name in made.contents(tmp_path) if name.endswith(".tmp")]
    compare.main(given)
    assert len(runs(tmp_path)) == 3


def test_a_results_folder_that_cannot_be_is_a_clear_error(place: Path, tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    result = cli.run(
        "training.compare",
        *("--words", ",".join(made.WORDS)),
        *("--data-dir", place / "data"),
        *("--weights", place / "b0.pth"),
        *("--out", tmp_path / "file" / "out"),
        cwd=ROOT,
    )
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1].startswith("error: cannot write ")


def test_another_experiment_in_the_folder_is_named(whole: Path, place: Path):
    with pytest.raises(UserError, match=r"another experiment \(different: epochs, stride\)"):
        compare.main(options(place, whole, epochs=2, stride=1))


def test_a_damaged_or_foreign_result_is_named(whole: Path, tmp_path: Path):
    shutil.copytree(whole, tmp_path / "copy")
    first, second, *_ = sorted((tmp_path / "copy" / "runs").iterdir())
    content = first.read_text("utf-8")
    first.write_text(content[: len(content) // 2])
    with pytest.raises(UserError, match=f"cannot read .*{first.name}"):
        runs(tmp_path / "copy")
    first.unlink()
    other = second.read_text("utf-8").replace(results.read_plan(whole).id, "0123456789abcdef")
    second.write_text(other)
    with pytest.raises(UserError, match=f"{second.name} is a run of another experiment"):
        runs(tmp_path / "copy")
