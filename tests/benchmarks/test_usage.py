"""What a command uses of a machine is measured on all its processes."""

import os
import sys
import time
from pathlib import Path

import pytest

from benchmarks.tools import usage
from models.command import UserError

IN_TWO_PROCESSES = """
import subprocess, sys, time
other = "import time; kept = b'x' * 150_000_000; time.sleep(3)"
child = subprocess.Popen([sys.executable, "-c", other])
open("written", "wb").write(b"x" * 5_000_000)
child.wait()
"""
SERVER = """
import time
print("starting"); print("Ready: http://…", flush=True)
kept = b"x" * 100_000_000
time.sleep(600)
"""


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def test_time_memory_and_disk_are_those_of_all_processes(tmp_path: Path):
    (tmp_path / "there before").write_bytes(b"x" * 3_000_000)
    used = usage.to_its_end(python(IN_TWO_PROCESSES), tmp_path, os.environ)
    assert used.s > 3
    assert used.mib > 150
    assert used.disk_mb == pytest.approx(5, abs=0.1)


def test_a_server_is_measured_at_rest_and_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(usage, "IDLE", 2.0)
    began = time.perf_counter()
    with usage.until_ready("Ready: ", python(SERVER), tmp_path, os.environ) as used:
        assert used.mib > 95
    assert time.perf_counter() - began < 300  # it was stopped, and not waited for


def test_a_command_that_fails_has_no_cost(tmp_path: Path):
    with pytest.raises(UserError, match="has failed"):
        usage.to_its_end(python("raise SystemExit(1)"), tmp_path, os.environ)
    with (
        pytest.raises(UserError, match="has ended"),
        usage.until_ready("Ready: ", python("print('no')"), tmp_path, os.environ),
    ):
        pass
