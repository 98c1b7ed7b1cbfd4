"""Locks that keep two processes from writing the same results."""

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from models.command import UserError

try:
    import fcntl
except ImportError:  # Windows has no such locks, so there two processes can do the same
    fcntl = None


@contextmanager
def locked(path: Path, doing: str) -> Generator[None]:
    """Keep other processes from doing the same. A killed process holds no lock.

    Args:
        path: of the file that is locked; it is made, and names the process.
        doing: what the holder does, such as "training in runs/full".

    Raises:
        UserError: when another one does, or the folder cannot be written.
    """
    holding = False
    while not holding:
        with _opened(path) as file:
            _take(file, doing)
            holding = _names(path, file)  # else its last holder has removed it meanwhile
            if holding:
                yield


def _opened(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+")
    except OSError as error:
        raise UserError(
            f"cannot write {path}: {error.strerror or error}",
            "Free some space or choose another folder",
        ) from error


def _names(path: Path, file: IO[str]) -> bool:
    """Whether the path leads to an open file, and not to another or none."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _take(file: IO[str], doing: str) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES):
            return  # a file system without locks
        file.seek(0)
        holder = file.read().strip() or "unknown"
        raise UserError(
            f"process {holder} is {doing}", "Wait until it ends, stop it, or choose another --out"
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
