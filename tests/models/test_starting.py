"""The start of all commands: options are checked before slow imports; errors are one line."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from models.command import EXTRAS, READER_GONE
from tests import cli

ROOT = Path(__file__).parents[2]
COMMANDS = (
    "game.backup",
    "game.bot",
    "game.moderate",
    "game.restore",
    "game.server",
    "game.spaces.deploy",
    "game.static_site",
    "models.classify",
    "models.samples",
    "training.compare",
    "training.evaluate",
    "training.fetch",
    "training.pretrain",
    "training.publish",
    "training.remake",
    "training.recover",
    "training.results",
    "training.soup",
    "training.train",
)
FOR_DEVELOPERS = {
    "game.records.sketch",
    "game.static_site.assets",
    "game.web.assets",
    "game.web.rules",
}
HEAVY = {
    "fastapi",
    "gradio",
    "onnxruntime",
    "pydantic",
    "sqlalchemy",
    "uvicorn",
    *(m for e in EXTRAS.values() for m in e),
}
REFUSES_THEN_HELPS = """
import os, runpy, sys
module, run = sys.argv[1], runpy.run_module
for option, code in (("--no-such-option", 2), ("--help", 0)):
    sys.argv = [module, option]
    try:
        run(module, run_name="__main__", alter_sys=True)
    except SystemExit as stop:
        assert stop.code == code, (option, stop.code)
os.write(3, " ".join(sys.modules).encode())
"""
HEEDS_INTERRUPTS = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)  # even if the tests' parent ignores it
os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])
"""
# In one long sleep, Python 3.14 would not see an interrupt that came just before it.
SLOW = "import time\nprint('importing', flush=True)\nfor _ in range(600):\n    time.sleep(0.1)\n"
TRAINING = ("--out", "run", "--strategy", "scratch")
PATIENCE = 60.0


def test_every_command_is_tested():
    found = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__main__")
        for package in ("game", "models", "training")
        for path in (ROOT / package).rglob("*.py")
        if "    run(Options, main)" in (text := path.read_text("utf-8")) or "    console()" in text
    }
    assert found - FOR_DEVELOPERS == set(COMMANDS)


@pytest.mark.parametrize("module", COMMANDS)
def test_options_are_parsed_before_anything_heavy_is_imported(module: str):
    """Both a wrong option and `--help`, which also tells how the command is called."""
    read, write = os.pipe()
    script = f"import os; os.dup2({write}, 3)\n{REFUSES_THEN_HELPS}"
    run = [sys.executable, "-c", script, module]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, pass_fds=[write])
    os.close(write)
    with os.fdopen(read) as pipe:
        imported = {name.split(".")[0] for name in pipe.read().split()}
    assert done.returncode == 0, done.stderr
    assert f"python -m {module} --help" in done.stderr  # the end of a refusal
    assert f"python -m {module}" in done.stdout
    assert "tyro" in imported
    assert imported & HEAVY == set()


def without(module: str, folder: Path) -> dict[str, str]:
    """An environment in which a module is not installed."""
    text = f"raise ModuleNotFoundError({f'No module named {module!r}'!r}, name={module!r})\n"
    (folder / f"{module}.py").write_text(text)
    return {**os.environ, "PYTHONPATH": str(folder)}


@pytest.mark.parametrize(
    ("missing", "advice"),
    [("torch", 'pip install -e ".[train]"'), ("tyro", 'pip install -e "."')],
)
def test_a_missing_package_is_reported_in_one_line(tmp_path: Path, missing: str, advice: str):
    run = [sys.executable, "-m", "training.train", *TRAINING]
    given = without(missing, tmp_path)
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, env=given)
    line = cli.error_of(done)
    assert f"{missing} is not installed" in line
    assert line.endswith(f"{advice} in {ROOT}")


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


def test_a_reader_that_leaves_early_is_no_error():
    """As with `doodle-race-classify --words | head -1`; here the reader leaves at once."""
    read, write = os.pipe()
    os.close(read)
    words = [sys.executable, "-m", "models.classify", "--words"]
    done = subprocess.run(words, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (done.returncode, done.stderr) == (READER_GONE, "")
