"""A copy of the records' SQLite file: taken while the game writes, checked, or taken in again."""

import hashlib
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from game.records.database import BUSY, Database
from game.records.tables import Base
from models.command import UserError

DATABASE, MANIFEST = "doodle-race.sqlite3", "manifest.json"
BESIDE = ("-wal", "-shm", "-journal")  # what SQLite puts beside a database
MEND = (
    f"Go back to an earlier commit of it, or delete {DATABASE} and {MANIFEST} there; "
    "until then nothing is restored from it and nothing written over it"
)


class Damaged(UserError):
    """A copy that cannot be trusted; whoever looks after the game must decide what becomes of it.

    Args:
        found: what is wrong with it, in one line.
    """

    def __init__(self, found: str) -> None:
        super().__init__(f"the copy of the records is damaged: {found}", MEND)


class Manifest(BaseModel):
    """What is written beside a copy.

    Attributes:
        sha256: of the database's file, in hexadecimal digits.
        size: of the file, in bytes.
        revision: version of the tables, as the migrations count.
        taken: when it was, in UTC.
    """

    model_config = ConfigDict(frozen=True)

    sha256: str
    size: int
    revision: str
    taken: datetime


def take(database: Path, copy: Path) -> Manifest:
    """Copy a database as it is between two writes, into one file, and check the copy.

    Raises:
        sqlite3.Error: when it cannot be read or written.
        Damaged: when the copy is, as the database itself must be.
    """
    with closing(connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # all in one file, and none beside it
        _check(target)
        (revision,) = target.execute("SELECT version_num FROM alembic_version").fetchone()
    return Manifest(
        sha256=_hash(copy), size=copy.stat().st_size, revision=revision, taken=datetime.now(UTC)
    )


def read(text: bytes) -> Manifest:
    """A manifest from its file.

    Raises:
        Damaged: when it is none.
    """
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        raise Damaged(f"{MANIFEST} is not one of this game") from error


def verify(copy: Path, manifest: Manifest) -> None:
    """Make sure that a copy is what was taken, and bring its tables up to date.

    Raises:
        Damaged: when it is something else.
        UserError: when it was written by a newer version of the game.
    """
    if (copy.stat().st_size, _hash(copy)) != (manifest.size, manifest.sha256):
        raise Damaged(f"{DATABASE} is not the file of {MANIFEST}, by its size or SHA-256")
    try:
        with closing(connect(copy)) as opened:
            _check(opened)
    except sqlite3.Error as error:
        raise Damaged(f"{error}") from error
    Database(f"sqlite:///{copy}").close()


def place(copy: Path, database: Path) -> None:
    """Put a verified copy where there is no database, whole; the copy is on the same disk."""
    for end in BESIDE:  # of a database that is gone, and not of this one
        database.with_name(database.name + end).unlink(missing_ok=True)
    copy.replace(database)


def merge(database: Path, copy: Path) -> int:
    """Add what a verified copy has and a database in use has not; how many rows these were.

    What both have stays as the database has it, but what one of them hides is hidden, and a daily
    that one of them finished is finished. Rows deleted in one alone come back from the other.

    Raises:
        sqlite3.Error: when the database cannot be written; it is as before then.
    """
    with closing(connect(database)) as opened:
        opened.execute(f"PRAGMA busy_timeout={BUSY}")
        opened.execute("ATTACH ? AS copy", (str(copy),))
        with _writing(opened):
            return sum(_add(opened, table.name, list(table.columns.keys())) for table in TABLES)


def connect(database: Path) -> sqlite3.Connection:
    """Open a database that is there; transactions are begun by hand."""
    uri = f"{database.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)


TABLES = Base.metadata.sorted_tables  # those that are referred to come first


def _add(opened: sqlite3.Connection, table: str, columns: list[str]) -> int:
    names = ", ".join(columns)
    added = opened.execute(
        f"INSERT OR IGNORE INTO main.{table} ({names}) SELECT {names} FROM copy.{table}"
    ).rowcount
    if "hidden" in columns:
        opened.execute(
            f"UPDATE main.{table} SET hidden = 1"
            f" WHERE NOT hidden AND id IN (SELECT id FROM copy.{table} WHERE hidden)"
        )
    if table == "daily_tries":
        opened.execute(
            "UPDATE main.daily_tries AS ours SET game = theirs.game FROM copy.daily_tries AS theirs"
            " WHERE ours.game IS NULL AND (ours.date, ours.player) = (theirs.date, theirs.player)"
        )
    return added


@contextmanager
def _writing(opened: sqlite3.Connection) -> Generator[None]:
    """A transaction that is on disk whole, or not at all."""
    opened.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        opened.execute("ROLLBACK")
        raise
    opened.execute("COMMIT")


def _check(opened: sqlite3.Connection) -> None:
    found = opened.execute("PRAGMA integrity_check(1)").fetchall()
    if found != [("ok",)]:
        raise Damaged(f"SQLite finds {found[0][0]}")


def _hash(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
