"""The README's commands run in a fresh clone, in their order, or stand in a list with a reason."""

import shlex
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from models.raster import rasterise_batch
from models.words import CLASSIC
from tests import made, signals
from tests.servers import free_port
from tests.test_docs import blocks
from tests.training.bucket import serve

ROOT = Path(__file__).parents[2]
PATIENCE = 600.0  # seconds for one command, on a busy machine
PORT = free_port()
TRAINED = "trains; the tests in tests/training run it with drawings of their own"
NOT_RUN = {
    "make play": "installs packages from the internet",
    'pip install -e ".[train]"': "installs packages from the internet",
    "python -m training.train --strategy freeze-1 --out runs/freeze-1": TRAINED,
    "python -m training.evaluate --run runs/freeze-1": TRAINED,
    "python -m training.publish --run runs/freeze-1 --name mine": TRAINED,
    "python -m training.compare --suite smoke": TRAINED,
    "python -m training.compare --suite freezing": "trains for days; smoke is the same code",
}
MORE = {  # options that make a command of the README independent of the internet and other servers
    "training.fetch": "--base-url {bucket}",
    "game.server": f"--port {PORT}",
    "game.bot": f"--server http://127.0.0.1:{PORT}",
}
UNTIL = {"game.server": "Doodle Race: ", "game.bot": "room "}  # these run until they are stopped


def lines() -> list[str]:
    """The commands of the README, in their order."""
    return [line for text in blocks(ROOT / "README.md", "sh") for line in text.strip().split("\n")]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with the present content of the tracked files, and the model that they train."""
    folder = tmp_path_factory.mktemp("clones") / "doodle-race"
    git = ["git", "clone", "--quiet", "--shared", str(ROOT), str(folder)]
    subprocess.run(git, check=True)
    changed = ["git", "diff", "--name-only", "--diff-filter=d", "HEAD"]
    names = subprocess.run(changed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in names.split("\n")[:-1]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((ROOT / name).read_bytes())
    made.publish(folder / "models" / "published", "mine")
    return folder


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The address of a server with bitmaps of each classic word."""
    path = tmp_path_factory.mktemp("bucket") / "rows.npy"
    with serve() as server:
        for word in CLASSIC:
            np.save(path, rasterise_batch(made.drawings("circle", 20)).reshape(-1, 784))
            server.files[f"/full/numpy_bitmap/{word}.npy"] = path.read_bytes()
        yield server.url


def shortened(line: str, bucket: str) -> list[str]:
    words = shlex.split(line)
    for start, more in MORE.items():
        if line.startswith(f"python -m {start}"):
            words += more.format(bucket=bucket).split()
    assert words[0] == "python", f"{line} is neither run here nor in NOT_RUN"
    return [sys.executable, *words[1:]]


def run_until_it_says(command: list[str], text: str, folder: Path) -> subprocess.Popen[str]:
    """Start a command, and wait for a line that begins with a text."""
    started = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, text=True, preexec_fn=signals.usual
    )
    assert started.stdout is not None
    line = ""
    for line in started.stdout:
        if line.startswith(text):
            return started
    raise AssertionError(f"{command} ended with {line!r}")


def test_each_command_of_the_readme_runs_in_a_fresh_clone(clone: Path, bucket: str):
    servers: list[subprocess.Popen[str]] = []
    try:
        for line in lines():
            if line in NOT_RUN:
                continue
            command = shortened(line, bucket)
            module = command[2]
            if module in UNTIL:
                while module == "game.server" and servers:  # it would take the other's port
                    stop(servers.pop())
                servers.append(run_until_it_says(command, UNTIL[module], clone))
            else:
                done = subprocess.run(
                    command, cwd=clone, capture_output=True, text=True, timeout=PATIENCE
                )
                assert done.returncode == 0, f"{line}\n{done.stderr}"
    finally:
        for server in reversed(servers):
            stop(server)
    there = {path.stem for path in (clone / "data" / "numpy_bitmap").iterdir()}
    assert there == set(CLASSIC)


def stop(server: subprocess.Popen[str]) -> None:
    server.send_signal(signal.SIGINT)
    with server:
        server.communicate(timeout=PATIENCE)


def test_what_is_not_run_stands_in_the_readme():
    assert set(NOT_RUN) - set(lines()) == set()
