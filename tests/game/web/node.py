"""Plays the steps of a test on the page's JavaScript in Node, which needs no browser."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from game.web.pad import FOLDER

Step = tuple[Any, ...]  # its name, and its arguments


def play(script: str, steps: Sequence[Step], *options: str) -> Any:
    """What a script of this folder prints after these steps, run with these options."""
    node = shutil.which("node")
    assert node, "the tests run JavaScript in Node: install nodejs (20 or newer)"
    command = [node, str(Path(__file__).with_name(script)), str(FOLDER / "js"), *options]
    done = subprocess.run(
        command, input=json.dumps(steps), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)
