"""Runs the JavaScript of the static site in Node, so that comparing rules needs no browser."""

import json
import shutil
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DRIVE = Path(__file__).with_name("drive.js")

Call = Callable[..., Any]


@contextmanager
def driving(folder: Path) -> Generator[Call]:
    """Call functions of `drive.js` on the modules in `folder`: `js("bitmaps", drawings)`."""
    node = shutil.which("node")
    assert node, "the tests run JavaScript in Node: install nodejs (20 or newer)"
    command = [node, str(DRIVE), str(folder / "js")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdin
        assert process.stdout
        asked, answered = process.stdin, process.stdout

        def call(function: str, *args: Any) -> Any:
            asked.write(json.dumps([function, args]) + "\n")
            asked.flush()
            answer = answered.readline()
            assert answer, f"{function} failed in Node: its error is above"
            return json.loads(answer)

        yield call
        asked.close()
