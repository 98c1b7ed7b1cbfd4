"""Restores the records from a copy made by `python -m game.backup`; the game must not be running.

python -m game.restore records-2026-11-28.sqlite3
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from models.command import UserError, run


@dataclass(frozen=True)
class Options:
    """Restore the records from a copy; there must be no records yet."""

    copy: Annotated[Path, tyro.conf.Positional]
    """A file written by `python -m game.backup`."""
    database: str | None = None
    """URL of the records' database. Default: the environment variable DATABASE_URL, else
    ./doodle-race.sqlite3."""


def main(options: Options) -> None:
    """Copy the file, and update its tables to this version.

    Raises:
        UserError: the file is not a copy of records, or there are records already.
    """
    from game.records.database import Database, sqlite_file

    file = sqlite_file(options.database)
    if file.exists():
        raise UserError(f"{file} is there already", "Stop the game and move it away first")
    if not options.copy.is_file():
        raise UserError(
            f"there is no file {options.copy}", "Name a copy of `python -m game.backup`"
        )
    part = file.with_name(f".{file.name}.part")
    try:
        shutil.copyfile(options.copy, part)
        Database(f"sqlite:///{part}").close()
        part.replace(file)
    except OSError as error:
        raise UserError(f"cannot write {file}: {error.strerror}", "Free space") from error
    finally:
        for left in file.parent.glob(f"{part.name}*"):
            left.unlink()
    print(f"{file}: restored from {options.copy}")


if __name__ == "__main__":
    run(Options, main)
