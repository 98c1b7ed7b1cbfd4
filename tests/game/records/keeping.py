"""Stores results in a database that is well, locked, slow or full, until it is killed.

python -m tests.game.records.keeping FOLDER KIND

Prints `begun ID` before a result is handed over, `late ID` when its player would see "saving…",
and `saved ID` when its player would be told that it is saved.
"""

import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Literal, get_args

from sqlalchemy import Engine, event

from game.records import Records, database
from game.records.replays import new_id
from game.records.result_keeper import ResultKeeper
from game.records.storage import AttemptRecord
from tests.game.fakes import WORDS
from tests.game.records.making import Opened, game, replay

Kind = Literal["well", "locked", "slow", "full"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MODES = ("room", "sprint", "daily")
SECONDS = {"well": 1.5, "locked": 3.0, "slow": 9.0, "full": 3.0}  # longest time until the kill
COMMIT = (0.4, 1.2)  # seconds before a slow commit, and again after it
LOCKED, FREE = (0.1, 0.6), (0.02, 0.2)  # seconds


async def keep_games(folder: Path, kind: Kind) -> None:
    """Store game after game, each of another player, until killed."""
    opened = Opened(folder)
    engine = opened.records._database._reads
    if kind == "full":
        event.listen(engine, "checkout", _full_at_times)
    if kind == "slow":
        _slow_commits(engine)
    keeper = ResultKeeper(opened.records, opened.records.journal)
    await keeper.keep_journal()
    print("ready", "0", flush=True)
    while True:
        async with asyncio.TaskGroup() as group:
            for mode in MODES:
                group.create_task(keep_game(opened, keeper, mode))


async def keep_game(opened: Opened, keeper: ResultKeeper, mode: str) -> None:
    """A round and its game, as of a player."""
    round, whole = new_id(), new_id()
    key = (whole * 2)[:32]
    source = (await opened.records.daily(key, WORDS)).id if mode == "daily" else None
    attempt = AttemptRecord(key, replay(mode=mode), id=round)
    print("begun", round, flush=True)
    ids = await keeper.keep([attempt], lambda: print("late", round, flush=True))
    print("saved", round, flush=True)
    played = game(key, [*ids], ("one",), mode=mode, source=source, id=whole)
    print("begun", whole, flush=True)
    await keeper.keep_game(played, lambda: print("late", whole, flush=True))
    print("saved", whole, flush=True)


def _full_at_times(raw: Any, *_: object) -> None:
    """Let the database grow no further in three of four transactions (see `create`)."""
    raw.execute(f"PRAGMA max_page_count={random.choice((1, 1, 1, 1 << 30))}")


def _slow_commits(engine: Engine) -> None:
    """Let each commit take seconds, before and after the data is on disk."""
    commit: Callable[[Any], None] = engine.dialect.do_commit

    def slowly(dbapi_connection: Any) -> None:
        time.sleep(random.uniform(*COMMIT))
        commit(dbapi_connection)
        time.sleep(random.uniform(*COMMIT))

    engine.dialect.do_commit = slowly


@dataclass(frozen=True)
class Found:
    """The results that players of killed servers were told about, and what became of them.

    Attributes:
        kills: number of servers killed.
        saved: number of rounds and games that players were told are saved.
        found: those of `saved` that are in the database.
        late: number of rounds and games for which players saw "saving…".
        waiting: those of `late` that were not saved before the kill.
        waiting_found: those of `waiting` that are in the database after the next start.
        doubled: number of players who have more than the one round and game that they played.
    """

    kills: int
    saved: int
    found: int
    late: int
    waiting: int
    waiting_found: int
    doubled: int


def create(folder: Path) -> None:
    """Create a folder with an empty database of the smallest pages.

    A full database refuses only what needs another page, and of these pages most results need one.
    """
    folder.mkdir()
    with closing(sqlite3.connect(folder / "records.sqlite3")) as new:
        new.execute("PRAGMA page_size=512")
        new.execute("VACUUM")
    Opened(folder).records.close()


def kill_many(folder: Path, kind: Kind, kills: int, rng: Random) -> Found:
    """Kill servers with a database in `folder` at random moments, each begun after the last."""
    create(folder)
    told = [run_and_kill(folder, kind, rng.uniform(0.0, SECONDS[kind])) for _ in range(kills)]
    asyncio.run(restart(Opened(folder).records))
    ids = {
        what: {id for lines in told for said, id in lines if said == what}
        for what in ("saved", "late")
    }
    saved, late = ids["saved"], ids["late"]
    waiting, (kept, doubled) = late - saved, _kept(folder)
    return Found(
        kills=kills,
        saved=len(saved),
        found=len(saved & kept),
        late=len(late),
        waiting=len(waiting),
        waiting_found=len(waiting & kept),
        doubled=doubled,
    )


def run_and_kill(folder: Path, kind: Kind, seconds: float) -> list[tuple[str, str]]:
    """The (word, id) lines of a server that was killed a number of seconds after it was ready."""
    command = [sys.executable, "-m", "tests.game.records.keeping", str(folder), kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        lines = [server.stdout.readline()]
        with _locked_at_times(folder / "records.sqlite3", kind == "locked"):
            time.sleep(seconds)
            server.send_signal(signal.SIGKILL)
        lines += server.stdout.readlines()
    assert lines[0].startswith("ready"), "the server did not start"
    words = [line.split() for line in lines if line.endswith("\n")]
    return [(said, id) for said, id in words]


@contextmanager
def _locked_at_times(file: Path, locked: bool) -> Generator[None]:
    """Another process' lock, as of a backup: taken and released again and again."""
    stop = threading.Event()

    def lock() -> None:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=60)) as other:
            while not stop.is_set():
                other.execute("BEGIN IMMEDIATE")
                stop.wait(random.uniform(*LOCKED))
                other.execute("ROLLBACK")
                stop.wait(random.uniform(*FREE))

    thread = threading.Thread(target=lock)
    if locked:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if locked:
            thread.join()


async def restart(records: Records) -> None:
    """Start once more without trouble: what waits in the journal is stored."""
    await ResultKeeper(records, records.journal).keep_journal()
    records.close()


def _kept(folder: Path) -> tuple[set[str], int]:
    """The ids of all stored rounds and games, and the number of players with two of a kind."""
    ids, twice = set[str](), set[str]()
    with closing(sqlite3.connect(folder / "records.sqlite3")) as kept:
        for table in ("replays", "games"):
            rows: list[tuple[str, str]] = kept.execute(f"SELECT id, player FROM {table}").fetchall()
            ids |= {id for id, _ in rows}
            numbers = Counter(player for _, player in rows)
            twice |= {player for player, number in numbers.items() if number > 1}
    return ids, len(twice)


if __name__ == "__main__":
    database.BUSY = 50  # ms
    asyncio.run(keep_games(Path(sys.argv[1]), sys.argv[2]))  # pyright: ignore[reportArgumentType]
