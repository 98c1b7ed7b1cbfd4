"""An environment with only the packages of requirements.txt, like that of an image or a Space.

It is made once, with the command of the Dockerfile. A package that is missing in it is missing in
requirements.txt.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import NamedTuple
from urllib.request import urlopen

import pytest

from tests.hosting import dockerfile

UV = (sys.executable, "-m", "uv")
PATIENCE = 300.0  # seconds for a server to start, on a busy machine


class Image(NamedTuple):
    """The content of an image that the Dockerfile makes.

    Attributes:
        folder: the game's files.
        python: the interpreter that has the dependencies.
    """

    folder: Path
    python: Path


class Started(NamedTuple):
    """A running server: its address, and its process, which ends with the test at the latest."""

    port: int
    process: subprocess.Popen[str]


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """The Dockerfile's files and packages, in a folder and an environment of their own."""
    base = tmp_path_factory.mktemp("image")
    subprocess.run([*UV, "venv", "--quiet", base / "venv"], check=True)
    python = base / "venv" / "bin" / "python"
    _lay_pip(python)
    settings = {"HOME": str(Path.home()), "PATH": dockerfile.path_with(python)}
    certificates = {name: text for name, text in os.environ.items() if name == "SSL_CERT_FILE"}
    dockerfile.build(base / "app", dockerfile.variables() | settings | certificates)
    return Image(base / "app", python)


def _lay_pip(python: Path) -> None:
    """Put a `pip install` beside an interpreter: uv's, in a tenth of the time, else pip's own.

    Only pip knows an index that is named in pip's own configuration.
    """
    pip = python.with_name("pip")
    uv = shlex.join([*UV, "pip", "install", "--quiet", "--python", str(python)])
    own = shlex.join([sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"])
    pip.write_text(f'#!/bin/sh\nshift\n{uv} "$@" || exec {own} "$@"\n', "utf-8")
    pip.chmod(0o755)


@contextmanager
def started(words: Sequence[str], folder: Path, variables: Mapping[str, str]) -> Generator[Started]:
    """Run a command that starts the game, in an environment with these variables and no others."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        words, cwd=folder, env=variables, stdout=pipe, stderr=subprocess.STDOUT, text=True
    ) as process:
        watch = Timer(PATIENCE, process.kill)
        watch.start()
        try:
            port = _port(process)
            urlopen(
                f"http://127.0.0.1:{port}/", timeout=PATIENCE
            ).close()  # answered once the page is ready
            yield Started(port, process)
        finally:
            watch.cancel()
            process.kill()
            process.communicate()


def _port(process: subprocess.Popen[str]) -> int:
    """Wait until the game has printed its address; return the port."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"Doodle Race: http://localhost:(\d+)", line):
            return int(found[1])
    raise AssertionError("".join(said))
