"""`--keep-models` for runs that were finished before it was given."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from tests.training.experiments import plan, whole
from training.analysis.findings import findings
from training.compare import Options
from training.comparison import comparison
from training.experiment import store


@pytest.mark.parametrize("keep", [True, False])
def test_networks_that_were_not_kept_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: bool
):
    here = plan()
    found = findings(here, whole(here, {"good": [0.9], "plain": [0.8]}))
    monkeypatch.setattr(comparison, "write_report", lambda out, console: found)
    kept = store.model(tmp_path, 30, "good") / "run.json"
    kept.parent.mkdir(parents=True)
    kept.touch()
    console = Console(file=io.StringIO())
    assert comparison._reported(Options(keep_models=keep), tmp_path, console) is found
    assert isinstance(console.file, io.StringIO)
    told = "those of plain-30 were finished before, so they are not kept\n"
    assert console.file.getvalue().endswith(told if keep else "")
    assert bool(console.file.getvalue()) == keep
