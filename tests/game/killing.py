"""Kills servers whose database is well, locked, slow, full or away; checks what players were told.

python -m tests.game.killing FOLDER SEED KIND=KILLS ...

Prints a line of JSON for each kind (`Found`). The servers are forks of this process, because a new
interpreter for each kill is slow. On each server two games of different kinds run, over WebSockets:
a race of two, a daily game, a Sprint or a Quick Six. The players draw at once.
"""

import asyncio
import json
import logging
import os
import random
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable
from contextlib import asynccontextmanager, chdir, closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Literal

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Connection, NullPool, create_engine, event, text
from websockets.exceptions import WebSocketException

from game import application
from game.clock import LoopClock
from game.guests.limits import AddressLimits
from game.judging.judge import Judge
from game.messages import (
    AttemptKept,
    Begin,
    Daily,
    GameKept,
    Ink,
    Join,
    Open,
    RaceState,
    Reveal,
    Saving,
    ServerMessage,
    Start,
    State,
)
from game.records import database, open_records, result_keeper
from game.records.records import Records
from game.records.result_keeper import ResultKeeper
from game.rooms.hub import Hub
from game.rules import modes, race, speed_limit
from game.services import Services
from tests.game.fakes import CountsBars, bars
from tests.game.records import keeping
from tests.game.records.keeping import FREE, LOCKED
from tests.game.serving import Client
from tests.servers import Postgres, postgres

Kind = keeping.Kind | Literal["away"]
KINDS: tuple[Kind, ...] = (*keeping.KINDS, "away")
Trouble = Callable[[asyncio.Event], Awaitable[None]]  # made until the event is set

# Seconds from something told to the kill.
RUNS = {"well": 0.25, "locked": 1.0, "slow": 1.0, "full": 0.5, "away": 1.0}
WHOLE = 10  # one kill of this many comes only after a game is over
PATIENCE = 60.0  # seconds after which a server is killed although no result was announced
SPRINT = 600.0  # ms
COMMIT = (0.02, 0.4)  # seconds before a slow commit, and again after it


@dataclass
class Announced:
    """What the players of one server were told of their results.

    Attributes:
        rounds, games: ids of drawings and of games that are stored.
        late: number of times that "saving…" was shown.
    """

    rounds: set[str] = field(default_factory=set)
    games: set[str] = field(default_factory=set)
    late: int = 0

    def hear(self, message: ServerMessage) -> None:
        """Take note of what a message tells about results."""
        match message:
            case Reveal():
                self.rounds |= {each.replay for each in message.drawings if each.replay}
            case AttemptKept():
                self.rounds.add(message.replay)
            case GameKept(challenge=str(challenge)):
                self.games.add(challenge)
            case Saving(state="saving"):
                self.late += 1
            case _:
                pass


@dataclass(frozen=True)
class Found:
    """What became of the results that players of killed servers were told about.

    Attributes:
        kind: of the database.
        kills: number of servers killed.
        rounds, games: numbers of drawings and games that players were told are saved.
        lost: number of these that are not in the database after the last start.
        twice: number of drawings and games that are there twice.
        modes: drawings in the database by mode, also those that nobody was told about.
        late: number of times that a player saw "saving…".
    """

    kind: Kind
    kills: int
    rounds: int
    games: int
    lost: int
    twice: int
    modes: dict[str, int]
    late: int


# -- the server ------------------------------------------------------------------------------------


def serve(place: "Place", kind: Kind, listener: socket.socket) -> None:
    """Serve games with very short stages, and a database that is faulty in the given way."""
    os.chdir(place.folder)  # where the journal beside a PostgreSQL lies
    speed_limit.FLICK, race.COUNTDOWN, race.REVEAL, modes.COUNTDOWN = 1e9, 30.0, 30.0, 30.0
    for mode in ("sprint", "quick_six"):
        modes.MODES[mode] = replace(modes.MODES[mode], reveal=30.0)
    modes.MODES["sprint"] = replace(modes.MODES["sprint"], game_time=SPRINT)
    database.BUSY, result_keeper.AGAIN, keeping.COMMIT = 50, (0.05, 0.2), COMMIT
    model = CountsBars()
    records = open_records(place.url, model, "bars")
    logging.disable()  # the faults are made on purpose
    _break_database(records, kind)
    keeper = ResultKeeper(records, records.journal)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        keeping_what_waits = asyncio.create_task(keeper.keep_journal())
        yield
        keeping_what_waits.cancel()

    app = FastAPI(lifespan=lifespan)
    app.state.hub = Hub(Services(model, Judge(model), LoopClock(), records, "bars", keeper=keeper))
    app.state.address_limits = AddressLimits()
    app.state.public_url = None
    app.websocket("/race")(application.race)
    uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[listener])


def _break_database(records: Records, kind: Kind) -> None:
    engine = records._database._reads
    if kind == "full":
        event.listen(engine, "checkout", keeping._full_at_times)
    if kind == "slow":
        keeping._slow_commits(engine)


async def lock_at_times(file: Path, over: asyncio.Event) -> None:
    """Hold the lock of the database, as a backup does, again and again."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as other:
        while not over.is_set():
            with suppress(sqlite3.OperationalError):  # the server is writing
                other.execute("BEGIN IMMEDIATE")
                await asyncio.sleep(random.uniform(*LOCKED))
                other.execute("ROLLBACK")
            await asyncio.sleep(random.uniform(*FREE))


async def stop_at_times(server: Postgres, over: asyncio.Event) -> None:
    """Stop PostgreSQL, as in a crash, and start it, again and again."""
    while not over.is_set():
        await asyncio.sleep(random.uniform(*FREE))
        await asyncio.to_thread(server.stop)
        await asyncio.sleep(random.uniform(*LOCKED))
        await asyncio.to_thread(server.start)


@dataclass(frozen=True)
class Place:
    """Where servers keep their results.

    Attributes:
        folder: that they run in.
        url: of their database.
        trouble: that others make them while they run.
    """

    folder: Path
    url: str
    trouble: Trouble | None


@contextmanager
def a_place(folder: Path, kind: Kind) -> Generator[Place]:
    """A new folder with an empty database."""
    if kind != "away":
        keeping.create(folder)
        file = folder / "records.sqlite3"
        trouble = partial(lock_at_times, file) if kind == "locked" else None
        yield Place(folder, f"sqlite:///{file}", trouble)
        return
    folder.mkdir()
    with postgres() as server:
        open_records(server.url, CountsBars(), "bars").close()
        yield Place(folder, server.url, partial(stop_at_times, server))


# -- the players -----------------------------------------------------------------------------------


async def play(client: Client, announced: Announced, host: bool = False) -> None:
    """Draw every word at once until the game is stored; a `host` begins race after race."""
    drawn = 0
    while True:
        message = client.read(await client.socket.recv())
        announced.hear(message)
        match message:
            case RaceState(stage="drawing") | State(stage="drawing") if message.round > drawn:
                drawn = message.round
                await draw(client, drawn, message.word or "")
            case RaceState(kind="room", stage="lobby" | "over"):
                drawn = 0
                if host and len(message.seats) == 2:
                    await client.send(Begin())
            case GameKept() if not host:
                return
            case _:
                pass


async def draw(client: Client, round: int, word: str) -> None:
    for stroke, points in enumerate(bars(word)):
        ink = [(x, y, 0.0) for x, y, _ in points]
        await client.send(Ink(round=round, stroke=stroke, points=ink))


async def race_of_two(address: str, announced: Announced) -> None:
    async with Client(address) as host, Client(address) as guest:
        await host.send(Open())
        await guest.send(Join(code=(await host.hear(RaceState)).code))
        async with asyncio.TaskGroup() as group:
            group.create_task(play(host, announced, host=True))
            for _ in range(1_000):  # races
                await play(guest, announced)


async def alone(address: str, announced: Announced, begin: Start | Daily) -> None:
    """Play game after game, each as another player."""
    while True:
        async with Client(address) as player:
            await player.send(begin)
            await play(player, announced)


Play = Callable[[str, Announced], Awaitable[None]]
PLAYS: tuple[Play, ...] = (
    race_of_two,
    lambda address, announced: alone(address, announced, Daily()),
    lambda address, announced: alone(address, announced, Start(mode="sprint")),
    lambda address, announced: alone(address, announced, Start(mode="quick_six")),
)
PAIRS = [*combinations(PLAYS, 2)]


# -- the kills -------------------------------------------------------------------------------------


def kill_many(folder: Path, kind: Kind, kills: int, rng: Random) -> Found:
    """Kill servers with a database in `folder` at random moments, each begun after the last."""
    with a_place(folder, kind) as place:
        announced = [
            run_and_kill(
                place,
                kind,
                PAIRS[kill % len(PAIRS)],
                rng.uniform(0.0, RUNS[kind]),
                whole=kill % WHOLE == 0,
            )
            for kill in range(kills)
        ]
        with chdir(place.folder):
            asyncio.run(keeping.restart(open_records(place.url, CountsBars(), "bars")))
        rounds, games = (set[str]().union(*each) for each in zip(*_ids(announced), strict=True))
        with create_engine(place.url, poolclass=NullPool).connect() as kept:
            in_modes = kept.execute(text("SELECT mode, count(*) FROM replays GROUP BY mode"))
            return Found(
                kind=kind,
                kills=kills,
                rounds=len(rounds),
                games=len(games),
                lost=len(rounds - _all(kept, "replays")) + len(games - _all(kept, "games")),
                twice=_twice(kept),
                modes={str(mode): int(count) for mode, count in in_modes},
                late=sum(each.late for each in announced),
            )


def run_and_kill(
    place: Place, kind: Kind, plays: Iterable[Play], seconds: float, whole: bool
) -> Announced:
    """What players saw from a server until it was killed, some seconds after a round or game."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        child = os.fork()
        if child == 0:
            try:
                serve(place, kind, listener)
            finally:
                os._exit(1)  # only an error ends it before the kill
        address = f"127.0.0.1:{listener.getsockname()[1]}"
    announced = asyncio.run(watch(address, child, plays, seconds, whole, place.trouble))
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the server ended by itself"
    return announced


async def watch(
    address: str,
    server: int,
    plays: Iterable[Play],
    seconds: float,
    whole: bool,
    trouble: Trouble | None,
) -> Announced:
    announced, over = Announced(), asyncio.Event()
    async with Client(address):  # the server has opened its database
        others = [asyncio.ensure_future(_until_gone(play(address, announced))) for play in plays]
        if trouble:
            others.append(asyncio.ensure_future(trouble(over)))
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not (announced.games if whole else announced.games or announced.rounds):
                    await asyncio.sleep(0.01)
        await asyncio.sleep(seconds)
        os.kill(server, signal.SIGKILL)
        over.set()
        await asyncio.gather(*others)
    return announced


async def _until_gone(playing: Awaitable[None]) -> None:
    """Play until the server is gone."""
    try:
        await playing
    except* (WebSocketException, ConnectionError):
        pass


# -- what is in the database -----------------------------------------------------------------------


def _ids(announced: list[Announced]) -> list[tuple[set[str], set[str]]]:
    return [(each.rounds, each.games) for each in announced]


def _all(kept: Connection, table: str) -> set[str]:
    return {id for (id,) in kept.execute(text(f"SELECT id FROM {table}"))}


def _twice(kept: Connection) -> int:
    """The number of rounds and games that are stored more than once.

    The same result would have the same player and the same end; and of one player only the first
    daily game is ranked, and no drawing belongs to two games.
    """
    groups = (
        "SELECT 1 FROM replays GROUP BY player, moment, word, milliseconds",
        "SELECT 1 FROM games GROUP BY player, moment, mode",
        "SELECT 1 FROM games WHERE mode = 'daily' GROUP BY player",
        "SELECT 1 FROM game_words WHERE replay IS NOT NULL GROUP BY replay",
    )
    many = (text(f"{each} HAVING count(*) > 1") for each in groups)
    return sum(len(kept.execute(each).fetchall()) for each in many)


if __name__ == "__main__":
    rng = Random(sys.argv[2])
    for word in sys.argv[3:]:
        kind, kills = word.split("=")
        found = kill_many(Path(sys.argv[1]) / kind, kind, int(kills), rng)  # pyright: ignore[reportArgumentType]
        print(json.dumps(asdict(found)), flush=True)
