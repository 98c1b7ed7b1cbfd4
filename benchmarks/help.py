"""How long each command takes to print its `--help`, and its memory, against importing torch.

    python -m benchmarks.help

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

from benchmarks.result import RESULTS, rounded, show, write
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
    contenders = {name: ["-m", name, "--help"] for name in COMMANDS} | {TORCH: ["-c", TORCH]}
    costs: dict[str, list[Cost]] = {name: [] for name in contenders}
    for number in range(1 + options.repeats):
        for name, arguments in contenders.items():
            cost = cost_of([sys.executable, *arguments])
            if number:
                costs[name].append(cost)
    found = {name: summary(each) for name, each in costs.items()}
    show("--help", ("command", "s", "MiB"), [(n, f["s"], f["mib"]) for n, f in found.items()])
    torch = found.pop(TORCH)
    slowest = max(found.values(), key=lambda each: each["s"])
    ratio = rounded(torch["s"] / slowest["s"])
    measured = {"commands": found, "torch": torch, "torch_to_slowest": ratio}
    write(options.out, HOW, measured)


def cost_of(command: Sequence[str]) -> Cost:
    """Run a command to its end (POSIX).

    Raises:
        UserError: if it fails.
    """
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise UserError(f"{' '.join(command)} has failed", "Its own error is above")
    return Cost(seconds, usage.ru_maxrss / 1024)


def summary(costs: Sequence[Cost]) -> Mapping[str, float]:
    """Number of runs, median of the seconds, largest memory."""
    return {
        "n": len(costs),
        "s": rounded(median(cost.seconds for cost in costs)),
        "mib": rounded(max(cost.memory for cost in costs)),
    }


if __name__ == "__main__":
    run(Options, main)
