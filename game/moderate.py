"""Moderation: list, hide or delete the drawings and games of players, also while the game runs.

python -m game.moderate list --name Anna
python -m game.moderate hide ID ...
python -m game.moderate delete ID ...

`list` prints the ids; the id of a replay is also in its link (`?replay=ID`).
"""

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import tyro

from models.command import UserError, run

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from game.records.database import Database

ID = re.compile(r"[A-Za-z0-9_-]{22}")  # older ones may begin with "-"
LISTED = "Expected ids that `python -m game.moderate list` prints"

Ids = Annotated[
    tuple[str, ...],
    tyro.conf.Positional,
    tyro.conf.arg(metavar="ID [ID ...]", help="Ids of replays or games; one or more."),
]


@dataclass(frozen=True)
class Listing:
    """Print replays and games, latest first: id, time, name, word or mode, result."""

    hidden: bool = False
    """Only hidden ones, such as drawings that players have reported."""
    name: str | None = None
    """Only those of players with this name."""
    limit: int = 50
    """Largest number of lines."""


@dataclass(frozen=True)
class Hide:
    """Hide replays or games from everyone for good: on boards, and as ghosts, challenges, links."""

    ids: Ids
    player: bool = False
    """Also everything else of the same players."""


@dataclass(frozen=True)
class Delete:
    """Delete replays or games. It cannot be undone."""

    ids: Ids
    player: bool = False
    """Also everything else of the same players, with their names."""


Do = (
    Annotated[Listing, tyro.conf.subcommand("list")]
    | Annotated[Hide, tyro.conf.subcommand("hide")]
    | Annotated[Delete, tyro.conf.subcommand("delete")]
)


@dataclass(frozen=True)
class Options:
    """List, hide or delete the drawings and games of players; the game may be running."""

    do: tyro.conf.OmitSubcommandPrefixes[Do]
    database: str | None = None
    """URL of the records' database. Default: the environment variable DATABASE_URL, else
    ./doodle-race.sqlite3."""


def main(options: Options) -> None:
    """Run the command.

    Raises:
        UserError: the database cannot be opened, or an id is unknown.
    """
    from game.records import moderation
    from game.records.database import Database

    database = Database(options.database)
    try:
        match options.do:
            case Listing() as wanted:
                _print(database, wanted)
            case Hide(ids, player):
                hide = moderation.hide_players if player else moderation.hide
                _change(database, hide, ids, "hidden")
            case Delete(ids, player=False):
                _change(database, moderation.delete, ids, "deleted")
            case Delete(ids):
                _delete_waiting(database, ids)
                delete = partial(moderation.delete_players_of, now=datetime.now(UTC))
                _change(database, delete, ids, "deleted")
    finally:
        database.close()


def _print(database: "Database", wanted: Listing) -> None:
    from game.records import moderation

    with database.reading() as session:
        found = moderation.entries(
            session, hidden=wanted.hidden, name=wanted.name, limit=wanted.limit
        )
    for entry in found:
        when, flag = entry.moment[:19], "  hidden" if entry.hidden else ""
        print(f"{entry.id:22}  {when}  {entry.name:16}  {entry.what:28}  {entry.result}{flag}")
    if not found:
        print(f"nothing to list in {database.url}")


def _delete_waiting(database: "Database", ids: Sequence[str]) -> None:
    """Delete also what waits in files of the players to whom replays and games belong."""
    from game.records.journal import Journal
    from game.records.retention import players_of

    with database.reading() as session:
        players = players_of(session, ids)
    Journal(database.unsaved).forget(players)


def _change(
    database: "Database",
    change: Callable[["Session", Sequence[str]], set[str]],
    ids: tuple[str, ...],
    done: str,
) -> None:
    if not ids:
        raise UserError("no id was given", LISTED)
    with database.writing() as session:
        known = change(session, ids)
    if unknown := [id for id in ids if id not in known]:
        raise UserError(
            f"no replay or game has the id {', '.join(unknown)} ({len(known)} {done})", LISTED
        )
    print(f"{len(known)} {done}")


def ids_last(words: list[str]) -> list[str]:
    """A command line in which ids stand behind "--" if one of them looks like an option."""
    ids = [word for word in words if ID.fullmatch(word)]
    if "--" in words or not any(id.startswith("-") for id in ids):
        return words
    return [*(word for word in words if word not in ids), "--", *ids]


if __name__ == "__main__":
    sys.argv[1:] = ids_last(sys.argv[1:])
    run(Options, main)
