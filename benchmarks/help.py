"""How long each command takes to print its `--help`, and its memory, against importing torch.

    python -m benchmarks.help  # Linux

Options are parsed before anything heavy is imported, so a wrong option is refused as quickly.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.tools.result import RESULTS, rounded, show, write
from models.command import UserError, run

ROOT = Path(__file__).parents[1]
COMMANDS = (
    "game.bot",
    "game.server",
    "game.spaces.deploy",
    "models.classify",
    "training.compare",
    "training.evaluate",
    "training.fetch",
    "training.pretrain",
    "training.publish",
    "training.remake",
    "training.soup",
    "training.train",
)
TORCH = "import torch"
HELP = """import runpy, sys
sys.argv = ["command", "--help"]
runpy.run_module("{}", run_name="__main__", alter_sys=True)
"""
# A process's own usage (getrusage) would include the memory of the process that started it.
PEAK = """import atexit, os, pathlib, re
status = pathlib.Path("/proc/self/status")
peak = lambda: re.search(r"VmHWM:\\s*(\\d+)", status.read_text())[1]
atexit.register(lambda: os.write({}, peak().encode()))
"""
HOW = """Each command's --help, and an import of torch, run in turn as processes of their own.
Seconds are from the start to the end of a process, the median of its runs; memory is the largest
resident set of any of them."""


@dataclass(frozen=True)
class Options:
    """Measure how long commands take to print their --help."""

    repeats: int = 5
    """Timed runs of each command, after one that is not timed."""
    out: Path = RESULTS / "help.json"
    """Result file."""


@dataclass(frozen=True)
class Cost:
    """The cost of a process: wall-clock seconds, and its largest resident set in MiB."""

    seconds: float
    memory: float


def main(options: Options) -> None:
    contenders = {name: HELP.format(name) for name in COMMANDS} | {TORCH: TORCH}
    costs: dict[str, list[Cost]] = {name: [] for name in contenders}
    for number in range(1 + options.repeats):
        for name, program in contenders.items():
            cost = cost_of(program)
            if number:
                costs[name].append(cost)
    found = {name: summary(each) for name, each in costs.items()}
    show("--help", ("command", "s", "MiB"), [(n, f["s"], f["mib"]) for n, f in found.items()])
    torch = found.pop(TORCH)
    slowest = max(found.values(), key=lambda each: each["s"])
    ratio = rounded(torch["s"] / slowest["s"])
    measured = {"commands": found, "torch": torch, "torch_to_slowest": ratio}
    write(options.out, HOW, measured)


def cost_of(program: str) -> Cost:
    """Run a Python program to its end.

    Raises:
        UserError: if it fails.
    """
    reader, writer = os.pipe()
    command = [sys.executable, "-c", PEAK.format(writer) + program]
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, pass_fds=(writer,))
    seconds = time.perf_counter() - began
    os.close(writer)
    with os.fdopen(reader, encoding="ascii") as told:
        kibibytes = told.read()
    if done.returncode:
        raise UserError(f"this program has failed: {program}", "Its own error is above")
    return Cost(seconds, int(kibibytes) / 1024)


def summary(costs: Sequence[Cost]) -> Mapping[str, float]:
    """Number of runs, median of the seconds, largest memory."""
    return {
        "n": len(costs),
        "s": rounded(median(cost.seconds for cost in costs)),
        "mib": rounded(max(cost.memory for cost in costs)),
    }


if __name__ == "__main__":
    run(Options, main)
