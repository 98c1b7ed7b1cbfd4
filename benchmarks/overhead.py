"""What the server's processor time beside judging costs: on uvloop, and on Python's own event loop.

python -m benchmarks.overhead

An earlier checkout can be measured too:

git worktree add ../before COMMIT
python -m benchmarks.overhead --before ../before
"""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.tools.crowd import Crowd
from benchmarks.tools.process import ROOT, busy
from benchmarks.tools.result import RESULTS, rounded, show, write
from models.command import UserError, run

HOW = """Bots race in rooms of a server whose model costs nothing, so that its processor time is
what the rest costs: sockets, messages, rules, rasters of drawings, and storing of results. Servers
take turns, each in a process of its own: now, as it is; asyncio, the same on Python's own event
loop; before, an earlier checkout. a point: processor time of the server
divided by the points that the bots sent, a message each; a guess: divided by the guesses that they
got. Processor time, not elapsed time, because other programs ran on the machine."""

SCRIPT = Path(__file__).parent / "tools" / "free_judge.py"
SETTLE = 2.0  # seconds from when every bot has drawn


@dataclass(frozen=True)
class Options:
    """Compare the server's processor time on two event loops, and with an earlier checkout."""

    before: Path | None = None
    """Folder of an earlier checkout."""
    rooms: int = 12
    """Number of rooms."""
    players: int = 4
    """Bots in each room."""
    points: float = 20.0
    """Points that each bot draws per second."""
    seconds: float = 45.0
    """Seconds of racing that are measured, in each turn; points count when their round ends."""
    repeats: int = 3
    """Turns of each server; the median is reported."""
    seed: int = 1
    """Seed of the choice of drawings."""
    out: Path = RESULTS / "overhead.json"
    """Result file."""


def main(options: Options) -> None:
    """Measure, and write the result.

    Raises:
        UserError: there is no earlier checkout, or a server cannot be run.
    """
    before = options.before
    if before and not (before / "game" / "server.py").is_file():
        raise UserError(f"{before} is no checkout of the project", "See --help")
    servers = {"asyncio": (ROOT, "asyncio"), "now": (ROOT, "auto")}
    if before:
        servers["before"] = (before, "auto")
    crowd = Crowd(options.rooms, options.players, options.points, 20, None, options.seed)
    turns: dict[str, list[dict[str, float]]] = {name: [] for name in servers}
    for _ in range(options.repeats):
        for name, (tree, loop) in servers.items():
            turns[name].append(_turn(tree, loop, crowd, options.seconds))
    rows = {name: _median(each) for name, each in turns.items()}
    ratios = {
        name: {u: rounded(row[u] / rows["now"][u]) for u in ("ms_a_point", "ms_a_guess")}
        for name, row in rows.items()
        if name != "now"
    }
    found: dict[str, Any] = {
        "before_commit": _commit(before) if before else None,
        "players": options.rooms * options.players,
        "turns": turns,
        **rows,
        "ratio": ratios,
        "load_during": rounded(os.getloadavg()[0]),
    }
    write(options.out, HOW, found)
    show("processor time", ("", *rows["now"]), [[n, *row.values()] for n, row in rows.items()])


def _turn(tree: Path, loop: str, crowd: Crowd, seconds: float) -> dict[str, float]:
    """The use of one server."""
    meters = crowd.meters()
    seen: list[tuple[float, int, int]] = []

    async def watch(process: subprocess.Popen[str]) -> None:
        while min(meter.seen.points for meter in meters) == 0:
            if process.poll() is not None:
                raise UserError(f"the server of {tree} has ended", "It says why above")
            if any("malformed" in meter.seen.problems for meter in meters):
                raise UserError(
                    "the server does not understand the bots", "Choose a later checkout"
                )
            await asyncio.sleep(0.2)
        for wait in (SETTLE, seconds):
            await asyncio.sleep(wait)
            points = sum(meter.seen.points for meter in meters)
            seen.append((busy(process.pid), points, sum(meter.seen.guesses for meter in meters)))

    with _serving(tree, loop) as (address, process):
        try:
            asyncio.run(crowd.race([address], meters, watch(process)))
        except* UserError as errors:
            raise errors.exceptions[0] from None
    (cpu, points, guesses), (cpu_end, points_end, guesses_end) = seen
    used = 1000 * (cpu_end - cpu)
    return {
        "ms_a_point": rounded(used / (points_end - points)),
        "ms_a_guess": rounded(used / (guesses_end - guesses)),
        "points": points_end - points,
        "guesses": guesses_end - guesses,
    }


@contextmanager
def _serving(tree: Path, loop: str) -> Generator[tuple[str, subprocess.Popen[str]]]:
    """The address and process of a server with the packages of a checkout."""
    command = [sys.executable, str(SCRIPT), loop]
    environment = os.environ | {"PYTHONPATH": str(tree.resolve())}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, cwd=tree
    ) as process:
        try:
            assert process.stdout
            address = re.search(r"http://\S+", process.stdout.readline())
            if address is None:
                raise UserError(f"the server of {tree} did not start", "It says why above")
            yield address[0], process
        finally:
            process.kill()


def _median(turns: list[dict[str, float]]) -> dict[str, float]:
    return {name: rounded(np.median([turn[name] for turn in turns])) for name in turns[0]}


def _commit(tree: Path) -> str:
    command = ["git", "-C", str(tree), "rev-parse", "--short=12", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    run(Options, main)
