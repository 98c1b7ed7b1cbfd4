"""A replica with too little processor time: how often its lease expires, and what players notice.

    python -m benchmarks.throttled --data-dir data

It needs redis-server and the rights of root, and takes about ten minutes.
"""

import asyncio
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.tools.crowd import Crowd
from benchmarks.tools.process import Served, serving
from benchmarks.tools.quota import Quota, quota
from benchmarks.tools.result import RESULTS, rounded, show, write
from models.command import run
from tests.servers import LASTING, free_port, metric
from tests.servers import redis as redis_server

HOW = """Two replicas share their rooms through Redis: one has a quota of processor time (a control
group, as a container has), from its start on; the other has none. Bots draw at their own speed,
race after race; the players of a room are connected to both replicas in turn, and each replica owns
about half of the rooms at first. leases_expired: how often the limited replica's lease expired, so
that others took over its rooms, while the bots raced. lease: growing is ours, which doubles when it
expires because the process did not run; fixed is the same server with a lease that stays at its
first length, lease_s. That length is short, so that it expires: where the fixed one does not, a row
cannot show what growing is good for (tells_apart). throttled_share: share of the time in which the
limited replica waited for processor time. guesses: guesses that the bots received. lost:
connections that broke. All processes share all cores of this machine."""

SERVERS = {"growing": "game.server", "fixed": "benchmarks.tools.fixed_lease"}
EXPIRED = "doodle_leases_expired_total"


@dataclass(frozen=True)
class Options:
    """Measure a replica with a quota of processor time."""

    cores: tuple[float, ...] = (0.2, 0.1)
    """Quotas to measure, in cores."""
    lease: float = 1.0
    """Seconds of both replicas' leases at first; with the game's own 2.5 none expired in races."""
    rooms: int = 8
    """Number of rooms."""
    players: int = 4
    """Bots in each room."""
    seconds: float = 60.0
    """Seconds for which the bots race for each row."""
    points: float = 20.0
    """Points per second that each bot draws."""
    data_dir: Path | None = None
    """Folder of raw Quick, Draw! drawings. Default: shipped drawings, and scribbles."""
    seed: int = 1
    """Seed of the choice of drawings."""
    out: Path = RESULTS / "throttled.json"
    """Result file."""


def main(options: Options) -> None:
    """Measure, and write the result.

    Raises:
        UserError: if redis-server is not installed, quotas cannot be set, or a server cannot be
            run.
    """
    rows = [
        {"cores": cores, "lease": lease} | _row(options, cores, lease)
        for cores in options.cores
        for lease in SERVERS
    ]
    told = {
        "rooms": options.rooms,
        "players": options.rooms * options.players,
        "seconds": options.seconds,
        "points_a_second_each": options.points,
        "lease_s": options.lease,
    }
    write(options.out, HOW, told | {"tells_apart": tells_apart(rows), "rows": rows})
    names = ("cores", "lease", "leases_expired", "throttled_share", "median_ms", "guesses", "lost")
    show("a throttled replica", names, [[row[name] for name in names] for row in rows])


def tells_apart(rows: Sequence[dict[str, Any]]) -> dict[str, bool]:
    """Quota in cores -> whether the fixed lease expired in the races."""
    return {
        f"{row['cores']:g}": row["leases_expired"] > 0 for row in rows if row["lease"] == "fixed"
    }


def _row(options: Options, cores: float, lease: str) -> dict[str, Any]:
    with ExitStack() as stack:
        records = Path(stack.enter_context(TemporaryDirectory())) / "records.sqlite3"
        redis = stack.enter_context(redis_server(LASTING))
        group = stack.enter_context(quota(cores))
        shared = [
            *("--port", "0", "--database", f"sqlite:///{records}", "--redis", redis.url),
            *("--per-address", str(2 * options.rooms * options.players)),
            *("--lease", str(options.lease)),
        ]
        free = stack.enter_context(serving("game.server", shared))
        limited = stack.enter_context(_limited(SERVERS[lease], shared, group))
        return _race(options, [limited.served, free], limited, group)


@dataclass(frozen=True)
class Limited:
    """A replica in a control group, with its metrics."""

    served: Served
    metrics_port: int

    def expired(self) -> float:
        """How often its lease has expired."""
        return metric(self.metrics_port, EXPIRED)


@contextmanager
def _limited(module: str, arguments: list[str], group: Quota) -> Generator[Limited]:
    port = free_port()
    arguments = [*arguments, "--metrics-port", str(port)]
    with serving(module, arguments, group.command()) as served:
        yield Limited(served, port)


def _race(
    options: Options, servers: list[Served], limited: Limited, group: Quota
) -> dict[str, Any]:
    crowd = Crowd(
        options.rooms, options.players, options.points, 20, options.data_dir, options.seed
    )
    meters = crowd.meters()
    waited, busy, expired = group.throttled(), limited.served.busy(), limited.expired()
    asyncio.run(
        crowd.race([server.address for server in servers], meters, asyncio.sleep(options.seconds))
    )
    seen = [meter.seen for meter in meters]
    waits = np.array([wait for one in seen for wait in one.waits] or [np.nan])
    return {
        "leases_expired": round(limited.expired() - expired),
        "leases_expired_at_start": round(expired),
        "throttled_share": rounded((group.throttled() - waited) / options.seconds),
        "cores_busy": rounded((limited.served.busy() - busy) / options.seconds),
        "median_ms": rounded(np.median(waits)),
        "p99_ms": rounded(np.percentile(waits, 99)),
        "guesses": sum(one.guesses for one in seen),
        "lost": sum(one.lost for one in seen),
        "altered": sum(one.altered for one in seen),
    }


if __name__ == "__main__":
    run(Options, main)
