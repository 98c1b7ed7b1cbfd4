"""What the commands of README.md cost: time, memory and disk.

    python -m benchmarks.costs --data-dir data --weights weights/NAME.pth  # Linux

They run in a fresh clone, in the order in which a reader gives them, in about an hour on 2 cores.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.tools.result import RESULTS, show, write
from benchmarks.tools.usage import Usage, to_its_end, until_ready
from models.command import run

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What a command that does not end says once it is ready.
READY = {"make play": "Doodle Race: ", "game.server": "Doodle Race: ", "game.bot": "room "}
HOURS = "training.compare --suite freezing"  # its cost is in its results
DOWNLOADS = "training.fetch"
BEGINS_WITH_WEIGHTS = ("training.train", "training.compare --suite")
HOW = """The commands of README.md, once each, in a fresh clone with an environment of its own.
Seconds: from start to end, of servers and bots until they are ready. Memory: the largest sum of
the resident sets of a command's processes, asked four times a second; of servers and bots, ten
seconds after they are ready. Disk: by how much the clone's folder grew, the environment included.
Packages come from the index that pip is set to, not from its cache."""


@dataclass(frozen=True)
class Options:
    """Measure what the commands of README.md cost."""

    data_dir: Path | None = None
    """Folder of drawings that are there already; without it `training.fetch` downloads them."""
    weights: Path | None = None
    """Weights that training begins with, instead of a download."""
    only: tuple[str, ...] = ()
    """Run only commands that contain one of these texts."""
    out: Path = RESULTS / "costs.json"
    """Result file."""


def main(options: Options) -> None:
    with TemporaryDirectory() as folder, ExitStack() as running:
        clone = Path(folder) / "doodle-race"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        environment = _environment(clone, options)
        found: dict[str, Usage] = {}
        for line in _chosen(options):
            found[line] = _cost(line, clone, environment, options, running)
            print(line, found[line], file=sys.stderr)
    rows = [(line, *vars(usage).values()) for line, usage in found.items()]
    show("Commands of README.md", ("command", "s", "MiB", "disk MB"), rows)
    write(options.out, HOW, {"commands": {line: vars(usage) for line, usage in found.items()}})


def commands(text: str) -> list[str]:
    """The lines of the shell blocks of a Markdown text."""
    return [line for block in BLOCK.findall(text) for line in block.splitlines() if line]


def _chosen(options: Options) -> Iterator[str]:
    for line in commands((ROOT / "README.md").read_text("utf-8")):
        fetched = DOWNLOADS in line and options.data_dir
        wanted = not options.only or any(text in line for text in options.only)
        if wanted and HOURS not in line and not fetched:
            yield line


def _environment(clone: Path, options: Options) -> dict[str, str]:
    scripts = clone / ".venv" / "bin"
    python = str(Path(sys.base_prefix) / "bin" / "python3")  # not that of this environment
    own = {
        "PATH": f"{scripts}:{os.environ['PATH']}",
        "PYTHON": python,
        "PYTHONUNBUFFERED": "1",
        "PIP_NO_CACHE_DIR": "1",
    }
    data = {"DOODLE_DATA_DIR": str(options.data_dir.resolve())} if options.data_dir else {}
    return os.environ | own | data


def _cost(
    line: str, clone: Path, environment: dict[str, str], options: Options, running: ExitStack
) -> Usage:
    """What one command costs; servers run until another command than a bot begins."""
    words = shlex.split(line)
    if options.weights and any(each in line for each in BEGINS_WITH_WEIGHTS):
        words += ["--weights", str(options.weights.resolve())]
    if "game.bot" not in line:
        running.close()
    for command, says in READY.items():
        if command in line:
            return running.enter_context(until_ready(says, words, clone, environment))
    return to_its_end(words, clone, environment)


if __name__ == "__main__":
    run(Options, main)
