"""Provenance of a result: what is needed to repeat and to check it."""

import platform
import shlex
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import torch

PACKAGES = ("torch", "torchvision", "efficientnet-pytorch", "numpy", "onnxruntime")


def command() -> str:
    """The command of this process, as typed in a shell."""
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    program = f"python -m {spec.name}" if spec else sys.argv[0]
    return " ".join([program, *map(shlex.quote, sys.argv[1:])])


def commit() -> str:
    """The Git commit of the project, with "-dirty" if files differ; "unknown" outside Git."""
    here = Path(__file__).parent
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
            cwd=here,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


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
