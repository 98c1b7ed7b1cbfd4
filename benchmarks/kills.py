"""Checks that results survive kills of the server while its database is locked, slow or full.

    python -m benchmarks.kills

It takes about ten minutes, most of which it waits.
"""

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from benchmarks.tools.result import RESULTS, show, write
from models.command import UserError, run
from tests.game.records.keeping import KINDS, kill_many

HOW = """A process stores rounds and games of races, dailies and solo games in a SQLite file, three
at a time, with the server's own code, and is killed with SIGKILL at a random moment; the next one
continues with the files that the last one left. The database is well; or locked by another
connection most of the time; or slow, so that each commit takes 0.8 to 2.4 s; or full in three of
four transactions.
saved: rounds and games whose player was told that they are saved. found: those that are in the
database after the last start. late: those whose player saw "saving…". waiting: those of them that
were not saved when the server was killed. waiting_found: those that the next start stored. doubled:
players with a round or game twice."""


@dataclass(frozen=True)
class Options:
    """Kill servers that store results."""

    kills: int = 100
    """Number of kills, shared equally among the four kinds of database."""
    seed: int = 1
    """Seed of the times of the kills."""
    out: Path = RESULTS / "kills.json"
    """Result file."""


def main(options: Options) -> None:
    """Measure, and write the result.

    Raises:
        UserError: there are fewer kills than kinds of database.
    """
    kills, rng = options.kills // len(KINDS), Random(options.seed)
    if kills < 1:
        raise UserError(f"{options.kills} kills are too few", f"Expected {len(KINDS)} or more")
    with tempfile.TemporaryDirectory() as folder:
        rows = {kind: asdict(kill_many(Path(folder) / kind, kind, kills, rng)) for kind in KINDS}
    totals = {name: sum(row[name] for row in rows.values()) for name in rows["well"]}
    write(options.out, HOW, totals | {"kinds": rows})
    table = [[kind, *row.values()] for kind, row in {**rows, "all": totals}.items()]
    show("results of killed servers", ("database", *totals), table)


if __name__ == "__main__":
    run(Options, main)
