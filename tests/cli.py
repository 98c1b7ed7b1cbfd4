"""Commands run as a person would, in a process of their own."""

import subprocess
import sys
from pathlib import Path


def run(module: str, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run `python -m module` in a folder that has the module's package."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def error_of(result: subprocess.CompletedProcess[str]) -> str:
    """What a refused command says, which is a line on stderr and nothing else."""
    assert (result.returncode, result.stdout) == (2, ""), result.stderr
    [line] = result.stderr.splitlines()
    assert line.startswith("error: ")
    return line
