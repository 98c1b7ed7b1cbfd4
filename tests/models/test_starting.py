"""The start of all commands: options are checked before slow imports; errors are one line."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from models.command import EXTRAS
from tests import cli

ROOT = Path(__file__).parents[2]
COMMANDS = (
    "game.moderate",
    "game.static_site",
    "models.classify",
    "training.remake",
)
HEAVY = {
    "fastapi",
    "gradio",
    "sqlalchemy",
    "uvicorn",
    *(m for e in EXTRAS.values() for m in e),
}
LISTS_MODULES = """
import atexit, os, runpy, sys
atexit.register(lambda: os.write(3, " ".join(sys.modules).encode()))
module, *sys.argv[1:] = sys.argv[1:]
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""
HEEDS_INTERRUPTS = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)  # even if the tests' parent ignores it
os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])
"""
SLOW = "import time\nprint('importing', flush=True)\ntime.sleep(60)\n"
TRAINING = ("--out", "run", "--strategy", "scratch")
PATIENCE = 60.0


@pytest.mark.parametrize("option", ["--help", "--no-such-option"])
@pytest.mark.parametrize("module", COMMANDS)
def test_options_are_parsed_before_anything_heavy_is_imported(module: str, option: str):
    read, write = os.pipe()
    run = [sys.executable, "-c", f"import os; os.dup2({write}, 3)\n{LISTS_MODULES}", module, option]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, pass_fds=[write])
    os.close(write)
    with os.fdopen(read) as pipe:
        imported = {name.split(".")[0] for name in pipe.read().split()}
    assert done.returncode == (0 if option == "--help" else 2), done.stderr
    assert "tyro" in imported
    assert imported & HEAVY == set()


@pytest.mark.parametrize("module", COMMANDS)
def test_help_shows_the_name_of_the_command(module: str):
    done = cli.run(module, "--help", cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"python -m {module}" in done.stdout


def without(module: str, folder: Path) -> dict[str, str]:
    """An environment in which a module is not installed."""
    text = f"raise ModuleNotFoundError({f'No module named {module!r}'!r}, name={module!r})\n"
    (folder / f"{module}.py").write_text(text)
    return {**os.environ, "PYTHONPATH": str(folder)}


@pytest.mark.parametrize(
    ("missing", "advice"),
    [("torch", 'pip install "doodle-race[train]"'), ("tyro", "pip install -e . in its folder")],
)
def test_a_missing_package_is_reported_in_one_line(tmp_path: Path, missing: str, advice: str):
    run = [sys.executable, "-m", "training.train", *TRAINING]
    given = without(missing, tmp_path)
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, env=given)
    line = cli.error_of(done)
    assert f"{missing} is not installed" in line
    assert line.endswith(advice)


@pytest.mark.parametrize(
    ("imports", "command"),
    [
        ("tyro", "training.train --out run"),
        ("torch", "training.train --out run"),
        ("numpy", "models.classify --bitmaps cat.npy"),
    ],
)
def test_ctrl_c_during_an_import_is_one_line(tmp_path: Path, imports: str, command: str):
    (tmp_path / f"{imports}.py").write_text(SLOW)
    started = subprocess.Popen(
        [sys.executable, "-c", HEEDS_INTERRUPTS, *command.split()],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with started:
        assert started.stdout is not None
        assert started.stdout.readline() == "importing\n"
        started.send_signal(signal.SIGINT)
        _, said = started.communicate(timeout=PATIENCE)
    assert said.strip() == "stopped; run the same command again to go on"
    assert started.returncode == 130
