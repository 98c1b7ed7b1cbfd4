"""Copies the SQLite database of the records into a file, also while the game runs.

    python -m game.backup records-2026-11-28.sqlite3

The copy is verified; on an error no file is left. For PostgreSQL use `pg_dump`, see
docs/privacy.md.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from models.command import UserError, run


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
        raise UserError(f"there is no database {file}", "Name one with --database")
    if options.out.exists():
        raise UserError(f"{options.out} is there already", "Choose another name")
    part = options.out.with_name(f".{options.out.name}.part")
    try:
        manifest = snapshot.take(file, part)
        snapshot.verify(part, manifest)
        part.replace(options.out)
    except OSError as error:
        raise UserError(f"cannot write {options.out}: {error.strerror}", "Free space") from error
    finally:
        part.unlink(missing_ok=True)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    run(Options, main)
