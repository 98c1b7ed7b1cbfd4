"""The database: confirmed results are not lost, tables match the migrations, errors are clear."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from game.records import open_records, replays
from game.records.database import Database
from game.records.storage import AttemptRecord
from game.records.tables import Base
from models.command import UserError
from tests.game.fakes import CountsBars
from tests.game.records.making import ANNA, BEN, Opened, replay

KILLS = 50


async def test_a_killed_server_has_lost_no_acknowledged_result(tmp_path: Path):
    command = [sys.executable, "-m", "tests.game.records.killing", str(tmp_path), str(KILLS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    rounds = [line.split() for line in done.stdout.splitlines()]
    assert len(rounds) >= KILLS
    opened = Opened(tmp_path)
    for one, two, challenge in rounds:
        kept = [await opened.records.replay(id) for id in (one, two)]
        assert [found and found.word for found in kept] == ["one", "two"]
        info = await opened.records.challenge_info(challenge)
        assert info is not None
        assert info.words == 2
    opened.records.close()
    with closing(sqlite3.connect(tmp_path / "records.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (games,) = database.execute("SELECT count(*) FROM games").fetchone()
    assert len(rounds) <= games <= len(rounds) + KILLS  # also unconfirmed ones


async def test_a_round_is_kept_whole_or_not_at_all(opened: Opened):
    with pytest.raises(Exception, match=r"(?i)not.null"):
        await opened.keep(ANNA, replay("one"), replay("two").model_copy(update={"mode": None}))
    assert not (await opened.records.board("all", None, "one")).rows


async def test_two_servers_share_a_file(opened: Opened):
    other = Opened(opened.folder)
    await asyncio.gather(*(o.keep(k, replay()) for o in (opened, other) for k in (ANNA, BEN) * 10))
    assert len((await other.records.board("all", None, "one")).rows) == 2
    other.records.close()


async def test_a_write_that_met_another_servers_is_done_again(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
):
    keep, calls = replays.keep, [0]

    def too_late_once(
        session: Session, attempts: Sequence[AttemptRecord], now: datetime
    ) -> list[str | None]:
        ids = keep(session, attempts, now)
        calls[0] += 1
        if calls[0] == 1:
            raise IntegrityError("INSERT", None, ValueError("there is one already"))
        return ids

    monkeypatch.setattr(replays, "keep", too_late_once)
    await opened.keep(ANNA, replay())
    assert calls == [2]
    assert len((await opened.records.board("all", None, "one")).rows) == 1


def test_the_migrations_make_the_tables(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    for _ in range(2):  # the second finds everything up to date
        Database(url).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_what_waits_for_two_databases_lies_in_two_folders(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Database, "_bring_up_to_date", lambda _: None)  # there is no such server
    urls = [f"postgresql+psycopg://ada:{word}@db/{name}" for word in "xy" for name in ("a", "b")]
    opened = [Database(url) for url in urls]
    folders = [database.unsaved for database in opened]
    assert folders[:2] == folders[2:]  # another password is not another database
    assert len({folder for pair in folders[:2] for folder in pair}) == 4
    for database in opened:
        database.close()


def test_sqlite_writes_ahead_and_to_the_disk(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    with database.writing() as session:
        connection = session.connection()
        modes = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        ]
    database.close()
    assert modes == ["wal", 2, 10_000, 1]


async def test_the_url_is_the_argument_or_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'variable.sqlite3'}")
    for url in (None, f"sqlite:///{tmp_path / 'argument.sqlite3'}"):
        open_records(url, CountsBars()).close()
    assert {file.name for file in tmp_path.glob("*.sqlite3")} == {
        "variable.sqlite3",
        "argument.sqlite3",
    }


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("nonsense", "Could not parse"),
        ("sqlite:////nowhere/at/all/x.sqlite3", "unable to open database file"),
        ("nosuch://host/name", "nosuch"),
    ],
)
def test_an_unusable_url_is_reported_with_what_was_expected(url: str, found: str):
    with pytest.raises(UserError, match=found) as caught:
        Database(url)
    assert "DATABASE_URL" in str(caught.value)


def test_a_file_that_is_no_database_is_reported(tmp_path: Path):
    (tmp_path / "text.sqlite3").write_text("this is no database, but long enough to be looked at\n")
    with pytest.raises(UserError, match="not a database"):
        Database(f"sqlite:///{tmp_path / 'text.sqlite3'}")


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    Database(url).close()
    with closing(sqlite3.connect(tmp_path / "new.sqlite3")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UserError, match="newer version"):
        Database(url)
