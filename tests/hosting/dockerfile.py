"""Reads a Dockerfile, and carries out the parts of it that need no container engine."""

import json
import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
ELSEWHERE = "useradd"  # a command that makes users belongs in an image, not on this machine


class Instruction(NamedTuple):
    """One instruction, such as RUN, and its text with continued lines joined."""

    name: str
    text: str


def read(path: Path = ROOT / "Dockerfile") -> list[Instruction]:
    """All instructions in order."""
    lines = [line for line in path.read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [Instruction(*line.split(maxsplit=1)) for line in joined.splitlines() if line]


def texts(name: str) -> list[str]:
    """The text of each instruction with the given name."""
    return [instruction.text for instruction in read() if instruction.name == name]


def variables() -> dict[str, str]:
    """The variables that ENV sets, and the defaults of ARG."""
    words = [word for name in ("ENV", "ARG") for text in texts(name) for word in shlex.split(text)]
    return dict(word.split("=", 1) for word in words)


def command() -> list[str]:
    """The command that a container runs."""
    return json.loads(texts("CMD")[-1])


def health_check() -> list[str]:
    """The command that checks the health of a container."""
    return json.loads(texts("HEALTHCHECK")[-1].partition(" CMD ")[2])


def copies() -> dict[str, str]:
    """Destinations by source, relative to the checkout and to the image's folder."""
    pairs = [shlex.split(text) for text in texts("COPY")]
    return {
        source: str(Path(target, Path(source).name) if target.endswith("/") else Path(target))
        for source, target in pairs
    }


def build(folder: Path, environment: Mapping[str, str]) -> None:
    """Carry out COPY and RUN in a folder instead of an image, without new users.

    Raises:
        CalledProcessError: if a command fails.
    """
    for source, target in copies().items():
        for file in tracked(source):
            place = folder / target / Path(file).relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes((ROOT / file).read_bytes())
    for line in texts("RUN"):
        if ELSEWHERE not in line:
            subprocess.run(["sh", "-ec", line], cwd=folder, env=environment, check=True)


def tracked(path: str) -> list[str]:
    """Files below a path of the checkout that git tracks."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--", path], capture_output=True, check=True
    ).stdout
    return [file for file in listed.decode().split("\0") if file and (ROOT / file).is_file()]


def path_with(python: Path) -> str:
    """A search path that begins with the commands of an environment."""
    return f"{python.parent}{os.pathsep}{os.defpath}"
