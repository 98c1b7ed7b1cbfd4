"""Copies of the records' SQLite file: made while the game writes, verified, restored and merged."""

import hashlib
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from game.records.database import BUSY, Database
from game.records.tables import Base, GameRow, ReplayRow
from models.command import UserError

DATABASE, MANIFEST = "doodle-race.sqlite3", "manifest.json"
BESIDE = ("-wal", "-shm", "-journal")  # endings of the files that SQLite puts beside a database
MEND = (
    f"Revert it to an earlier commit, or delete {DATABASE} and {MANIFEST} there; "
    "until then it is neither restored nor overwritten"
)


class Damaged(UserError):
    """A copy is damaged; the game's host must decide what to do about it.

    Args:
        found: what is wrong with the copy, in one line.
    """

    def __init__(self, found: str) -> None:
        super().__init__(f"the copy of the records is damaged: {found}", MEND)
        self.found = found


class Manifest(BaseModel):
    """Describes a copy, and is stored beside it.

    Attributes:
        sha256: of the database file, in hexadecimal digits.
        size: of the file, in bytes.
        revision: version of the tables: the id of the last migration.
        taken: when the copy was made, in UTC.
    """

    model_config = ConfigDict(frozen=True)

    sha256: str
    size: int
    revision: str
    taken: datetime


def take(database: Path, copy: Path) -> Manifest:
    """Copy a consistent state of a database into one file, and check the copy.

    Raises:
        sqlite3.Error: the database cannot be read, or the copy cannot be written.
        Damaged: the copy is damaged, so the database is damaged as well.
    """
    with closing(connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # so that the copy is a single file
        _check(target)
        (revision,) = target.execute("SELECT version_num FROM alembic_version").fetchone()
    return Manifest(
        sha256=_hash(copy), size=copy.stat().st_size, revision=revision, taken=datetime.now(UTC)
    )


def read(text: bytes) -> Manifest:
    """Parse a manifest from the content of its file.

    Raises:
        Damaged: it is not a manifest.
    """
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        raise Damaged(f"{MANIFEST} is not one of this game") from error


def verify(copy: Path, manifest: Manifest) -> None:
    """Check that a copy is the one in the manifest, and update its tables to this version.

    Raises:
        Damaged: the copy is not the one in the manifest, or SQLite finds an error in it.
        UserError: a newer version of the game wrote it.
    """
    if (copy.stat().st_size, _hash(copy)) != (manifest.size, manifest.sha256):
        raise Damaged(f"{DATABASE} is not the file of {MANIFEST}, by its size or SHA-256")
    bring_up_to_date(copy)


def bring_up_to_date(copy: Path) -> None:
    """Check that a copy is a whole database of the records, and update its tables to this version.

    Raises:
        Damaged: SQLite finds an error in it, or it is not one of this game.
        UserError: a newer version of the game wrote it.
    """
    try:
        with closing(connect(copy)) as opened:
            _check(opened)
    except sqlite3.Error as error:
        raise Damaged(f"{error}") from error
    Database(f"sqlite:///{copy}").close()


def place(copy: Path, database: Path) -> None:
    """Move a verified copy to where there is no database; both must be on the same disk."""
    for left in left_beside(database):
        left.unlink()
    copy.replace(database)


def left_beside(database: Path) -> list[Path]:
    """The files that SQLite has left beside a database; it would apply them to any new one."""
    files = (database.with_name(database.name + end) for end in BESIDE)
    return [file for file in files if file.exists()]


def merge(database: Path, copy: Path) -> int:
    """Add the rows of a verified copy that a database in use lacks; return their number.

    Rows that both have keep the database's values, with two exceptions: a row that is hidden in
    either is hidden, and a daily game that is finished in either is finished. A row that was
    deleted in only one of the two comes back from the other, unless its player had everything
    deleted.

    Raises:
        sqlite3.Error: the database cannot be written; it is then unchanged.
    """
    with closing(connect(database)) as opened:
        opened.execute(f"PRAGMA busy_timeout={BUSY}")
        opened.execute("PRAGMA foreign_keys=ON")  # the words of a game are deleted with it
        opened.execute("ATTACH ? AS copy", (str(copy),))
        with _writing(opened):
            added = [_add(opened, table.name, list(table.columns.keys())) for table in TABLES]
            _forget(opened)
            return sum(added)


def connect(database: Path) -> sqlite3.Connection:
    """Open an existing database; transactions have to be begun explicitly."""
    uri = f"{database.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)


TABLES = Base.metadata.sorted_tables  # tables come before those that refer to them
ALWAYS = ("alembic_version", ReplayRow.__tablename__, GameRow.__tablename__)  # in every version


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
    if table == "forgotten":
        opened.execute(
            "UPDATE main.forgotten AS ours SET moment = theirs.moment FROM copy.forgotten AS theirs"
            " WHERE ours.player = theirs.player AND ours.moment < theirs.moment"
        )
    return added


def _forget(opened: sqlite3.Connection) -> None:
    """Delete what players had deleted in only one of the two databases."""
    for table in (ReplayRow.__tablename__, GameRow.__tablename__):
        opened.execute(
            f"DELETE FROM main.{table} AS old WHERE EXISTS (SELECT 1 FROM main.forgotten AS gone"
            " WHERE gone.player = old.player AND gone.moment >= old.moment)"
        )
    opened.execute(
        "DELETE FROM main.names WHERE player IN (SELECT player FROM main.forgotten)"
        " AND player NOT IN"
        " (SELECT player FROM main.replays UNION SELECT player FROM main.games)"
    )


@contextmanager
def _writing(opened: sqlite3.Connection) -> Generator[None]:
    """A transaction, which is rolled back on an error."""
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
        raise Damaged(f"SQLite finds {' '.join(found[0][0].split())}")
    there = {name for (name,) in opened.execute("SELECT name FROM sqlite_schema")}
    if lacking := [name for name in ALWAYS if name not in there]:
        raise Damaged(f"it has no table {lacking[0]}")


def _hash(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
