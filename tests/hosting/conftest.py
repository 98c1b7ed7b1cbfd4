"""An environment with only the packages of requirements.txt, like that of an image or a Space.

It is made once, with the command of the Dockerfile. A package that is missing in it is missing in
requirements.txt.
"""

import re
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
    subprocess.run([sys.executable, "-m", "venv", base / "venv"], check=True)
    python = base / "venv" / "bin" / "python"
    pip = {"PIP_NO_CACHE_DIR": "0"}
    settings = {"HOME": str(Path.home()), "PATH": dockerfile.path_with(python)}
    dockerfile.build(base / "app", dockerfile.variables() | settings | pip)
    return Image(base / "app", python)


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
