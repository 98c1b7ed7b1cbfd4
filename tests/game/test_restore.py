"""`python -m game.backup` and `python -m game.restore`: what they refuse, in one line each."""

import resource
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from game import backup, restore
from game.records.database import Database
from game.spaces.snapshot import BESIDE
from models.command import UserError
from tests.game.records.making import ANNA, Opened, replay
from tests.made import contents


@pytest.fixture
async def copy(tmp_path: Path) -> Path:
    """A backup of records with some results."""
    (tmp_path / "played").mkdir()
    opened = Opened(tmp_path / "played")
    for _ in range(20):
        await opened.keep(ANNA, replay("one"))
    backup.main(backup.Options(tmp_path / "copy", opened.url))
    opened.records.close()
    return tmp_path / "copy"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where records are to be restored, in an empty folder."""
    (tmp_path / "place").mkdir()
    return tmp_path / "place" / "records.sqlite3"


def bookmarks(path: Path) -> Path:
    """A database of another program."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (address)")
    return path


def put_back(copy: Path, place: Path) -> None:
    restore.main(restore.Options(copy, f"sqlite:///{place}"))


@pytest.mark.parametrize("end", BESIDE)
def test_nothing_is_restored_beside_the_log_of_an_earlier_database(
    copy: Path, place: Path, end: str
):
    beside = place.with_name(place.name + end)
    beside.write_bytes(b"the newest results")
    with pytest.raises(UserError, match=f"records.sqlite3{end} .* Move these away too"):
        put_back(copy, place)
    assert contents(place.parent) == {beside.name}


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("empty", "it has no table alembic_version"),
        ("text", "file is not a database"),
        ("half", "malformed"),
        ("zeros", "SQLite finds|malformed"),
        ("foreign", "it has no table alembic_version"),
    ],
)
def test_only_a_whole_copy_is_restored(copy: Path, place: Path, kind: str, found: str):
    content = copy.read_bytes()
    foreign = bookmarks(copy.with_name("other")).read_bytes()
    copy.write_bytes(
        {
            "empty": b"",
            "text": b"no database" * 1_000,
            "half": content[: len(content) // 2],
            "zeros": content[:8_192] + bytes(len(content) - 8_192),
            "foreign": foreign,
        }[kind]
    )
    with pytest.raises(UserError, match=f"not a whole copy of the records: .*({found}).*backup"):
        put_back(copy, place)
    assert contents(place.parent) == set()


def test_a_copy_of_a_newer_version_is_not_restored(copy: Path, place: Path):
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UserError, match="newer version"):
        put_back(copy, place)
    assert contents(place.parent) == set()


def test_a_folder_that_is_missing_is_reported(copy: Path, tmp_path: Path):
    nowhere, url = tmp_path / "nowhere" / "x", f"sqlite:///{tmp_path / 'played/records.sqlite3'}"
    with pytest.raises(UserError, match=r"No such file .* Name a file in an existing"):
        backup.main(backup.Options(nowhere, url))
    with pytest.raises(UserError, match=r"No such file .* Name a database in an exist"):
        put_back(copy, nowhere)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "it has no table alembic_version.*--database"),
        (b"no database" * 1_000, "file is not a database.*Expected the game's database"),
    ],
)
def test_only_the_games_database_is_copied(tmp_path: Path, content: bytes, found: str):
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(UserError, match=found):
        backup.main(backup.Options(tmp_path / "new", f"sqlite:///{tmp_path / 'other'}"))
    foreign = bookmarks(tmp_path / "foreign")
    with pytest.raises(UserError, match="it has no table alembic_version"):
        backup.main(backup.Options(tmp_path / "new", f"sqlite:///{foreign}"))
    assert contents(tmp_path) == {"other", "foreign"}


@contextmanager
def full_disk(size: int) -> Generator[None]:
    """No file can become larger than `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_no_copy(tmp_path: Path):
    database = tmp_path / "records.sqlite3"
    Database(f"sqlite:///{database}").close()
    with full_disk(8_192), pytest.raises(UserError, match="space for the copy"):
        backup.main(backup.Options(tmp_path / "new", f"sqlite:///{database}"))
    assert not [name for name in contents(tmp_path) if "new" in name]
