"""Rooms full of bots that race: how long from ink to guess, what is lost, what the server holds.

    python -m benchmarks.race --data-dir data

The server has a process of its own; the bots are those of `python -m game.bot`, all in this one,
and share the machine's cores with it.
"""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.meter import Meter, Seen
from benchmarks.process import Served, serving
from benchmarks.result import RESULTS, rounded, show, write
from game.artist import Artist
from game.bot import Bot
from game.messages import Join, Message, Open, RaceState, ServerMessage, Settings
from models import shelf
from models.classifier import Classifier
from models.command import UserError, run
from models.drawing import Drawing
from models.raster import rasterise_batch

HOW = """Bots draw raw Quick, Draw! drawings at their own speed, thinned out to so many points a
second, a message a point, over WebSockets of this machine; a drawing that is not guessed is
followed by another of the same word. ink to guess: from each point's sending until the bot has a
guess of a drawing with that point, for all points sent while the pad is open and not nearly
blank. dropped: points sent 500 ms or more before the verdict or the bell that are not in the
revealed drawing, and connections lost. wrong: revealed drawings that are not what the bot sent,
and last guesses that are not what the model says of the revealed drawing when it is judged here.
Memory: of the server's process, after 20 s of racing and at the end. The server and the bots
share all cores."""

SETTLED = 20.0  # seconds until every room has raced and caches are full
EVERY = 5.0  # seconds between two readings of the server's memory
JUDGED_AT_ONCE = 64
TOLERANCE = 2e-3  # of probabilities, which are told with four digits and differ a little by batch


@dataclass(frozen=True)
class Options:
    """Measure the server under bots."""

    rooms: int = 50
    """How many rooms."""
    players: int = 4
    """Bots in each."""
    seconds: float = 180.0
    """How long they race."""
    points: float = 20.0
    """Points a second that each draws."""
    model: str = shelf.DEFAULT
    """A published model."""
    shelf: Path = shelf.PUBLISHED
    """Where published models stand."""
    round_seconds: int = 20
    """Length of a round."""
    data_dir: Path | None = None
    """A folder of raw Quick, Draw! drawings; without it, what ships with the game or scribbles."""
    seed: int = 1
    """Of the choice of drawings."""
    out: Path = RESULTS / "race.json"
    """Result file."""


@dataclass
class Server:
    """What the server's process was seen to use.

    Attributes:
        memory: MiB, by seconds since the race began.
        busy: seconds of processor time.
    """

    memory: list[tuple[float, float]] = field(default_factory=lambda: [])
    busy: float = 0.0


def main(options: Options) -> None:
    """Measure, and write the result.

    Raises:
        UserError: when the options make no race, or the server cannot be run.
    """
    if options.rooms < 1 or not 2 <= options.players <= 8:
        raise UserError("no race", "Expected 1 room or more, of 2 to 8 players")
    classifier = shelf.open_model(options.model, options.shelf)
    arguments = [
        *("--model", options.model, "--shelf", str(options.shelf.resolve())),
        *("--per-address", str(2 * options.rooms * options.players)),
    ]
    with serving("benchmarks.our_page", arguments) as served:
        began = time.perf_counter()
        server, seen, own = asyncio.run(_race(served, options))
        lasted = time.perf_counter() - began
    figures = _figures(options, server, seen, own, lasted, classifier)
    write(options.out, HOW, figures)
    latency = figures["ink_to_guess"]
    rows = [(name, latency[name]) for name in ("median_ms", "p95_ms", "p99_ms", "max_ms")]
    rows += [(name, figures[name]) for name in ("dropped", "wrong", "guesses_per_second")]
    rows += [("memory start, end (MiB)", list(figures["memory_mib"].values())[:2])]
    show(f"{options.rooms} rooms of {options.players}", ("", ""), rows)


async def _race(served: Served, options: Options) -> tuple[Server, list[Seen], float]:
    """Let all bots race for a while; what was seen, and the seconds this process was busy."""
    server, busy = Server(), (_busy(served.pid), time.process_time())
    artist = Artist(options.data_dir, Random(options.seed))
    meters = [Meter() for _ in range(options.rooms * options.players)]
    async with asyncio.TaskGroup() as group:
        rooms = [
            group.create_task(_room(served.address, artist, meters[at :: options.rooms], options))
            for at in range(options.rooms)
        ]
        await _watch(served, server, options.seconds)
        for room in rooms:
            room.cancel()
    server.busy = _busy(served.pid) - busy[0]
    return server, [meter.seen for meter in meters], time.process_time() - busy[1]


async def _room(address: str, artist: Artist, meters: Sequence[Meter], options: Options) -> None:
    """Let the bots of one room race until it is cancelled; each lost connection is counted."""
    code: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def play(meter: Meter, enter: Message, host: bool) -> None:
        def heard(message: ServerMessage) -> None:
            if isinstance(message, RaceState) and not code.done():
                code.set_result(message.code)
            meter.heard(message)

        bot = Bot(
            address,
            artist,
            enter,
            begins_with=options.players if host else None,
            settings=Settings(rounds=9, seconds=options.round_seconds),
            points=options.points,
            heard=heard,
            said=meter.said,
        )
        try:
            await bot.play(races=0)
        except UserError:
            meter.seen.lost += 1

    host, *guests = meters
    async with asyncio.TaskGroup() as group:
        group.create_task(play(host, Open(), True))
        for meter in guests:
            group.create_task(play(meter, Join(code=await asyncio.shield(code)), False))


async def _watch(served: Served, server: Server, seconds: float) -> None:
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        server.memory.append((passed, served.memory()))
        await asyncio.sleep(min(EVERY, seconds - passed))
    server.memory.append((time.perf_counter() - began, served.memory()))


def _busy(pid: int) -> float:
    """Seconds of processor time that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _figures(
    options: Options,
    server: Server,
    seen: Sequence[Seen],
    own: float,
    lasted: float,
    classifier: Classifier,
) -> dict[str, Any]:
    """The numbers of the result file."""
    waits = np.array([wait for one in seen for wait in one.waits] or [np.nan])
    settled = [mib for at, mib in server.memory if at >= min(SETTLED, options.seconds / 2)]
    misjudged, judged = _misjudged(seen, classifier)
    total = {
        name: sum(getattr(one, name) for one in seen)
        for name in ("points", "guesses", "rounds", "won", "missing", "altered", "lost")
    }
    problems: dict[str, int] = {}
    for one in seen:
        for code, times in one.problems.items():
            problems[code] = problems.get(code, 0) + times
    return {
        "model": options.model,
        "rooms": options.rooms,
        "players": options.rooms * options.players,
        "points_a_second_each": options.points,
        "round_seconds": options.round_seconds,
        "seconds": rounded(lasted),
        "drawings": "raw Quick, Draw!" if options.data_dir else "shipped, and scribbles",
        "ink_to_guess": {
            "n": len(waits),
            "median_ms": rounded(np.median(waits)),
            "p95_ms": rounded(np.percentile(waits, 95)),
            "p99_ms": rounded(np.percentile(waits, 99)),
            "max_ms": rounded(waits.max()),
        },
        "dropped": total["missing"] + total["lost"],
        "wrong": total["altered"] + misjudged,
        "drawings_judged_again": judged,
        "problems": problems,
        **{name: total[name] for name in ("points", "guesses", "rounds", "won")},
        "guesses_per_second": rounded(total["guesses"] / lasted),
        "memory_mib": {
            "start": rounded(settled[0]),
            "end": rounded(settled[-1]),
            "most": rounded(max(mib for _, mib in server.memory)),
        },
        "cores_busy": {
            "server": rounded(server.busy / lasted),
            "bots": rounded(own / lasted),
        },
    }


def _misjudged(seen: Sequence[Seen], classifier: Classifier) -> tuple[int, int]:
    """How many last guesses are not the model's, and of how many that were compared."""
    finals = [final for one in seen for final in one.finals]
    wrong = 0
    for begin in range(0, len(finals), JUDGED_AT_ONCE):
        batch = finals[begin : begin + JUDGED_AT_ONCE]
        bitmaps = rasterise_batch([Drawing.from_lists(final.strokes) for final in batch])
        for final, row in zip(batch, classifier.probabilities(bitmaps), strict=True):
            told = row[classifier.words.index(final.word)]
            wrong += bool(abs(told - final.probability) > TOLERANCE or row.max() > told + TOLERANCE)
    return wrong, len(finals)


if __name__ == "__main__":
    run(Options, main)
