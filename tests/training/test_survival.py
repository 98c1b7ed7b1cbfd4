"""Comparisons that are killed, split, damaged or cannot write lose no finished run."""

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
    by_key,
    interrupt_after,
    measured,
    no_training,
    options,
    runs,
    steps_seen,
)
from training import compare
from training.experiment import store, tuning
from training.experiment.plan import read_plan
from training.experiment.store import _portable
from training.strategies.settings import Settings
from training.suites import suites
from training.suites.suite import STEP
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
    assert len(list((tmp_path / "out" / "unfinished").glob("*.pt"))) == 1
    seen = steps_seen(monkeypatch)
    compare.main(given)
    # The second run from its second step, another rate, since two were equally bad, and the final.
    assert seen == [2, 1, 2, 1, 2]
    assert [path.name for path in (tmp_path / "out" / "unfinished").iterdir()] == ["lock"]
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
        while not list((tmp_path / "out").glob("unfinished/*.json")):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.01)
        process.kill()
    done = {run.key: _portable(run) for run in runs(tmp_path / "out")}
    assert done
    compare.main(options(place, tmp_path / "out", arms="scratch", seeds=1))
    kept = by_key(tmp_path / "out")
    assert {key: _portable(kept[key]) for key in done} == done
    assert not list((tmp_path / "out").glob("unfinished/*.json"))
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
    assert "Not finished: 1 of 2" in (tmp_path / "a" / "report.md").read_text("utf-8")
    shutil.copy(tmp_path / "b" / "runs.jsonl.gz", tmp_path / "a" / "runs-2.jsonl.gz")
    no_training(monkeypatch)
    compare.main(options(place, tmp_path / "a", **given))
    assert "Not finished" not in (tmp_path / "a" / "report.md").read_text("utf-8")
    assert measured(tmp_path / "a") == {
        key: run
        for key, run in measured(whole).items()
        if run["arm"] in ("head-only", "scratch") and run["seed"] in (0, 1000)
    }


def test_an_arm_that_diverges_is_recorded_and_counted(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(suites.SUITES, "smoke", replace(SMOKE, rates=(1e20,), most_rates=1))
    given = options(place, tmp_path, arms="head-only,scratch", seeds=1)
    compare.main(given)
    outcome = {(run.arm, run.stage): run for run in runs(tmp_path)}
    assert len(outcome) == 2
    assert outcome["head-only", "final"].status == "finished"
    assert outcome["scratch", "final"].status == "diverged"
    assert "the loss is" in str(outcome["scratch", "final"].error)
    assert outcome["scratch", "final"].test is None
    assert "| scratch | 1 | 1 | 33.33 |" in (tmp_path / "report.md").read_text("utf-8")
    no_training(monkeypatch)
    compare.main(given)  # neither dropped nor tried again


def test_a_head_that_overflows_after_its_last_step_has_diverged_too(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(suites.SUITES, "smoke", replace(SMOKE, rates=(1e38,), most_rates=1))
    compare.main(options(place, tmp_path, arms="head-only", seeds=1))
    assert {(run.status, run.test) for run in runs(tmp_path)} == {("diverged", None)}


def test_a_run_that_crashes_is_recorded_and_the_others_go_on(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    optimiser_for = fit.optimiser_for

    def out_of_memory(network: Any, phase: Any, settings: Settings) -> torch.optim.Optimizer:
        if settings.rate(phase) == SMOKE.rates[0]:
            raise RuntimeError("out of memory")
        return optimiser_for(network, phase, settings)

    monkeypatch.setattr(fit, "optimiser_for", out_of_memory)
    compare.main(options(place, tmp_path, arms="head-only", seeds=1))
    outcome = {(run.stage, run.rate): (run.status, run.error) for run in runs(tmp_path)}
    smallest = tuning.beyond(SMOKE.rates[0], 1 / STEP)  # the other one is no better than guessing
    assert outcome.pop(("tuning", SMOKE.rates[0])) == ("failed", "RuntimeError: out of memory")
    assert outcome.keys() >= {("tuning", SMOKE.rates[1]), ("tuning", smallest)}
    assert set(outcome.values()) == {("finished", None)}
    assert [stage for stage, _ in outcome].count("final") == 1


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
    [first] = runs(tmp_path)
    assert not [name for name in made.contents(tmp_path) if name.endswith(".tmp")]
    compare.main(given)
    assert by_key(tmp_path)[first.key] == first
    assert {run.stage for run in runs(tmp_path)} == {"tuning", "final"}


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
    pack = tmp_path / "copy" / "runs.jsonl.gz"
    content = pack.read_bytes()
    pack.write_bytes(content[: len(content) // 2])
    with pytest.raises(UserError, match=r"cannot read .*runs\.jsonl\.gz: .*Restore it"):
        runs(tmp_path / "copy")
    made.damage(pack, 12)  # one byte of what is compressed
    with pytest.raises(UserError, match=r"cannot read .*runs\.jsonl\.gz: .*Restore it"):
        runs(tmp_path / "copy")
    pack.write_bytes(content)
    loose = tmp_path / "copy" / "unfinished" / "final.json"
    loose.write_text("{")
    with pytest.raises(UserError, match=r"cannot read .*final\.json"):
        runs(tmp_path / "copy")
    other = runs(whole)[0].model_copy(update={"experiment": "0123456789abcdef"})
    loose.write_text(other.model_dump_json())
    with pytest.raises(UserError, match=r"final\.json is a run of another experiment"):
        runs(tmp_path / "copy")


def test_a_process_killed_while_packing_loses_nothing(whole: Path, tmp_path: Path):
    """It is killed before anything is done, after the pack, or after some of the deletions."""
    shutil.copytree(whole, tmp_path / "copy")
    plan, results = read_plan(whole), by_key(whole)
    for loose in (list(results.values()), list(results.values())[:2], []):
        for result in loose:
            store.save(tmp_path / "copy", result)
        assert by_key(tmp_path / "copy") == results
        store.pack(tmp_path / "copy", plan)
        assert by_key(tmp_path / "copy") == results
        assert not list((tmp_path / "copy" / "unfinished").glob("*.json"))
        assert (tmp_path / "copy" / "runs.jsonl.gz").read_bytes() == (
            whole / "runs.jsonl.gz"
        ).read_bytes()


def test_a_full_disk_while_packing_loses_nothing(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    plan, results = read_plan(whole), by_key(whole)
    shutil.copy(whole / "plan.json", tmp_path)
    for result in results.values():
        store.save(tmp_path, result)

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UserError, match=r"cannot write .*runs\.jsonl\.gz"):
            store.pack(tmp_path, plan)
    assert by_key(tmp_path) == results


def test_two_processes_do_not_run_one_experiment(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    no_training(monkeypatch)
    command = (
        "import sys; from pathlib import Path; from training.experiment import store\n"
        "with store.locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", command, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(UserError, match=rf"process {other.pid} is running .*another --out"):
            compare.main(options(place, tmp_path))
        other.kill()
        other.wait()
        with store.locked(tmp_path):  # a killed process holds no lock
            pass
