"""Runs that another experiment has made are not made again, and the report says by which."""

from dataclasses import replace
from pathlib import Path

import pytest

from models.command import UserError
from tests.training.comparing import SMOKE, measured, no_training, options, runs
from training import compare
from training.experiment import reuse, store
from training.experiment.plan import read_plan
from training.suites import suites

FEWER = replace(SMOKE, name="fewer", arms=SMOKE.arms[:2], contrasts=(SMOKE.arms[1::-1],))


@pytest.fixture(autouse=True)
def fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(suites.SUITES, "fewer", FEWER)


def test_an_experiment_whose_runs_another_has_made_trains_nothing(
    whole: Path, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    no_training(monkeypatch)
    compare.main(options(place, tmp_path, suite="fewer", reuse=(whole,)))
    taken = measured(tmp_path)
    theirs = {key: run for key, run in measured(whole).items() if run["arm"] in FEWER.arms}
    assert {run.pop("made_by") for run in taken.values()} == {"smoke"}
    assert {run.pop("made_by") for run in theirs.values()} == {None}
    assert taken == theirs
    report = (tmp_path / "report.md").read_text("utf-8")
    assert f"{len(taken)} runs of" in report
    assert "made by the experiment smoke" in report
    assert (tmp_path / "starts.json").read_bytes() == (whole / "starts.json").read_bytes()


def test_who_has_made_a_run_first_is_still_known_when_it_is_taken_again(
    whole: Path, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    no_training(monkeypatch)
    compare.main(options(place, tmp_path / "a", suite="fewer", reuse=(whole,)))
    known = reuse.known((tmp_path / "a",))
    assert {result.made_by for result in known.values()} == {"smoke"}


def test_an_experiment_s_own_runs_in_another_folder_are_its_own(
    whole: Path, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    no_training(monkeypatch)
    monkeypatch.setitem(suites.SUITES, "fewer", replace(FEWER, name="smoke"))
    compare.main(options(place, tmp_path, suite="fewer", reuse=(whole,)))
    assert {run.made_by for run in runs(tmp_path)} == {None}


def test_runs_with_other_settings_are_made_anew(
    whole: Path, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    no_training(monkeypatch)
    other = options(place, tmp_path, suite="fewer", epochs=SMOKE.epochs + 1, reuse=(whole,))
    with pytest.raises(AssertionError, match="a run was started"):
        compare.main(other)
    assert runs(tmp_path) == []


def test_crashed_runs_are_made_anew(whole: Path, tmp_path: Path):
    (tmp_path / "plan.json").write_bytes((whole / "plan.json").read_bytes())
    finished, crashed = runs(whole)[:2]
    store.save(tmp_path, finished)
    store.save(tmp_path, crashed.model_copy(update={"status": "failed", "test": None}))
    store.pack(tmp_path, read_plan(tmp_path))
    assert [*reuse.known((tmp_path,))] == [finished.key]


def test_a_folder_without_results_is_refused(place: Path, tmp_path: Path):
    with pytest.raises(UserError, match="holds no experiment"):
        compare.main(options(place, tmp_path / "out", reuse=(tmp_path,)))
