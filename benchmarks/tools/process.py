"""Runs servers for a benchmark, each in a process of its own."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from models.command import UserError

ROOT = Path(__file__).parents[2]
PATIENCE = 600.0  # seconds until a page must be there, even on a busy machine


@dataclass(frozen=True)
class Served:
    """A running server.

    Attributes:
        began: start of its process, by `time.perf_counter`.
    """

    address: str
    pid: int
    began: float

    def page(self) -> float:
        """Wait for the whole HTML of the page; return the seconds since the process's start."""
        with urlopen(self.address, timeout=PATIENCE) as answer:
            text = answer.read().decode()
        assert text.rstrip().endswith("</html>"), text[-200:]
        return time.perf_counter() - self.began

    def memory(self) -> float:
        """Memory of the process in MiB (Linux)."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def busy(self) -> float:
        """Seconds of processor time that the process has used (Linux)."""
        return busy(self.pid)

    def has_loaded(self, library: str) -> bool:
        """Whether the process has loaded a file with this text in its name (Linux)."""
        return library in Path(f"/proc/{self.pid}/maps").read_text("utf-8")


def busy(pid: int) -> float:
    """Seconds of processor time that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(module: str, arguments: Sequence[str], prefix: Sequence[str] = ()) -> Generator[Served]:
    """Run `python -m module`, and wait until its start is completely over.

    Args:
        prefix: beginning of the command line, before Python; it must replace its own process.

    Raises:
        UserError: if the process ends before it serves.
    """
    with started(module, arguments, prefix) as server:
        server.page()  # our server is reachable before its page is ready
        yield server


@contextmanager
def started(module: str, arguments: Sequence[str], prefix: Sequence[str] = ()) -> Generator[Served]:
    """Run `python -m module`, and wait only until it has printed its address."""
    began = time.perf_counter()
    with subprocess.Popen(
        [*prefix, sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"GRADIO_ANALYTICS_ENABLED": "False"},
    ) as process:
        assert process.stdout is not None
        try:
            said = (re.search(r"http://\S+", line) for line in process.stdout)
            address = next((found[0] for found in said if found), None)
            if address is None:
                raise UserError(f"{module} ended before it served", "See its messages above")
            yield Served(address, process.pid, began)
        finally:
            process.terminate()
