"""Export of results as tables for other programs."""

import csv
import sys
from pathlib import Path

import pytest

from models.command import UserError
from tests.training.experiments import plan, result, whole
from training import results
from training.experiment import store
from training.experiment.plan import begin

PLAIN = [0.90, 0.91, 0.89]


@pytest.fixture(name="folder")
def results_folder(tmp_path: Path) -> Path:
    here = plan(seeds=3)
    begin(tmp_path, here)
    for run in whole(here, {"plain": PLAIN}):
        store.save(tmp_path, run)
    store.save(tmp_path, result(here, "good", status="diverged"))
    return tmp_path


def test_every_run_is_a_row(folder: Path, tmp_path: Path):
    results.main(results.Options(folder, tmp_path / "runs.csv"))
    rows = list(csv.DictReader((tmp_path / "runs.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 3 * 3 + 3 + 1
    final = [row for row in rows if (row["stage"], row["arm"]) == ("final", "plain")]
    assert sorted(float(row["test_accuracy"]) for row in final) == sorted(PLAIN)
    assert {row["rate_all"] for row in rows} == {"0.001", "0.003", "0.01"}
    [lost] = [row for row in rows if row["status"] == "diverged"]
    assert (lost["test_accuracy"], lost["epochs"]) == ("", "0")


def test_the_table_goes_to_standard_output(folder: Path, capsys: pytest.CaptureFixture[str]):
    results.main(results.Options(folder))
    assert capsys.readouterr().out.startswith("suite,stage,arm,per_word,seed")


def test_without_pandas_a_frame_is_a_clear_error(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UserError, match=r"pip install .*\[train\]"):
        results.frame(folder)
