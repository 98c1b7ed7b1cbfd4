"""Kills servers in the middle of races, daily games and solo games, and checks what players saw.

    python -m benchmarks.killed_servers

It takes some minutes, most of which it waits. `benchmarks.kills` kills what only stores results,
without players.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tools.result import RESULTS, show, write
from models.command import UserError, run
from tests.game.killing import KINDS

SUMS = ("kills", "rounds", "games", "lost", "twice", "late")
HOW = """On a server two of these run at a time, for players on WebSockets who draw at once: a race
of two, a daily game, a Sprint, a Quick Six. The server is killed with SIGKILL up to 1 s after
something was told as stored, every tenth one after a game was; the next one continues with its
files. The SQLite database is well; or another process holds its lock most of the time; or each
commit takes up to 0.8 s; or it is full in three of four transactions; or the database is a
PostgreSQL that stops, as in a crash, and starts again and again, and there is no Redis.
rounds, games: those that players were told are saved. lost: those of them that are not in the
database after the last start. twice: rounds and games that are there twice. late: how often a
player saw "saving…". modes: stored drawings by mode."""


@dataclass(frozen=True)
class Options:
    """Kill servers with players in the middle of their games."""

    kills: int = 100
    """Number of kills, shared equally among the five kinds of database."""
    seed: int = 1
    """Seed of the times of the kills."""
    out: Path = RESULTS / "killed_servers.json"
    """Result file."""


def main(options: Options) -> None:
    """Measure, and write the result.

    Raises:
        UserError: there are fewer kills than kinds of database.
    """
    kills = options.kills // len(KINDS)
    if kills < 1:
        raise UserError(f"{options.kills} kills are too few", f"Expected {len(KINDS)} or more")
    with tempfile.TemporaryDirectory() as folder:
        # It forks servers, which a process that has loaded torch's threads should not do.
        command = [sys.executable, "-m", "tests.game.killing", folder, str(options.seed)]
        command += [f"{kind}={kills}" for kind in KINDS]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    totals = {name: sum(row[name] for row in rows) for name in SUMS}
    write(options.out, HOW, totals | {"kinds": {row.pop("kind"): row for row in rows}})
    table = [[kind, *(row[name] for name in SUMS)] for kind, row in zip(KINDS, rows, strict=True)]
    show("results of killed servers", ("database", *SUMS), [*table, ["all", *totals.values()]])


if __name__ == "__main__":
    run(Options, main)
