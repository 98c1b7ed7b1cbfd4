"""How long a race is interrupted when the replica that owns its room is killed.

    python -m benchmarks.failover

It needs redis-server, and takes about two minutes.
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.tools.process import Served, serving
from benchmarks.tools.result import RESULTS, rounded, show, write
from game.bot.artist import Artist
from game.bot.player import Bot
from game.messages import (
    Guesses,
    Join,
    Message,
    Open,
    Problem,
    RaceState,
    RoomSettings,
    ServerMessage,
)
from models.command import UserError, run
from tests.servers import LASTING
from tests.servers import redis as redis_server

HOW = """A bot at one replica opens a room, a bot at another replica joins it, and both race. The
first replica, which owns the room, is killed with SIGKILL while the second bot draws. moved: time
from the kill until that bot is told that the race has moved. goes on: time from the kill until the
new owner guesses at the bot's drawing again. For each kill, two new replicas with the
published model and a new Redis are started. All of them run on this machine."""

DRAWS_FOR = (1.0, 2.0)  # seconds of drawing before the kill: least and most
PATIENCE = 60.0  # seconds that one kill may take in all
SETTINGS = RoomSettings(rounds=9, seconds=60)


@dataclass(frozen=True)
class Options:
    """Kill replicas that own rooms, and measure the interruption."""

    kills: int = 5
    """Number of kills."""
    seed: int = 1
    """Seed of the times of the kills and of the choice of drawings."""
    out: Path = RESULTS / "failover.json"
    """Result file."""


def main(options: Options) -> None:
    """Measure, and write the result.

    Raises:
        UserError: if redis-server is not installed, or a server cannot be run.
    """
    rng = Random(options.seed)
    rows = [_kill(rng) for _ in range(options.kills)]
    write(
        options.out,
        HOW,
        {"kills": rows, "load_during": rounded(os.getloadavg()[0])} | _summarised(rows),
    )
    show("seconds from the kill", ("moved", "goes on"), [[*row.values()] for row in rows])


def _summarised(rows: list[dict[str, float]]) -> dict[str, Any]:
    """Median and maximum of each figure."""
    figures = {name: [row[name] for row in rows] for name in rows[0]}
    return {
        name: {"median_s": rounded(np.median(values)), "longest_s": max(values)}
        for name, values in figures.items()
    }


def _kill(rng: Random) -> dict[str, float]:
    """Kill one owner; seconds from the kill until each event."""
    with (
        redis_server(LASTING) as redis,
        serving("benchmarks.tools.our_page", ["--redis", redis.url]) as owner,
        serving("benchmarks.tools.our_page", ["--redis", redis.url]) as heir,
    ):
        return asyncio.run(_race(owner, heir, rng))


async def _race(owner: Served, heir: Served, rng: Random) -> dict[str, float]:
    heard: asyncio.Queue[tuple[float, ServerMessage]] = asyncio.Queue()
    code: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def opened(message: ServerMessage) -> None:
        if isinstance(message, RaceState) and not code.done():
            code.set_result(message.code)

    def said(message: ServerMessage) -> None:
        heard.put_nowait((time.perf_counter(), message))

    async def play(server: Served, enter: Message, heard: Callable[[ServerMessage], None]) -> None:
        artist = Artist(None, rng)
        with suppress(UserError):  # the bot that is connected to the owner loses its server
            await Bot(
                server.address, artist, enter, begins_with=2, settings=SETTINGS, heard=heard
            ).play()

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        first = group.create_task(play(owner, Open(), opened))
        second = group.create_task(play(heir, Join(code=await code), said))
        await _until(heard, lambda message: isinstance(message, Guesses))
        await asyncio.sleep(rng.uniform(*DRAWS_FOR))
        os.kill(owner.pid, signal.SIGKILL)
        killed = time.perf_counter()
        moved = await _until(heard, lambda message: isinstance(message, Problem))
        goes_on = await _until(heard, lambda message: isinstance(message, Guesses))
        first.cancel()
        second.cancel()
    return {"moved": rounded(moved - killed), "goes_on": rounded(goes_on - killed)}


async def _until(
    heard: asyncio.Queue[tuple[float, ServerMessage]], wanted: Callable[[ServerMessage], bool]
) -> float:
    """Wait for a wanted message; return the time at which it came."""
    while True:
        when, message = await heard.get()
        if wanted(message):
            return when


if __name__ == "__main__":
    run(Options, main)
