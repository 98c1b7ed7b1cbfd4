"""What is recorded about how a result came about."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.training.experiments import plan, result
from training.experiment import store
from training.trainer import evidence
from training.trainer.evidence import portable


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("python -m training.compare --suite freezing", None),
        ("python -m training.compare --out results/mine --only full,freeze-2", None),
        (
            "python -m training.train --data-dir /home/ann/drawings --out=/tmp/x/run",
            "python -m training.train --data-dir drawings --out=run",
        ),
        (
            "python -m training.train --weights '/my disk/b0.pth' --lr 0.1",
            "python -m training.train --weights b0.pth --lr 0.1",
        ),
        ("python -m training.evaluate --run /", None),
        ("/home/me/Bob's work/run.py --x 1", None),  # of earlier versions
    ],
)
def test_a_portable_command_names_no_folder_of_the_machine(command: str, expected: str | None):
    assert portable(command) == (expected or command)


def test_the_command_of_a_script_can_be_read_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None)
    monkeypatch.setattr(sys, "argv", ["/home/ann/Ann's work/run.py", "x"])
    assert portable(evidence.command()) == "run.py x"


def test_packed_runs_name_no_folder_of_the_machine(tmp_path: Path):
    where = plan()
    known = {"command": "python -m training.compare --out /home/ann/x", "commit": "ab"}
    store.save(tmp_path, result(where).model_copy(update={"evidence": known}))
    store.pack(tmp_path, where)
    [packed] = store.load(tmp_path, where)
    assert packed.evidence == {"command": "python -m training.compare --out x", "commit": "ab"}


def test_new_results_leave_the_commit_clean_and_new_code_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    code = tmp_path / "training" / "code.py"
    result = tmp_path / "benchmarks" / "results" / "race.json"
    for file in (code, result):
        file.parent.mkdir(parents=True)
        file.write_text("1\n")
    for words in ("init", "add .", "-c user.name=A -c user.email=a@b.c commit -m first"):
        subprocess.run(["git", *words.split()], cwd=tmp_path, check=True, capture_output=True)
    monkeypatch.setattr(evidence, "__file__", str(code))
    clean = evidence.commit()
    result.write_text("2\n")
    assert evidence.commit() == clean
    code.write_text("2\n")
    assert evidence.commit() == f"{clean}-dirty"
