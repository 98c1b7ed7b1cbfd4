"""Provenance of a result: what is needed to repeat and to check it."""

import platform
import shlex
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path, PurePath

import torch

TO_HUB = ("--to-hub", "--to_hub")  # of training.publish, as it may be written
RESULTS = (":(top,exclude)results", ":(top,exclude)benchmarks/results")
PACKAGES = ("torch", "torchvision", "efficientnet-pytorch", "numpy", "onnxruntime")


def command() -> str:
    """The command of this process, as typed in a shell."""
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    program = f"python -m {spec.name}" if spec else shlex.quote(sys.argv[0])
    return " ".join([program, *map(shlex.quote, sys.argv[1:])])


def portable(command: str) -> str:
    """A command without the folders of the machine that it ran on: of an absolute path, the last
    part is left. For results that are shared with others, whom those folders do not concern.

    A text that no shell can read, as older results may have, stays as it is."""

    def shortened(word: str) -> str:
        option, equals, value = word.rpartition("=")
        path = PurePath(value)
        return f"{option}{equals}{path.name}" if path.is_absolute() and path.name else word

    try:
        words = shlex.split(command)
    except ValueError:
        return command
    return shlex.join(map(shortened, words))


def without_upload(words: Sequence[str]) -> list[str]:
    """A command that does not send its model to the Hub, for those who make the model again."""
    return [
        word
        for before, word in pairwise(["", *words])
        if before not in TO_HUB and word.partition("=")[0] not in TO_HUB
    ]


def commit() -> str:
    """The Git commit of the project, with "-dirty" if files differ; "unknown" outside Git.

    Files of results may differ, as they do when several measurements follow each other.
    """
    try:
        found = _git("describe", "--always", "--abbrev=12", "--exclude=*").strip()
        differ = _git("diff", "--name-only", "HEAD", "--", ":/", *RESULTS)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{found}-dirty" if differ else found


def _git(*words: str) -> str:
    here = Path(__file__).parent
    done = subprocess.run(["git", *words], cwd=here, capture_output=True, text=True, check=True)
    return done.stdout


def evidence(device: torch.device) -> dict[str, object]:
    """Command, versions, commit and device, as values for JSON."""
    cuda = device.type == "cuda"
    return {
        "command": command(),
        "commit": commit(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
        "device": torch.cuda.get_device_name(device) if cuda else f"CPU ({platform.machine()})",
        "threads": torch.get_num_threads(),
    }
