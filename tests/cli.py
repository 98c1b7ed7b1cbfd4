"""Commands run as a person would, and what they say when they refuse."""

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from models import command

Options = TypeVar("Options")


def run(module: str, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run `python -m module` in a folder that has the module's package."""
    words = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)


def error_of(result: subprocess.CompletedProcess[str]) -> str:
    """What a refused command says, which is a line on stderr and nothing else."""
    assert (result.returncode, result.stdout) == (2, ""), result.stderr
    [line] = result.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def refusal(
    options: type[Options],
    main: Callable[[Options], None],
    arguments: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> str:
    """What a command says that refuses its arguments, run in this process."""
    monkeypatch.setattr("sys.argv", ["command", *shlex.split(arguments)])
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop:
        command.run(options, main)
    [line] = capsys.readouterr().err.splitlines()
    assert stop.value.code == 2
    assert line.startswith("error: ")
    return line
