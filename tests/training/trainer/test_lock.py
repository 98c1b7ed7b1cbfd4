"""Locks between processes whose holders remove the file."""

import os
from pathlib import Path
from typing import IO, Any

import pytest

from models.command import UserError
from training.trainer import lock


def test_a_lock_on_a_file_that_its_holder_removes_is_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The removal comes after the file was opened and before it was locked."""
    path, take, opened = tmp_path / "lock", lock._take, list[int]()

    def take_late(file: IO[str], doing: str) -> None:
        opened.append(os.fstat(file.fileno()).st_ino)
        if len(opened) == 1:
            path.unlink()
            path.write_text("")  # another's, which nobody holds yet
        take(file, doing)

    monkeypatch.setattr(lock, "_take", take_late)
    with lock.locked(path, "training"):
        assert len(opened) == 2
        assert path.stat().st_ino == opened[1]
        monkeypatch.undo()
        with (
            pytest.raises(UserError, match=f"process {os.getpid()} is training"),
            lock.locked(path, "training"),
        ):
            pass


def test_a_lock_is_free_after_an_error(tmp_path: Path):
    held: list[Any] = []
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), lock.locked(tmp_path / "lock", "training"):
            held.append(1 / 0)
    with lock.locked(tmp_path / "lock", "training"):
        held.append("once")
    assert held == ["once"]
