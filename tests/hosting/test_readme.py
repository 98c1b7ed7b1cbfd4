"""The README's commands run in a fresh clone, in their order, or stand in a list with a reason."""

import shlex
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
import torch
from efficientnet_pytorch import EfficientNet

from models.raster import rasterise_batch
from models.words import CLASSIC
from tests import made, signals
from tests.servers import free_port
from tests.test_docs import blocks
from tests.training.bucket import serve

ROOT = Path(__file__).parents[2]
PATIENCE = 600.0  # seconds for one command, on a busy machine
PORT = free_port()
EACH = 60  # bitmaps of each word
PUBLISHED = "takes a minute; tests/training/test_publish.py runs it, and a tiny model is there"
NOT_RUN = {
    "make play": "installs packages from the internet",
    'pip install -e ".[train]"': "installs packages from the internet",
    "python -m training.publish --run runs/freeze-1 --name mine": PUBLISHED,
    "python -m training.compare --suite smoke --out results/mine/smoke": (
        "takes minutes; tests/training/test_compare.py runs it with drawings of its own"
    ),
    "python -m training.compare --suite freezing --out results/mine/freezing": (
        "trains for hours; smoke is the same code"
    ),
}
MORE = {  # options that make a command of the README independent of the internet and other servers
    "training.fetch": "--base-url {bucket}",
    "training.train": "--weights {weights} --settings.epochs 1",
    "game.server": f"--port {PORT}",
    "game.bot": f"--server http://127.0.0.1:{PORT}",
}
UNTIL = {"game.server": "Doodle Race: ", "game.bot": "room "}  # these run until they are stopped


def lines() -> list[str]:
    """The commands of the README, in their order."""
    texts = "\n".join(blocks(ROOT / "README.md", "sh"))
    return [line for line in texts.split("\n") if line]


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
        for number, word in enumerate(CLASSIC):
            drawn = made.drawings("circle", EACH, number * EACH)
            np.save(path, rasterise_batch(drawn).reshape(-1, 784))
            server.files[f"/full/numpy_bitmap/{word}.npy"] = path.read_bytes()
        yield server.url


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint to start from in place of ImageNet's: random weights of the same shapes."""
    path = tmp_path_factory.mktemp("weights") / "random.pth"
    network = EfficientNet.from_name("efficientnet-b0", image_size=28, num_classes=10)
    torch.save(network.state_dict(), path)
    return path


def shortened(line: str, bucket: str, weights: Path) -> list[str]:
    words = shlex.split(line)
    for start, more in MORE.items():
        if line.startswith(f"python -m {start}"):
            words += more.format(bucket=bucket, weights=weights).split()
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


def test_each_command_of_the_readme_runs_in_a_fresh_clone(clone: Path, bucket: str, weights: Path):
    servers: list[subprocess.Popen[str]] = []
    try:
        for line in lines():
            if line in NOT_RUN:
                continue
            command = shortened(line, bucket, weights)
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
    assert (clone / "runs" / "freeze-1" / "network.pt").is_file()


def stop(server: subprocess.Popen[str]) -> None:
    server.send_signal(signal.SIGINT)
    with server:
        server.communicate(timeout=PATIENCE)


def test_what_is_not_run_stands_in_the_readme():
    assert set(NOT_RUN) - set(lines()) == set()
