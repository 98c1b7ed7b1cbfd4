"""The database of the records: any that SQLAlchemy supports; opening it runs the migrations.

A SQLite file is used with a write-ahead log: readers never wait for the writer, and commits are on
disk (`synchronous=FULL`), so they survive a crash of the process or the machine.
"""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from models.command import UserError

VARIABLE = "DATABASE_URL"
DEFAULT_URL = "sqlite:///doodle-race.sqlite3"
TURN = 0xD00D1E  # key of the PostgreSQL lock that is held during migrations
BUSY = 10_000  # ms that a writer waits for another process
MIGRATIONS = Path(__file__).with_name("migrations")
MEND = f"Expected in {VARIABLE} a URL of SQLAlchemy such as {DEFAULT_URL}"


def sqlite_file(url: str | None = None) -> Path:
    """The file of a SQLite database.

    Args:
        url: SQLAlchemy's; without it the variable DATABASE_URL, else a file in the folder.

    Raises:
        UserError: it is another kind of database.
    """
    try:
        found = make_url(url or os.environ.get(VARIABLE) or DEFAULT_URL)
    except ArgumentError as error:
        raise UserError(f"cannot use the database: {error}", MEND) from error
    if found.get_backend_name() != "sqlite" or not found.database:
        raise UserError(f"{found} is not a SQLite file", "For PostgreSQL use pg_dump, pg_restore")
    return Path(found.database)


class Database:
    """An open database, which may be used from any thread.

    Args:
        url: a URL of SQLAlchemy; None for the environment variable DATABASE_URL, else a SQLite file
            in the working folder.

    Attributes:
        url: the URL without its password.

    Raises:
        UserError: the database cannot be opened or migrated.
    """

    def __init__(self, url: str | None = None) -> None:
        url = url or os.environ.get(VARIABLE) or DEFAULT_URL
        try:
            self._reads = _engine(url)
            self.url = self._reads.url.render_as_string()
            self._writes = self._reads.execution_options(writes=True)
            self._bring_up_to_date()
        except (ArgumentError, ImportError) as error:
            raise UserError(f"cannot use the database: {error}", MEND) from error
        except DBAPIError as error:
            raise UserError(f"cannot open the database: {error.orig}", MEND) from error
        except (CommandError, SQLAlchemyError) as error:
            raise UserError(
                f"cannot bring the database up to date: {error}",
                "Was it written by a newer version? Update the project or choose another database",
            ) from error

    @property
    def unsaved(self) -> tuple[Path, Path]:
        """The folders for results that wait for this database, the better one first."""
        return self.beside, self.elsewhere

    @property
    def beside(self) -> Path:
        """A folder beside the SQLite file; for other databases, one each in the working folder."""
        url = self._reads.url
        if self._reads.dialect.name == "sqlite":
            return Path(f"{url.database or 'doodle-race'}-unsaved")
        return Path(f"doodle-race-unsaved-{_digest(url.render_as_string())}")

    @property
    def elsewhere(self) -> Path:
        """A folder for this database alone, in the temporary folder, often on another disk."""
        name = _digest(f"{self._reads.url.render_as_string()} {Path.cwd()}")
        return Path(tempfile.gettempdir()) / f"doodle-race-unsaved-{os.getuid()}-{name}"

    @contextmanager
    def reading(self) -> Generator[Session]:
        """A session that sees one unchanging state of the database."""
        with Session(self._reads, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Generator[Session]:
        """A session whose changes are committed when the block ends, or rolled back on an error."""
        with Session(self._writes, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        self._reads.dispose()

    def _bring_up_to_date(self) -> None:
        try:
            _migrate(self._writes)
        except BaseException:
            self.close()
            raise


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def _engine(url: str) -> Engine:
    # `pool_pre_ping` replaces connections that broke when the database server was restarted.
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # `_begin_sqlite` begins the transactions
    for pragma in (
        f"busy_timeout={BUSY}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start, because taking it later in a transaction may fail."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(engine: Engine) -> None:
    """Migrate the tables to the newest version; servers that start together do so in turn."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(TURN)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
