"""The game on 1, 2 and 3 replicas that share rooms through Redis, and on one process without it.

    python -m benchmarks.scale --data-dir data

It needs redis-server, and takes about three minutes. The players are bots of `python -m game.bot`;
those of a room are connected to different replicas. Bots, replicas and Redis share the cores of the
machine.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.documents.projection import project
from benchmarks.tools.crowd import Crowd
from benchmarks.tools.meter import BotMeasurements
from benchmarks.tools.process import Served, busy, serving
from benchmarks.tools.result import RESULTS, rounded, show, write
from game.bot.artist import Artist
from models import shelf
from models.command import run
from models.drawing import Drawing
from models.raster import rasterise_batch
from tests.servers import LASTING
from tests.servers import redis as redis_server

HOW = """Bots draw raw Quick, Draw! drawings at their own speed, reduced to the given number of
points per second, with one message per point over WebSockets on this machine, race after race. The
players of a room are connected to the replicas in turn. ink to guess: time from the sending of each
point until the bot has a guess that takes it into account. cpu: processor time during the
measurement, by process, divided by the number of sent guesses. All processes share all cores, so
rows should be compared by cpu rather than by delays. judge: rasterising and classifying one drawing
alone on one thread. Redis writes a file to the disk once a second; all replicas keep records in one
SQLite file. dropped: points that were sent at least 500 ms before the verdict or the end of the
round and are not in the revealed drawing, and lost connections. altered: revealed drawings that
differ from what was sent. projection: see benchmarks/documents/projection.py."""

WARM_UP = 8.0  # seconds until every room races
DRAWINGS = 64  # number of drawings that measure the cost of judging


@dataclass(frozen=True)
class Options:
    """Measure replicas while bots race."""

    rooms: int = 6
    """Number of rooms."""
    players: int = 3
    """Bots in each room."""
    seconds: float = 25.0
    """Seconds for which each row is measured."""
    points: float = 20.0
    """Points per second that each bot draws."""
    replicas: tuple[int, ...] = (0, 1, 2, 3)
    """Number of replicas in each row; 0 is one process without Redis."""
    data_dir: Path | None = None
    """Folder of raw Quick, Draw! drawings. Default: shipped drawings, and scribbles."""
    seed: int = 1
    """Seed of the choice of drawings."""
    out: Path = RESULTS / "scale.json"
    """Result file."""


def main(options: Options) -> None:
    """Measure, and write the result.

    Raises:
        UserError: if redis-server is not installed, or a server cannot be run.
    """
    judge = _judge_cost(options)
    rows = [_row(options, number, judge) for number in options.replicas]
    projection = project(rows, judge)
    write(
        options.out,
        HOW,
        {
            "rooms": options.rooms,
            "players": options.rooms * options.players,
            "points_a_second_each": options.points,
            "judge_ms": rounded(judge),
            "rows": rows,
            "projection": projection,
        },
    )
    names = ("replicas", "guesses_per_second", "median_ms", "p99_ms", "cpu_ms_per_guess", "dropped")
    show("replicas", names, [[row[name] for name in names] for row in rows])
    for line in projection["text"]:
        print(line)


def _row(options: Options, replicas: int, judge: float) -> dict[str, Any]:
    with ExitStack() as stack:
        records = Path(stack.enter_context(TemporaryDirectory())) / "records.sqlite3"
        arguments = [
            *("--per-address", str(2 * options.rooms * options.players)),
            *("--database", f"sqlite:///{records}"),
        ]
        redis: int | None = None
        if replicas:
            server = stack.enter_context(redis_server(LASTING))
            redis, arguments = server.pid, [*arguments, "--redis", server.url]
        servers = [
            stack.enter_context(serving("benchmarks.tools.our_page", arguments))
            for _ in range(max(replicas, 1))
        ]
        return _measure(options, servers, redis, judge) | {"replicas": replicas}


def _measure(
    options: Options, servers: Sequence[Served], redis: int | None, judge: float
) -> dict[str, Any]:
    """Let all bots race; return what was measured after the warm-up."""
    meters, found = crowd(options).meters(), dict[str, Any]()

    async def watch() -> None:
        await asyncio.sleep(WARM_UP)
        for meter in meters:
            meter.seen.waits.clear()
            meter.seen.guesses = 0
        before, began = _busy(servers, redis), time.perf_counter()
        await asyncio.sleep(options.seconds)
        lasted = time.perf_counter() - began
        used = {name: after - before[name] for name, after in _busy(servers, redis).items()}
        found.update(_figures([meter.seen for meter in meters], lasted, used, judge))

    asyncio.run(crowd(options).race([server.address for server in servers], meters, watch()))
    return found


def crowd(options: Options) -> Crowd:
    """The bots that race with these options."""
    return Crowd(options.rooms, options.players, options.points, 20, options.data_dir, options.seed)


def _figures(
    seen: Sequence[BotMeasurements], lasted: float, used: dict[str, float], judge: float
) -> dict[str, Any]:
    waits = np.array([wait for one in seen for wait in one.waits] or [np.nan])
    guesses = sum(one.guesses for one in seen)
    total = sum(used[name] for name in ("replicas", "redis"))
    return {
        "seconds": rounded(lasted),
        "guesses": guesses,
        "guesses_per_second": rounded(guesses / lasted),
        "guesses_per_player_second": rounded(guesses / lasted / len(seen)),
        "median_ms": rounded(np.median(waits)),
        "p99_ms": rounded(np.percentile(waits, 99)),
        "cpu_ms_per_guess": rounded(1000 * total / guesses),
        "cpu_ms_per_guess_replicas": rounded(1000 * used["replicas"] / guesses),
        "cpu_ms_per_guess_redis": rounded(1000 * used["redis"] / guesses),
        "judge_share_of_replicas": rounded(judge * guesses / 1000 / used["replicas"]),
        "cores_busy": {name: rounded(seconds / lasted) for name, seconds in used.items()},
        "dropped": sum(one.missing + one.lost for one in seen),
        "altered": sum(one.altered for one in seen),
    }


def _judge_cost(options: Options) -> float:
    """Milliseconds of processor time to judge a drawing, one at a time.

    With many players on many replicas, a judge seldom has several drawings at once.
    """
    classifier = shelf.open_judge(shelf.DEFAULT)
    artist, words = Artist(options.data_dir, Random(options.seed)), classifier.words
    drawings = [Drawing.from_lists(artist.draw(words[n % len(words)])) for n in range(DRAWINGS)]
    for drawing in drawings[:8]:
        classifier.probabilities(rasterise_batch([drawing]))
    began = time.process_time()
    for drawing in drawings:
        classifier.probabilities(rasterise_batch([drawing]))
    return (time.process_time() - began) * 1000 / len(drawings)


def _busy(servers: Sequence[Served], redis: int | None) -> dict[str, float]:
    """Seconds of processor time used so far, by kind of process (Linux)."""
    return {
        "replicas": sum(server.busy() for server in servers),
        "redis": busy(redis) if redis else 0.0,
        "bots": time.process_time(),
    }


if __name__ == "__main__":
    run(Options, main)
