"""Rooms full of racing bots: time from ink to guess, lost ink, and memory of the server.

    python -m benchmarks.race --data-dir data

The server has a process of its own. The bots are those of `python -m game.bot`. They all run in
this process, and share the cores of the machine with the server.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.tools.crowd import Crowd, figures, quantiles
from benchmarks.tools.meter import Meter
from benchmarks.tools.process import Served, serving
from benchmarks.tools.result import RESULTS, rounded, show, write
from models import shelf
from models.command import run
from models.defaults import SERVED

HOW = """Bots draw raw Quick, Draw! drawings at their own speed, reduced to the given number of
points per second, with one message per point over WebSockets on this machine. A drawing that is not
guessed is followed by another one of the same word. ink to guess: time from the sending of each
point until the bot has a guess that takes it into account, for all points that are sent while the
pad is open and not nearly blank; settled: after the first 20 s, in which everyone draws at once,
because all rooms begin together. dropped: points that were sent at least 500 ms before the verdict
or the end of the round and are not in the revealed drawing, and lost connections. wrong: revealed
drawings that differ from what the bot sent, and last guesses that differ from the model's guess
when the revealed drawing is judged here. Memory: of the server's process, after 20 s of racing,
when every bot has seen the end of its first race, and at the end. A room keeps the drawings of a
race until the next one, so memory may grow until then, and not later. a minute: the slope of a line
through all measurements since the start, and since the end of the first race. The server and the
bots share all cores."""

SETTLED = 20.0  # seconds until every room has raced and all caches are full
EVERY = 5.0  # seconds between two measurements of the server's memory
ENOUGH = 4  # measurements of memory from which its growth is told

Memory = list[tuple[float, float]]
"""Memory in MiB by seconds since the start of the race."""


@dataclass(frozen=True)
class Options:
    """Measure the server while bots race."""

    rooms: int = 50
    """Number of rooms."""
    players: int = 4
    """Bots in each room."""
    seconds: float = 180.0
    """Seconds for which they race."""
    points: float = 20.0
    """Points per second that each bot draws."""
    model: str = SERVED
    """Name of the published model."""
    shelf: Path = shelf.PUBLISHED
    """Folder of published models."""
    round_seconds: int = 20
    """Length of a round."""
    data_dir: Path | None = None
    """Folder of raw Quick, Draw! drawings. Default: shipped drawings, and scribbles."""
    seed: int = 1
    """Seed of the choice of drawings."""
    out: Path = RESULTS / "race.json"
    """Result file."""


@dataclass
class ServerUse:
    """The measured use of memory and processor by the server's process.

    Attributes:
        memory: memory in MiB by seconds since the start of the race.
        raced: seconds until every bot had seen the end of its first race; None when it had not.
        busy: seconds of processor time.
        early: for each bot, the number of its waits in the first `SETTLED` seconds.
    """

    memory: Memory = field(default_factory=lambda: [])
    raced: float | None = None
    busy: float = 0.0
    early: list[int] = field(default_factory=lambda: [])


def main(options: Options) -> None:
    """Measure, and write the result.

    Raises:
        UserError: if no race is possible with the options, or the server cannot be run.
    """
    crowd = Crowd(
        options.rooms,
        options.players,
        options.points,
        options.round_seconds,
        options.data_dir,
        options.seed,
    )
    classifier = shelf.open_judge(options.model, options.shelf)
    arguments = [
        *("--model", options.model, "--shelf", str(options.shelf.resolve())),
        *("--per-address", str(2 * options.rooms * options.players)),
    ]
    server, meters = ServerUse(), crowd.meters()
    with serving("benchmarks.tools.our_page", arguments) as served:
        busy, own, began = served.busy(), time.process_time(), time.perf_counter()
        lasts = _watch(served, server, options.seconds, meters)
        asyncio.run(crowd.race([served.address], meters, lasts))
        lasted = time.perf_counter() - began
        server.busy, own = served.busy() - busy, time.process_time() - own
    found = figures([meter.seen for meter in meters], lasted, classifier)
    found["ink_to_guess_settled"] = quantiles(_settled(meters, server))
    found |= _use(options, server, own, lasted)
    write(options.out, HOW, _settings(options) | found)
    latency = found["ink_to_guess"]
    rows = [(name, latency[name]) for name in ("median_ms", "p95_ms", "p99_ms", "max_ms")]
    rows.append(("p99_ms, settled", found["ink_to_guess_settled"]["p99_ms"]))
    rows += [(f"MiB a minute, {since}", mib) for since, mib in found["memory_mib_a_minute"].items()]
    rows += [(name, found[name]) for name in ("dropped", "wrong", "guesses_per_second")]
    rows += [("memory (MiB), every 20 s", [round(mib) for mib in _every_20_s(server)])]
    show(f"{options.rooms} rooms of {options.players}", ("", ""), rows)


async def _watch(
    served: Served, server: ServerUse, seconds: float, meters: Sequence[Meter]
) -> None:
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        if passed >= min(SETTLED, seconds / 2) and not server.early:
            server.early = [len(meter.seen.waits) for meter in meters]
        server.memory.append((passed, served.memory()))
        if server.raced is None and all(meter.seen.races for meter in meters):
            server.raced = passed
        await asyncio.sleep(min(EVERY, seconds - passed))
    server.early = server.early or [len(meter.seen.waits) for meter in meters]
    server.memory.append((time.perf_counter() - began, served.memory()))


def _settled(meters: Sequence[Meter], server: ServerUse) -> list[float]:
    """The waits in ms after the first `SETTLED` seconds."""
    pairs = zip(meters, server.early, strict=True)
    return [wait for meter, early in pairs for wait in meter.seen.waits[early:]]


def _settings(options: Options) -> dict[str, Any]:
    return {
        "model": options.model,
        "rooms": options.rooms,
        "players": options.rooms * options.players,
        "points_a_second_each": options.points,
        "round_seconds": options.round_seconds,
        "drawings": "raw Quick, Draw!" if options.data_dir else "shipped, and scribbles",
    }


def _use(options: Options, server: ServerUse, own: float, lasted: float) -> dict[str, Any]:
    """The memory and processor time that the server and the bots used."""
    settled = _since(server, min(SETTLED, options.seconds / 2))
    raced = [] if server.raced is None else _since(server, server.raced)
    return {
        "memory_mib": {
            "start": rounded(settled[0][1]),
            "after_first_race": rounded(raced[0][1]) if raced else None,
            "end": rounded(settled[-1][1]),
            "most": rounded(max(mib for _, mib in server.memory)),
            "every_20_s": _every_20_s(server),
        },
        "memory_mib_a_minute": {
            "from_start": a_minute(settled),
            "after_first_race": a_minute(raced),
        },
        "first_race_s": None if server.raced is None else rounded(server.raced),
        "cores_busy": {
            "server": rounded(server.busy / lasted),
            "bots": rounded(own / lasted),
        },
    }


def _since(server: ServerUse, since: float) -> Memory:
    return [(at, mib) for at, mib in server.memory if at >= since]


def a_minute(memory: Memory) -> float | None:
    """The slope of memory in MiB a minute; None with too few measurements to tell."""
    if len(memory) < ENOUGH:
        return None
    at, mib = np.array(memory).T
    return rounded(np.polyfit(at / 60, mib, 1)[0])


def _every_20_s(server: ServerUse) -> list[float]:
    return [rounded(mib) for _, mib in server.memory[:: round(20 / EVERY)]]


if __name__ == "__main__":
    run(Options, main)
