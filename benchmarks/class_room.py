"""The cost of a room for a class: one room with 30 seats against one with 8.

    python -m benchmarks.class_room --data-dir data

The rooms race one after the other, each with its own server and a watcher, as a big screen is.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect

from benchmarks.tools.crowd import Crowd, figures
from benchmarks.tools.process import Served, serving
from benchmarks.tools.result import RESULTS, rounded, show, write
from game.bot.player import MAX_MESSAGE, websocket_url
from game.judging.judge import Model
from game.messages import CLASS_SEATS, MAX_SEATS, Hello, Join
from models import shelf
from models.command import UserError, run

HOW = """One room after the other, each on a server with a process of its own: bots that draw raw
Quick, Draw! drawings at their own speed, reduced to the given number of points per second, with one
message per point over WebSockets on this machine. A watcher in the room receives everyone's ink, as
a big screen does. ink to guess: time from the sending of each point until the bot has a guess that
takes it into account. cores_busy: processor time of the server's process by wall-clock time.
memory: most memory of the server's process. watcher: messages and bytes that the watcher received
per second, without compression. The server and the bots share all cores."""

EVERY = 2.0  # seconds between two measurements of the server's memory
SOON = 0.02  # seconds between two looks whether the room is open
PATIENCE = 60.0  # seconds for the room to open


@dataclass(frozen=True)
class Options:
    """Measure a room with 30 seats and one with 8."""

    seats: tuple[int, ...] = (MAX_SEATS, CLASS_SEATS)
    """Number of bots in each room."""
    seconds: float = 60.0
    """Seconds for which each room races."""
    points: float = 20.0
    """Points per second that each bot draws."""
    model: str = shelf.DEFAULT
    """Name of the published model."""
    shelf: Path = shelf.PUBLISHED
    """Folder of published models."""
    round_seconds: int = 20
    """Length of a round."""
    data_dir: Path | None = None
    """Folder of raw Quick, Draw! drawings. Default: shipped drawings, and scribbles."""
    seed: int = 1
    """Seed of the choice of drawings."""
    out: Path = RESULTS / "class_room.json"
    """Result file."""


@dataclass
class Watcher:
    """What a watcher received.

    Attributes:
        live: messages with ink.
    """

    messages: int = 0
    live: int = 0
    size: int = 0
    memory: list[float] = field(default_factory=lambda: [])

    async def watch(self, address: str, code: str) -> None:
        """Watch a room until cancelled."""
        async with connect(websocket_url(address), compression=None, max_size=MAX_MESSAGE) as it:
            await it.send(Hello().model_dump_json())
            await it.send(Join(code=code, watch=True).model_dump_json())
            async for text in it:
                self.messages += 1
                self.size += len(text)
                self.live += json.loads(text)["type"] == "live_ink"


def main(options: Options) -> None:
    """Measure, and write the result.

    Raises:
        UserError: if the server cannot be run.
    """
    classifier = shelf.open_judge(options.model, options.shelf)
    rooms = {f"seats_{n}": _room(options, n, classifier) for n in options.seats}
    told = {"model": options.model, "points_a_second_each": options.points}
    write(options.out, HOW, told | rooms)
    rows = [
        (
            name,
            found["ink_to_guess"]["median_ms"],
            found["ink_to_guess"]["p99_ms"],
            found["cores_busy"]["server"],
            found["memory_mib"],
            found["watcher"]["kilobytes_per_second"],
        )
        for name, found in rooms.items()
    ]
    columns = ("", "median, ms", "p99, ms", "cores", "memory, MiB", "watcher, kB/s")
    show("A room for a class", columns, rows)


def _room(options: Options, seats: int, classifier: Model) -> dict[str, Any]:
    crowd = Crowd(1, seats, options.points, options.round_seconds, options.data_dir, options.seed)
    arguments = [
        *("--model", options.model, "--shelf", str(options.shelf.resolve())),
        *("--per-address", str(2 * seats)),
    ]
    watcher, meters = Watcher(), crowd.meters()
    with serving("benchmarks.tools.our_page", arguments) as served:
        busy, own, began = served.busy(), time.process_time(), time.perf_counter()
        lasts = _last(served, watcher, crowd, options.seconds)
        asyncio.run(crowd.race([served.address], meters, lasts))
        if not crowd.codes:
            raise UserError("the server opened no room", f"Expected one within {PATIENCE:.0f} s")
        lasted = time.perf_counter() - began
        busy, own = served.busy() - busy, time.process_time() - own
    return figures([meter.seen for meter in meters], lasted, classifier) | {
        "players": seats,
        "memory_mib": rounded(max(watcher.memory)),
        "cores_busy": {"server": rounded(busy / lasted), "bots": rounded(own / lasted)},
        "watcher": {
            "messages_per_second": rounded(watcher.messages / lasted),
            "of_which_ink": rounded(watcher.live / lasted),
            "kilobytes_per_second": rounded(watcher.size / 1000 / lasted),
        },
    }


async def _last(served: Served, watcher: Watcher, crowd: Crowd, seconds: float) -> None:
    """Watch the room and the server's memory for some seconds, from the opening of the room."""
    gives_up = time.perf_counter() + PATIENCE
    while not crowd.codes:
        if time.perf_counter() > gives_up:
            return
        await asyncio.sleep(SOON)
    watching = asyncio.create_task(watcher.watch(served.address, crowd.codes[0]))
    ends = time.perf_counter() + seconds
    while (left := ends - time.perf_counter()) > 0:
        watcher.memory.append(served.memory())
        await asyncio.sleep(min(EVERY, left))
    watching.cancel()


if __name__ == "__main__":
    run(Options, main)
