"""Runs commands as a person would, and reads their errors."""

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from models import command

Options = TypeVar("Options")
NO_PROXY_AT_ALL = "socks4://127.0.0.1:1080"  # no HTTP client can be made with it


def run(module: str, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run `python -m module` in a folder that has the module's package."""
    words = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)


def error_of(result: subprocess.CompletedProcess[str]) -> str:
    """The error of a failed command; it must be one line on stderr and nothing else."""
    assert (result.returncode, result.stdout) == (2, ""), result.stderr
    [line] = result.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def odd_proxy(monkeypatch: pytest.MonkeyPatch) -> str:
    """Set a proxy that no HTTP client can use; return the error that a command must print."""
    monkeypatch.setenv("ALL_PROXY", NO_PROXY_AT_ALL)
    return f"the variable ALL_PROXY is {NO_PROXY_AT_ALL!r}, which is no HTTP proxy (socks4)"


def refusal(
    options: type[Options],
    main: Callable[[Options], None],
    arguments: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> str:
    """The error of a command that refuses its arguments; it runs in this process."""
    monkeypatch.setattr("sys.argv", ["command", *shlex.split(arguments)])
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop:
        command.run(options, main)
    [line] = capsys.readouterr().err.splitlines()
    assert stop.value.code == 2
    assert line.startswith("error: ")
    return line
