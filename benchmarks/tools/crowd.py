"""Bots that race in rooms, and what they measure of the servers."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.tools.meter import BotMeasurements, Meter
from benchmarks.tools.result import rounded
from game.bot.artist import Artist
from game.bot.player import Bot
from game.judging.judge import Model
from game.messages import (
    CLASS_SEATS,
    MAX_SEATS,
    Join,
    Message,
    Open,
    RaceState,
    RoomSettings,
    ServerMessage,
)
from models.command import UserError
from models.drawing import Drawing
from models.raster import rasterise_batch

JUDGED_AT_ONCE = 64
TOLERANCE = 2e-3  # of probabilities: they are sent with four digits, and depend slightly on batches


@dataclass(frozen=True)
class Crowd:
    """Bots in rooms.

    Attributes:
        rooms: number of rooms.
        players: bots in each room, 2 to 30.
        points: points per second that each bot draws.
        round_seconds: length of a round.
        data_dir: folder of raw Quick, Draw! drawings; None for the drawings that ship with the
            game, and scribbles for other words.
        seed: seed of the choice of drawings.
        codes: codes of the rooms that were opened so far.

    Raises:
        UserError: if there is no room, or a room has too few or too many players.
    """

    rooms: int
    players: int
    points: float
    round_seconds: int
    data_dir: Path | None
    seed: int
    codes: list[str] = field(default_factory=lambda: [])

    def __post_init__(self) -> None:
        if self.rooms < 1 or not 2 <= self.players <= CLASS_SEATS:
            raise UserError(
                f"no race with {self.rooms} rooms of {self.players} players",
                f"Expected at least 1 room, of 2 to {CLASS_SEATS} players",
            )

    def meters(self) -> list[Meter]:
        """A new meter for each bot."""
        return [Meter() for _ in range(self.rooms * self.players)]

    async def race(
        self, addresses: Sequence[str], meters: Sequence[Meter], lasts: Awaitable[None]
    ) -> None:
        """Race on servers that share their rooms, until `lasts` is over.

        Player p of room r is connected to server (r + p) modulo the number of servers.
        """
        artist = Artist(self.data_dir, Random(self.seed))
        async with asyncio.TaskGroup() as group:
            rooms = [
                group.create_task(self._room(at, addresses, artist, meters[at :: self.rooms]))
                for at in range(self.rooms)
            ]
            await lasts
            for room in rooms:
                room.cancel()

    async def _room(
        self, at: int, addresses: Sequence[str], artist: Artist, meters: Sequence[Meter]
    ) -> None:
        """Let the bots of one room race until cancelled, and count their lost connections."""
        code: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        seats = MAX_SEATS if self.players <= MAX_SEATS else CLASS_SEATS
        settings = RoomSettings(rounds=9, seconds=self.round_seconds, seats=seats)

        async def play(number: int, enter: Message) -> None:
            def heard(message: ServerMessage) -> None:
                if isinstance(message, RaceState) and not code.done():
                    code.set_result(message.code)
                    self.codes.append(message.code)
                meters[number].heard(message)

            bot = Bot(
                addresses[(at + number) % len(addresses)],
                artist,
                enter,
                begins_with=None if number else self.players,
                settings=settings,
                points=self.points,
                heard=heard,
                said=meters[number].said,
            )
            try:
                await bot.play(races=0)
            except UserError:
                meters[number].seen.lost += 1

        async with asyncio.TaskGroup() as group:
            group.create_task(play(0, Open()))
            for number in range(1, len(meters)):
                group.create_task(play(number, Join(code=await asyncio.shield(code))))


def figures(seen: Sequence[BotMeasurements], lasted: float, classifier: Model) -> dict[str, Any]:
    """Measurements of all bots in `lasted` seconds, in the form of result files."""
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
        "seconds": rounded(lasted),
        "ink_to_guess": quantiles([wait for one in seen for wait in one.waits]),
        "dropped": total["missing"] + total["lost"],
        "wrong": total["altered"] + misjudged,
        "drawings_judged_again": judged,
        "problems": problems,
        **{name: total[name] for name in ("points", "guesses", "rounds", "won")},
        "guesses_per_second": rounded(total["guesses"] / lasted),
    }


def quantiles(waits: Sequence[float]) -> dict[str, Any]:
    """Quantiles of waits in ms, in the form of result files; nan when there are none."""
    known = np.array(waits or [np.nan])
    return {
        "n": len(waits),
        "median_ms": rounded(np.median(known)),
        "p95_ms": rounded(np.percentile(known, 95)),
        "p99_ms": rounded(np.percentile(known, 99)),
        "max_ms": rounded(known.max()),
    }


def _misjudged(seen: Sequence[BotMeasurements], classifier: Model) -> tuple[int, int]:
    """Number of last guesses that differ from the model's, and number compared."""
    finals = [final for one in seen for final in one.finals]
    wrong = 0
    for begin in range(0, len(finals), JUDGED_AT_ONCE):
        batch = finals[begin : begin + JUDGED_AT_ONCE]
        bitmaps = rasterise_batch([Drawing.from_lists(final.strokes) for final in batch])
        for final, row in zip(batch, classifier.probabilities(bitmaps), strict=True):
            told = row[classifier.words.index(final.word)]
            wrong += bool(abs(told - final.probability) > TOLERANCE or row.max() > told + TOLERANCE)
    return wrong, len(finals)
