"""Whole comparisons on drawings made here: finished, killed, split, spoilt."""

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from models.command import UserError
from tests import cli, made
from training import compare, dataset, exam, fit, results, shown, suites, trial, tuning
from training.architectures import Shape
from training.compare import Options
from training.fit import Report
from training.network import Network
from training.results import Result, Test
from training.runs import open_run
from training.settings import Settings

ROOT = Path(__file__).parents[2]
SMOKE = suites.SUITES["smoke"]


@pytest.fixture(scope="module", name="place")
def folder_of_drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder, and a checkpoint as ImageNet's would be, of random weights."""
    place = tmp_path_factory.mktemp("laboratory")
    made.write_folder(place / "data", made.WORDS)
    torch.manual_seed(0)
    backbone = Network(Shape(2)).body.state_dict()
    kept = {name: value for name, value in backbone.items() if not name.startswith("_fc.")}
    torch.save(kept, place / "b0.pth")
    return place


def options(place: Path, out: Path, **changes: Any) -> Options:
    plain = Options(
        words=",".join(made.WORDS),
        data_dir=place / "data",
        weights=place / "b0.pth",
        out=out,
        device="cpu",
    )
    return replace(plain, **changes)


@pytest.fixture(scope="module", name="whole")
def whole_smoke(place: Path) -> Path:
    """The results folder of `smoke`, run to its end."""
    compare.main(options(place, place / "whole"))
    return place / "whole"


def runs(folder: Path) -> list[Result]:
    return results.load(folder, results.read_plan(folder))


def measured(folder: Path) -> dict[str, dict[str, Any]]:
    """What does not depend on the clock, by key."""
    clock = {"seconds", "images_per_second", "peak_memory", "evidence", "experiment"}
    found = {run.key: run.model_dump(exclude=clock) for run in runs(folder)}
    for run in found.values():
        for epoch in run["history"]:
            del epoch["seconds"]
    return found


def no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("a run was started")

    monkeypatch.setattr(trial, "Fit", refuse)


def test_smoke_tunes_then_measures_every_arm_on_the_same_seeds(whole: Path):
    found = runs(whole)
    tuned = [run for run in found if run.stage == "tuning"]
    final = [run for run in found if run.stage == "final"]
    assert {(r.arm, r.rate) for r in tuned} == {(a, r) for a in SMOKE.arms for r in SMOKE.rates}
    assert {r.seed for r in tuned} & {r.seed for r in final} == set()
    assert sorted((r.arm, r.seed) for r in final) == [(a, s) for a in SMOKE.arms for s in (0, 1)]
    for run in final:
        assert run.rate == tuning.choose(tuning.of_unit(found, 30, run.arm)).rate
    bitmaps = results.read_plan(whole).bitmaps
    for run in final:
        assert run.test is not None
        assert run.test.n == sum(map(sum, run.test.confusion)) == bitmaps["test"]
        assert set(run.test.partial) == {"25%", "50%", "75%", "100%"}
        assert len(run.test.changed) == 6
        assert run.seconds > 0
    assert all(run.test is None for run in tuned)
    assert not list((whole / "unfinished").glob("*"))


def test_what_learns_is_counted(whole: Path):
    counts = {run.arm: run.trained_parameters for run in runs(whole)}
    assert counts["head-only"] == 1280 * 3 + 3
    assert counts["full"] == counts["scratch"] == 4_007_548 - 2 * 32 * 9 + 1280 * 3 + 3


def test_the_first_seed_is_looked_at_closely(whole: Path):
    drawings = shown.load(whole)
    assert drawings is not None
    assert drawings.words == made.WORDS
    for run in runs(whole):
        assert (run.test is None) == (run.stage == "tuning")
        assert run.test is None or len(run.test.shown) == len(made.WORDS)
        if (run.stage, run.seed) == ("final", 0):
            assert run.feature_map is not None
            assert run.feature_map.before != run.feature_map.after or run.arm == "head-only"
        else:
            assert run.feature_map is None


def test_what_is_frozen_is_not_paid_for(whole: Path):
    work = {run.arm: (run.forward_work, run.backward_work) for run in runs(whole)}
    assert work["full"] == work["scratch"]
    assert work["full"][1] == pytest.approx(2 * work["full"][0], rel=0.02)  # all but the stem's
    assert work["head-only"][1] < 1e-3 * work["full"][1]
    assert work["head-only"][0] == pytest.approx(90 / 64 * work["full"][0], rel=1e-3)  # once each


def test_a_kept_network_is_the_one_that_was_tested(
    whole: Path, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    given = options(place, tmp_path, arms="scratch", seeds=1, keep_models=True)
    compare.main(given)
    assert made.contents(tmp_path / "models") == {"scratch-30/network.pt", "scratch-30/run.json"}
    [run] = [run for run in runs(tmp_path) if run.stage == "final"]
    _, network = open_run(tmp_path / "models" / "scratch-30", torch.device("cpu"))
    data = dataset.load(made.WORDS, place / "data", others=False)
    marks = exam.sit(
        exam.prepare(data.parts["test"], made.WORDS, SMOKE.varied), network, torch.device("cpu")
    )
    assert run.test is not None
    assert Test(**marks) == run.test


def test_the_report_tells_of_all_runs(whole: Path):
    text = (whole / "report.md").read_text("utf-8")
    assert "This is not all" not in text
    assert all(f"| {arm} | 2 | 0 |" in text for arm in SMOKE.arms)
    assert (whole / "report.html").stat().st_size > 10_000


def test_a_finished_comparison_trains_nothing_again(
    whole: Path, place: Path, monkeypatch: pytest.MonkeyPatch
):
    before = (whole / "report.md").read_bytes()
    no_training(monkeypatch)
    compare.main(options(place, whole))
    assert (whole / "report.md").read_bytes() == before


def test_a_report_needs_neither_drawings_nor_weights(whole: Path, tmp_path: Path):
    shutil.copytree(whole, tmp_path / "copy")
    before = (tmp_path / "copy" / "report.md").read_bytes()
    (tmp_path / "copy" / "report.md").unlink()
    compare.main(Options(report_only=True, out=tmp_path / "copy", data_dir=tmp_path / "none"))
    assert (tmp_path / "copy" / "report.md").read_bytes() == before


def interrupt_after(steps: int) -> Callable[..., None]:
    """A training step that works so many times, then is stopped as by Ctrl-C."""
    taken, take_step = 0, fit.take_step

    def step(*arguments: Any) -> None:
        nonlocal taken
        if taken == steps:
            raise KeyboardInterrupt
        taken += 1
        take_step(*arguments)

    return step


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
    seen: list[int] = []
    show = compare.Progress.step

    def watch(self: compare.Progress, report: Report) -> None:
        seen.append(report.step)
        show(self, report)

    monkeypatch.setattr(compare.Progress, "step", watch)
    compare.main(given)
    assert seen == [2, 1, 2]  # the second run from its second step, and the final one
    assert not list((tmp_path / "out" / "unfinished").iterdir())
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

    def out_of_memory(network: Any, phase: Any, settings: Settings) -> torch.optim.AdamW:
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
        if writes > 3:  # the plan, a run's last checkpoint, the run
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


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"suite": "smok"}, "no suite 'smok'. expected one of smoke"),
        ({"arms": "full,nothing"}, "no strategy 'nothing'"),
        ({"arms": "full,full"}, "names an arm twice"),
        ({"arms": "freeze-5"}, "1 epochs are too few for strategy freeze-5"),
        ({"seeds": 0}, "--seeds is 0"),
        ({"per_word": 0}, "--per-word is 0"),
        ({"stride": 3}, "--stride is 3"),
        ({"shard": "3/2"}, "--shard is '3/2'"),
        ({"shard": "half"}, "--shard is 'half'"),
        ({"report_only": True}, "holds no experiment"),
    ],
)
def test_options_that_make_no_experiment(
    place: Path, tmp_path: Path, changes: dict[str, Any], says: str
):
    with pytest.raises(UserError, match=says.replace(".", r"\.")):
        compare.main(options(place, tmp_path, **changes))
    assert not list(tmp_path.iterdir())


def test_other_arms_keep_their_contrasts_or_meet_the_first():
    assert compare.with_arms(SMOKE, ("full", "scratch")).contrasts == (("full", "scratch"),)
    assert compare.with_arms(SMOKE, ("scratch", "by-depth", "gradual")).contrasts == (
        ("by-depth", "scratch"),
        ("gradual", "scratch"),
    )


def test_shards_part_the_units():
    units = suites.SUITES["few-shot"].units
    parts = [units[compare.parse_shard(f"{i}/3")] for i in (1, 2, 3)]
    assert sorted(unit for part in parts for unit in part) == sorted(units)
