"""Shared by all benchmarks: alternating timings, summaries, ratios and the result file."""

import json
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from models.command import whole_file
from training.trainer.evidence import evidence

RESULTS = Path(__file__).parents[1] / "results"
PACKAGES = ("gradio", "pillow", "playwright")  # besides those in the evidence of training
CPU = torch.device("cpu")
VECTORS = {"avx512f": "AVX-512", "avx2": "AVX2"}  # by the names of /proc/cpuinfo, widest first
LOAD_BEFORE = os.getloadavg()[0]  # load of the machine before the benchmark begins

Summary = dict[str, float]


def in_turn(
    contenders: Mapping[str, Callable[[], object]], repeats: int, warm_up: int = 1
) -> dict[str, list[float]]:
    """Milliseconds of the calls of each contender.

    The contenders are called in turn, so that a busy moment of the machine affects all alike.

    Args:
        contenders: functions to time, by name.
        repeats: timed calls of each.
        warm_up: calls of each before that, which are not timed.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(warm_up + repeats):
        for name, call in contenders.items():
            began = time.perf_counter()
            call()
            if number >= warm_up:
                times[name].append((time.perf_counter() - began) * 1000)
    return times


def summary(milliseconds: Sequence[float]) -> Summary:
    """Count, median and 95th percentile."""
    return {
        "n": len(milliseconds),
        "median_ms": rounded(np.median(milliseconds)),
        "p95_ms": rounded(np.percentile(milliseconds, 95)),
    }


def ratio(slow: Summary, fast: Summary) -> float:
    """The stated median of `slow` divided by that of `fast`."""
    return rounded(slow["median_ms"] / fast["median_ms"])


def rounded(value: float | np.floating[Any]) -> float:
    """The value with four significant digits; no timing is more exact than that."""
    return float(f"{value:.4g}")


def write(out: Path, how: str, measured: Mapping[str, Any], device: torch.device = CPU) -> None:
    """Write a result file: the method, the machine and versions, and the numbers.

    Args:
        out: the file.
        how: the method in words.
        measured: the numbers by name.
        device: the device that was measured.

    Raises:
        UserError: if the file cannot be written.
    """
    record = {
        "how": " ".join(how.split()),
        "date": datetime.now(UTC).date().isoformat(),
        "evidence": _evidence(device),
        **measured,
    }
    with whole_file(out, "w") as file:
        file.write(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    Console(stderr=True).print(f"{record['how']}\nwritten to {out}")


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table."""
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*map(str, row))
    Console().print(table)


def _evidence(device: torch.device) -> dict[str, object]:
    found: dict[str, Any] = evidence(device)
    return {
        **found,
        "versions": {**found["versions"], **{name: version(name) for name in PACKAGES}},
        "processor": _stated("model name") or platform.machine(),
        "vectors": _vectors(),
        "cores": os.cpu_count(),
        "load_before": round(LOAD_BEFORE, 1),
    }


def _stated(field: str) -> str:
    """What Linux states about the first core of the processor; empty elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(field)), "")


def _vectors() -> str | None:
    """The widest vector instructions, on which the speed of a network depends most."""
    flags = _stated("flags").split()
    return next((name for flag, name in VECTORS.items() if flag in flags), None)
