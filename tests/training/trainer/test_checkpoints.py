"""A full disk is reported as what it is, not as a crash of the run."""

import errno
import io
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from models import command
from models.command import UserError
from tests.made import contents
from training.data.dataset import Dataset
from training.experiment import run_status
from training.strategies.catalogue import find
from training.strategies.settings import Settings
from training.trainer import checkpoints, runs
from training.trainer.fit import Fit

CPU = torch.device("cpu")
SPACE = 4096  # bytes
STATE = {"weight": torch.zeros(30_000)}
no_space = pytest.raises(UserError, match=r"cannot write .*\.pt: No space left on device")


class Full(io.FileIO):
    """A file on a disk that is soon full."""

    def write(self, content: Any) -> int:
        if self.tell() + memoryview(content).nbytes > SPACE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(content)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command.os, "fdopen", lambda handle, mode, **_: Full(handle, mode))


def test_a_checkpoint_that_finds_no_space_is_reported(tmp_path: Path, full_disk: None):
    with no_space:
        checkpoints.write(tmp_path / "run.pt", STATE)
    assert contents(tmp_path) == set()


def test_a_network_that_finds_no_space_is_reported(tmp_path: Path, full_disk: None):
    with no_space:
        runs.save(tmp_path, STATE, {})
    assert contents(tmp_path) == set()


def test_a_run_that_finds_no_space_has_no_outcome(tmp_path: Path, small: Dataset, full_disk: None):
    """Else it would be stored as failed for ever, and count as guessing."""
    strategy = replace(find("scratch"), network="cnn")
    run = Fit(strategy, small, Settings(epochs=1, batch=24), 0, None, CPU, tmp_path / "run.pt")
    with no_space:
        run_status.end(run, lambda report: None)
