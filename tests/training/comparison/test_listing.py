"""`training.compare --list`: all suites, arms and networks, also the user's own, and quickly."""

import subprocess
import sys
from pathlib import Path
from typing import get_args

from training.choices import NetworkName
from training.strategies.catalogue import STRATEGIES
from training.suites.suites import SUITES

OWN = """
[[strategy]]
name = "warm-head"
start = "imagenet"
description = "the head alone, then everything"

[[strategy.phases]]
learn = "head"
"""
WITHOUT_TORCH = """
import runpy, sys
sys.argv = ["compare", "--list", "--strategies", sys.argv[1]]
runpy.run_module("training.compare", run_name="__main__", alter_sys=True)
assert "torch" not in sys.modules
"""


def test_everything_is_listed_without_torch(tmp_path: Path):
    own = tmp_path / "mine.toml"
    own.write_text(OWN)
    command = [sys.executable, "-c", WITHOUT_TORCH, own]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    first_words = {line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")}
    assert first_words == {*SUITES, *STRATEGIES, "warm-head"}
    for network in get_args(NetworkName):
        assert network in done.stdout.splitlines()[-1]
