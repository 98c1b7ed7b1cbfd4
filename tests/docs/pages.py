"""Does what a page says, in a clone of the repository: runs its commands and its Python."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Container, Mapping
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

from tests import signals
from tests.servers import free_port
from tests.test_docs import BLOCK
from training.suites import suites

ROOT = Path(__file__).parents[2]
FORKS = Path(__file__).with_name("forks.py")
PATIENCE = 600.0  # seconds for one command, on a busy machine
SHORT_TRAINING = "--settings.epochs 1 --settings.stride 2 --settings.batch 24 --per-word 8"
# Options that make the commands that begin so short, and independent of the internet. A later
# option takes the place of the same one before it. `tests.docs.prepared` makes the weights.
MORE = {
    "training.fetch": "--base-url {bucket}",
    "training.train": SHORT_TRAINING,
    "training.train --strategy freeze-1": "--weights random.pth",
    "training.train --strategy full --": "--weights random.pth",
    "training.train --strategy gentle": "--weights random.pth",
    "training.train --strategy continue": "--per-word 1 --settings.epoch-cap 1",
    "training.train --words all": "--weights random.pth",
    "training.train --words all --settings": "--per-word 1 --settings.epoch-cap 1",
    "training.pretrain": "--stride 2 --batch 64 --per-word 1 --held-out 64",
    "training.compare": "--weights random.pth --seeds 1 --epochs 1",
    "training.compare --suite starting-points": "--pretraining 64",
    "training.compare --suite freezing --out results/mine/resnet18": "--weights resnet18.pth",
    "game.server": "--port {port}",
    "game.bot": "--server http://127.0.0.1:{port}",
}
SHORTER = {  # the same for parts of the Python examples, in whose place these stand
    "per_word=100": "per_word=8",
    "range(8)": "range(2)",
    "data, s)": "data, s, epochs=1, stride=2, weights='random.pth')",
    '"results/mine/smoke")': "'results/mine/smoke', seeds=1, epochs=1, weights='random.pth')",
    "seeds=12": "seeds=2, epochs=1, weights='random.pth'",
    "site 8000": "site {port}",
}
# What servers say once they are ready; they run until the next one starts, or the page ends.
UNTIL = {"game.server": "Doodle Race: ", "game.bot": "room ", "http.server": "Serving HTTP"}


def blocks(page: str) -> list[tuple[str, str]]:
    """Language and text of each fenced block of a page."""
    return BLOCK.findall((ROOT / page).read_text("utf-8"))


def lines(page: str) -> list[str]:
    """The commands of a page, in their order, each once."""
    texts = [text for language, text in blocks(page) if language == "sh"]
    return [line for line in dict.fromkeys("".join(texts).split("\n")) if line]


class Reader:
    """Someone who does what pages say, in a clone.

    Attributes:
        clone: the folder.
        values: of the names in braces in `MORE` and `SHORTER`.
    """

    def __init__(self, clone: Path, variables: Mapping[str, str] | None = None, **values: object):
        self.clone = clone
        self.values = {"port": free_port(), **values}
        self._variables = os.environ | {"PYTHONUNBUFFERED": "1"} | dict(variables or {})
        self._forks: subprocess.Popen[str] | None = None
        self._servers: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop_servers()
        if self._forks:
            self._forks.communicate(timeout=PATIENCE)  # its input ends, and with it the process

    def follow(self, page: str, but: Container[str] = ()) -> None:
        """Run the commands of a page and its Python examples, in order, and stop its servers.

        Args:
            page: relative to the repository.
            but: commands that are left out.
        """
        done: set[str] = set()
        for language, text in blocks(page):
            if language == "python":
                self.python("-c", self.shorter(text))
            for line in text.split("\n") if language == "sh" else ():
                if line and line not in but and line not in done:
                    self.do(line)
                done.add(line)
        self._stop_servers()

    def do(self, line: str) -> None:
        """Run one command."""
        words = shlex.split(self.shorter(line))
        if words[0] != "python":
            self._run("bash", "-c", line)
            return
        words = [*words[1:], *self.more(line)]
        module = words[1]
        if module in UNTIL:
            self._start(words, UNTIL[module])
        elif module.startswith("training."):
            self.python(*words)
        else:
            self._run(sys.executable, *words)

    def more(self, line: str) -> list[str]:
        """The options that make a command short.

        A suite runs its last arm only: all arms take the same way. Where arms are given, all run.
        """
        found = [more for start, more in MORE.items() if line.startswith(f"python -m {start}")]
        given = dict(pairwise(shlex.split(line)))
        if "training.compare" in line and "--suite" in given and "--arms" not in given:
            found.append(f"--only {suites.find(given['--suite']).arms[-1]}")
        return " ".join(found).format_map(self.values).split()

    def shorter(self, text: str) -> str:
        """A text with the replacements of `SHORTER`."""
        for part, instead in SHORTER.items():
            if part in text:
                text = text.replace(part, instead.format_map(self.values))
        return text

    def python(self, *words: str) -> None:
        """Run Python with these arguments, in a process that has torch already."""
        if self._forks is None:
            pipe = subprocess.PIPE
            self._forks = subprocess.Popen(
                [sys.executable, FORKS],
                cwd=self.clone,
                env=self._variables,
                stdin=pipe,
                stdout=pipe,
                text=True,
            )
        assert self._forks.stdin is not None
        assert self._forks.stdout is not None
        self._forks.stdin.write(json.dumps(words) + "\n")
        self._forks.stdin.flush()
        answer = self._forks.stdout.readline()
        assert answer, f"{shlex.join(words)} ended {FORKS.name}"
        status, said = json.loads(answer)
        assert status == 0, f"{shlex.join(words)}: {status}\n{said}"

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            command,
            cwd=self.clone,
            env=self._variables,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, f"{shlex.join(command)}\n{done.stderr}"

    def _start(self, words: list[str], text: str) -> None:
        """Start a server, and wait for a line that begins with a text."""
        if words[1] != "game.bot":  # which needs the server that runs
            self._stop_servers()
        started = subprocess.Popen(
            [sys.executable, *words],
            cwd=self.clone,
            env=self._variables,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=signals.usual,
        )
        self._servers.append(started)
        assert started.stdout is not None
        line = ""
        for line in started.stdout:
            if line.startswith(text):
                return
        raise AssertionError(f"{shlex.join(words)} ended with {line!r}")

    def _stop_servers(self) -> None:
        while self._servers:
            with self._servers.pop() as server:
                server.send_signal(signal.SIGINT)
                server.communicate(timeout=PATIENCE)
