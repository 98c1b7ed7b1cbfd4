"""What is recorded about how a result came about."""

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
