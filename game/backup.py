"""Copies the SQLite database of the records into a file, also while the game runs.

    python -m game.backup records-2026-11-28.sqlite3

The copy is verified; on an error no file is left. For PostgreSQL use `pg_dump`, see
docs/privacy.md.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import tyro

from models.command import UserError, run

NAME_ONE = "Name the game's database with --database"


@dataclass(frozen=True)
class Options:
    """Copy the records into a file; the game may be running."""

    out: Annotated[Path, tyro.conf.Positional]
    """File to write; it must not exist yet."""
    database: str | None = None
    """URL of the records' database. Default: the environment variable DATABASE_URL, else
    ./doodle-race.sqlite3."""


def main(options: Options) -> None:
    """Write the copy.

    Raises:
        UserError: the database does not exist, or the copy cannot be written.
    """
    from game.records.database import sqlite_file
    from game.spaces import snapshot

    file = sqlite_file(options.database)
    if not file.is_file():
        raise UserError(f"there is no database {file}", NAME_ONE)
    if options.out.exists():
        raise UserError(f"{options.out} is there already", "Choose another name")
    try:
        with TemporaryDirectory(prefix=f".{options.out.name}.", dir=options.out.parent) as folder:
            part = Path(folder) / options.out.name
            snapshot.verify(part, snapshot.take(file, part))
            part.replace(options.out)
    except snapshot.Damaged as error:
        raise UserError(
            f"{file} is not a whole database of the game: {error.found}",
            f"{NAME_ONE}, or restore an earlier copy",
        ) from error
    except sqlite3.Error as error:
        raise UserError(
            f"cannot copy {file} to {options.out}: {error}",
            "Expected the game's database, and space for the copy",
        ) from error
    except OSError as error:
        raise UserError(
            f"cannot write {options.out}: {error.strerror}",
            "Name a file in an existing folder, with space left",
        ) from error
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    run(Options, main)
