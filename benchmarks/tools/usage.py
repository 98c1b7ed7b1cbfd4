"""What a command uses of a machine: time, memory and disk (Linux)."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tools.result import rounded
from models.command import UserError

PAUSE = 0.25  # seconds between two looks at the memory of a command
IDLE = 10.0  # seconds until a server that is ready has come to rest
SESSION, RESIDENT = 3, 21  # fields of /proc/PID/stat, counted behind the name of the process


@dataclass(frozen=True)
class Usage:
    """What a command and all processes that it starts use.

    Attributes:
        s: seconds from its start to its end, or until it is ready.
        mib: resident memory of its processes together, in MiB.
        disk_mb: growth of its folder in megabytes.
    """

    s: float
    mib: float
    disk_mb: float


def to_its_end(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Usage:
    """Run a command in a folder to its end; `mib` is the largest sum that was seen.

    Raises:
        UserError: if it fails.
    """
    used, largest = _from_now(folder), 0.0
    with _session(command, folder, environment) as process:
        while process.poll() is None:
            largest = max(largest, memory(process.pid))
            time.sleep(PAUSE)
    if process.returncode:
        raise UserError(f"{' '.join(command)} has failed", "Its own error is above")
    return used(largest)


@contextmanager
def until_ready(
    says: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Generator[Usage]:
    """Run a command that does not end by itself; `mib` is what it has at rest.

    Args:
        says: beginning of the line that it prints once it is ready.

    Raises:
        UserError: if it ends before.
    """
    used = _from_now(folder)
    with _session(command, folder, environment, subprocess.PIPE) as process:
        assert process.stdout is not None
        if not any(line.startswith(says) for line in process.stdout):
            raise UserError(f"{' '.join(command)} has ended", "Its own error is above")
        ready = used(0.0)
        time.sleep(IDLE)
        yield Usage(ready.s, rounded(memory(process.pid)), ready.disk_mb)


@contextmanager
def _session(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], stdout: int | None = None
) -> Generator[subprocess.Popen[str]]:
    """A command in a session of its own, which ends with the block: Ctrl-C does not reach it."""
    with subprocess.Popen(
        command, cwd=folder, env=environment, start_new_session=True, stdout=stdout, text=True
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)


def memory(session: int) -> float:
    """Resident memory in MiB of all processes of a session."""
    pages = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("utf-8").rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        pages += int(fields[RESIDENT]) if int(fields[SESSION]) == session else 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def size(folder: Path) -> float:
    """Megabytes that the files of a folder take on disk."""
    paths = (Path(parent) / name for parent, _, names in os.walk(folder) for name in names)
    return sum(path.lstat().st_blocks for path in paths) * 512 / 1e6


def _from_now(folder: Path) -> Callable[[float], Usage]:
    """A function that returns what is used between this call and its own, given the memory."""
    began, before = time.perf_counter(), size(folder)

    def used(mib: float) -> Usage:
        seconds = time.perf_counter() - began
        return Usage(rounded(seconds), rounded(mib), rounded(size(folder) - before))

    return used
