"""Stores results in a database that is locked, slow or full, until it is killed.

python -m tests.game.records.keeping FOLDER KIND

KIND is `well`, `locked` or `full`. Prints `begun ID` before a game is handed over, `late ID` when
it waits, and `saved ID` when a player would be told so.
"""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Literal

from sqlalchemy import event

from game.records import database
from game.records.replays import new_id
from game.records.result_keeper import ResultKeeper
from game.records.storage import AttemptRecord
from game.records.tables import PLAYER
from tests.game.fakes import WORDS
from tests.game.records.making import Opened, game, replay

Kind = Literal["well", "locked", "full"]
MODES = ("room", "sprint", "daily")


async def keep_games(folder: Path, kind: Kind) -> None:
    """Store game after game, each of another player, until killed."""
    opened = Opened(folder)
    if kind == "full":
        engine = opened.records._database._reads
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count=1"))
    keeper = ResultKeeper(opened.records, opened.records.journal)
    await keeper.keep_journal()
    while True:
        async with asyncio.TaskGroup() as group:
            for mode in MODES:
                group.create_task(keep_game(opened, keeper, mode))


async def keep_game(opened: Opened, keeper: ResultKeeper, mode: str) -> None:
    """A round and its game, as of a player."""
    id = new_id()
    key = (id * 2)[:32]
    source = (await opened.records.daily(key, WORDS)).id if mode == "daily" else None
    print("begun", id, flush=True)
    ids = await keeper.keep(
        [AttemptRecord(key, replay(mode=mode))], lambda: print("late", id, flush=True)
    )
    played = game(key, [*ids], ("one",), mode=mode, source=source, id=id)
    await keeper.keep_game(played, lambda: print("late", id, flush=True))
    print("saved", id, flush=True)


def run_and_kill(folder: Path, kind: Kind, seconds: float) -> list[list[str]]:
    """The output of a server that was killed a number of seconds after its first line."""
    command = [sys.executable, "-m", "tests.game.records.keeping", str(folder), kind]
    locked = folder / "records.sqlite3"
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server,
        closing(sqlite3.connect(locked, isolation_level=None)) as other,
    ):
        assert server.stdout
        lines = [server.stdout.readline()]
        if kind == "locked":
            other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        server.send_signal(signal.SIGKILL)
        lines += server.stdout.readlines()
    return [words for line in lines if len(words := line.split()) == 2]


def lost_and_doubled(folder: Path, told: list[list[str]]) -> tuple[set[str], int]:
    """Ids that were told as saved and are not there, after another server has started; and how many
    players have more than one game, which none has played."""

    async def restart() -> None:
        opened = Opened(folder)
        await ResultKeeper(opened.records, opened.records.journal).keep_journal()
        opened.records.close()

    asyncio.run(restart())
    with closing(sqlite3.connect(folder / "records.sqlite3")) as kept:
        rows = kept.execute("SELECT id, player FROM games").fetchall()
    players = Counter(player for _, player in rows)
    assert all(len(player) == PLAYER for player in players)
    saved = {id for what, id in told if what == "saved"}
    return saved - {id for id, _ in rows}, sum(number > 1 for number in players.values())


def kill_many(folder: Path, kills: int, seconds: float = 1.5) -> dict[str, int]:
    """Kill servers at random moments; count begun, late, saved, lost and doubled games."""
    Opened(folder).records.close()
    rng, told = Random(1), list[list[str]]()
    kinds: tuple[Kind, ...] = ("well", "locked", "full")
    for kill in range(kills):
        told += run_and_kill(folder, kinds[kill % 3], rng.uniform(0.0, seconds))
    lost, doubled = lost_and_doubled(folder, told)
    numbers = Counter(what for what, _ in {(what, id) for what, id in told})
    return {"kills": kills, **numbers, "lost": len(lost), "doubled": doubled}


if __name__ == "__main__":
    database.BUSY = 50  # ms
    asyncio.run(keep_games(Path(sys.argv[1]), sys.argv[2]))  # pyright: ignore[reportArgumentType]
