"""What the commands of README.md cost, in words, from the measurements of `benchmarks.costs`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.documents.rows import Figures
from training.experiment import store
from training.experiment.plan import read_plan

LEAST_DISK = 1.0  # megabytes from which the disk is worth a word
SERVERS = ("game.server", "game.bot")  # these end when they are stopped


def sentence(found: Figures, commands: Sequence[str]) -> str:
    """The costs of commands, each by what identifies it in the result file.

    Args:
        found: result file of `benchmarks.costs`.
        commands: parts of command lines; each must be in exactly one.
    """
    return "; ".join(_cost(command, _usage(found, command)) for command in commands)


def machine(found: Figures) -> str:
    """The machine that they were measured on."""
    evidence = found["evidence"]
    vectors = f" with {evidence['vectors']}" if evidence.get("vectors") else ""
    return f"{evidence['cores']} cores of {evidence['processor']}{vectors}"


def hours(folder: Path) -> str:
    """Hours that the runs of an experiment took together, one core each, and the largest memory.

    Raises:
        UserError: when a file of the results cannot be read.
    """
    runs = store.load(folder, read_plan(folder))
    taken = sum(run.seconds for run in runs) / 3600
    largest = max(run.peak_memory or 0 for run in runs)
    return f"about {taken:.0f} hours of one core, {_bytes(largest)} of memory"


def memory(mib: float) -> str:
    """An amount that is given in MiB, in megabytes or gigabytes."""
    return _bytes(mib * 2**20)


def _usage(found: Figures, command: str) -> Mapping[str, float]:
    (usage,) = [used for line, used in found["commands"].items() if command in line]
    return usage


def _cost(command: str, usage: Mapping[str, float]) -> str:
    parts = [f"{memory(usage['mib'])} of memory"]
    if not command.startswith(SERVERS):
        parts.insert(0, _time(usage["s"]))
    if usage["disk_mb"] >= LEAST_DISK:
        parts.append(f"{_bytes(usage['disk_mb'] * 1e6)} of disk")
    return f"`{command}` {', '.join(parts)}"


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes"


def _bytes(count: float) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
