"""Restores the records from a copy made by `python -m game.backup`; the game must not be running.

python -m game.restore records-2026-11-28.sqlite3
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import tyro

from models.command import UserError, run

COPY = "Name a file that `python -m game.backup` has written"
SPACE = "Name a database in an existing folder, with space left"


@dataclass(frozen=True)
class Options:
    """Restore the records from a copy; there must be no records yet."""

    copy: Annotated[Path, tyro.conf.Positional]
    """A file written by `python -m game.backup`."""
    database: str | None = None
    """URL of the records' database. Default: the environment variable DATABASE_URL, else
    ./doodle-race.sqlite3."""


def main(options: Options) -> None:
    """Copy the file, check the copy, and update its tables to this version.

    Raises:
        UserError: the file is not a copy of records, or there are records already.
    """
    from game.records.database import sqlite_file
    from game.spaces import snapshot

    file = sqlite_file(options.database)
    _check_that_nothing_is_at(file)
    if not options.copy.is_file():
        raise UserError(f"there is no file {options.copy}", COPY)
    try:
        with TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as folder:
            part = Path(folder) / file.name
            shutil.copyfile(options.copy, part)
            snapshot.bring_up_to_date(part)
            part.replace(file)
    except snapshot.Damaged as error:
        found = f"{options.copy} is not a whole copy of the records: {error.found}"
        raise UserError(found, COPY) from error
    except OSError as error:
        raise UserError(f"cannot write {file}: {error.strerror}", SPACE) from error
    print(f"{file}: restored from {options.copy}")


def _check_that_nothing_is_at(file: Path) -> None:
    """Check that neither records are there, nor files with their newest results."""
    from game.spaces import snapshot

    if file.exists():
        raise UserError(
            f"{file} is there already",
            "Stop the game, and move it away with the files beside it that begin with its name",
        )
    if left := snapshot.left_beside(file):
        names = ", ".join(map(str, left))
        raise UserError(
            f"{names} of an earlier database would be applied to the restored one",
            "Move these away too: they may hold its newest results",
        )


if __name__ == "__main__":
    run(Options, main)
