"""Copies of a database: made while it is written to, verified, restored and merged."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from game.records.storage import DailyDone
from game.spaces import snapshot
from game.spaces.snapshot import BESIDE, DATABASE, Damaged
from tests.game.fakes import WORDS
from tests.game.records.making import ANNA, BEN, Opened, game, replay
from tests.made import contents, damage

PATIENCE = 30.0  # seconds, on a busy machine


def file(opened: Opened) -> Path:
    return opened.folder / "records.sqlite3"


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    return Opened(new(tmp_path, "ours"))


@pytest.fixture
def other(tmp_path: Path) -> Opened:
    return Opened(new(tmp_path, "theirs"))


def new(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def copied(opened: Opened, folder: Path) -> Path:
    """A verified copy of the records in a folder of its own."""
    copy = new(folder, "copy") / DATABASE
    snapshot.verify(copy, snapshot.take(file(opened), copy))
    return copy


def count(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


async def test_a_copy_is_whole_while_the_game_writes(opened: Opened, tmp_path: Path):
    stop, written, number_of_games = asyncio.Event(), asyncio.Event(), 0

    async def write_once() -> None:
        ids = await opened.keep(ANNA, replay("one"), replay("two"))
        await opened.records.keep_game(game(ANNA, [*ids], ("one", "two")))
        nonlocal number_of_games
        number_of_games += 1
        written.set()

    async def further_than(games: int) -> None:
        while number_of_games <= games:
            written.clear()
            await written.wait()

    async def write() -> None:
        while not stop.is_set():
            await write_once()

    await write_once()
    writing = asyncio.create_task(write())
    games = 0
    for number in range(5):
        await asyncio.wait_for(further_than(games), PATIENCE)
        copy = tmp_path / f"{number}.sqlite3"
        manifest = await asyncio.to_thread(snapshot.take, file(opened), copy)
        snapshot.verify(copy, manifest)
        before, games, replays = games, count(copy, "games"), count(copy, "replays")
        assert before < games
        assert replays in (2 * games, 2 * games + 2)
    stop.set()
    await writing
    opened.records.close()
    assert not [name for name in contents(tmp_path) if name.endswith(BESIDE)]


async def test_a_copy_takes_the_place_of_nothing(opened: Opened, tmp_path: Path):
    [id] = await opened.keep(ANNA, replay("one"))
    copy, place = copied(opened, tmp_path), new(tmp_path, "place")
    for end in BESIDE:
        (place / f"records.sqlite3{end}").write_bytes(b"of a database that is gone")
    snapshot.place(copy, place / "records.sqlite3")
    assert contents(place) == {"records.sqlite3"}
    assert not copy.exists()
    again = Opened(place)
    assert await again.records.replay(id) is not None
    again.records.close()


async def test_a_changed_byte_is_found(opened: Opened, tmp_path: Path):
    await opened.keep(ANNA, replay("one"))
    copy = tmp_path / DATABASE
    manifest = snapshot.take(file(opened), copy)
    damage(copy)
    with pytest.raises(Damaged, match="SHA-256"):
        snapshot.verify(copy, manifest)


async def test_a_file_that_is_no_database_is_found(tmp_path: Path, opened: Opened):
    manifest = snapshot.take(file(opened), tmp_path / DATABASE)
    copy = tmp_path / DATABASE
    copy.write_bytes(b"no database" * 1_000)
    fitting = manifest.model_copy(
        update={"size": copy.stat().st_size, "sha256": snapshot._hash(copy)}
    )
    with pytest.raises(Damaged, match="not a database"):
        snapshot.verify(copy, fitting)


async def test_a_database_that_is_broken_is_not_copied(opened: Opened, tmp_path: Path):
    for _ in range(20):
        await opened.keep(ANNA, replay("one"))
    opened.records.close()
    with closing(sqlite3.connect(file(opened))) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'ix_replays_moment'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    broken = bytearray(file(opened).read_bytes())
    broken[(page - 1) * size : page * size] = bytes(size)
    file(opened).write_bytes(broken)
    with pytest.raises((Damaged, sqlite3.DatabaseError)):
        snapshot.take(file(opened), tmp_path / DATABASE)


async def test_merging_adds_what_is_missing_once(opened: Opened, other: Opened, tmp_path: Path):
    ours = await opened.keep(ANNA, replay("one"))
    theirs = await other.keep(BEN, replay("two", name="Ben"))
    await other.records.keep_game(game(BEN, [*theirs], ("two",), name="Ben"))
    copy = copied(other, tmp_path)
    assert snapshot.merge(file(opened), copy) == 4  # a replay, a game, its word, a name
    assert snapshot.merge(file(opened), copy) == 0
    for id in (*ours, *theirs):
        assert await opened.records.replay(id) is not None
    assert [row.name for row in (await opened.records.board("all", "room", None)).rows] == ["Ben"]


async def test_what_a_player_had_deleted_in_one_does_not_come_back_from_the_other(
    opened: Opened, other: Opened, tmp_path: Path
):
    for key, name in ((ANNA, "Anna"), (BEN, "Ben")):
        (id,) = await opened.keep(key, replay(name=name))
        await opened.keep_game(game(key, [id], ("one",), name=name))
    snapshot.merge(file(other), copied(opened, tmp_path))
    opened.day.later(minutes=1)
    await opened.records.forget(ANNA)
    for into, of in ((opened, other), (other, opened)):
        snapshot.merge(file(into), copied(of, new(tmp_path, into.folder.name + "-again")))
        tables = {"replays": 1, "games": 1, "game_words": 1, "names": 1, "forgotten": 1}
        assert {table: count(file(into), table) for table in tables} == tables
        assert [row.name for row in (await into.records.board("all", None, "one")).rows] == ["Ben"]


async def test_what_either_hides_is_hidden(opened: Opened, tmp_path: Path):
    first, second = await opened.keep(ANNA, replay("one"), replay("two"))
    copy = copied(opened, tmp_path)
    other = Opened(new(tmp_path, "theirs"))
    snapshot.merge(file(other), copy)
    await opened.records.hide(first)
    await other.records.hide(second)
    snapshot.merge(file(opened), copied(other, new(tmp_path, "again")))
    assert await opened.records.replay(first) is None
    assert await opened.records.replay(second) is None


async def test_a_daily_that_either_finished_is_finished(
    opened: Opened, other: Opened, tmp_path: Path
):
    await opened.records.daily(ANNA, WORDS)
    plan = await other.records.daily(ANNA, WORDS)
    ids = await other.keep(ANNA, *(replay(word) for word in plan.words))
    done = game(ANNA, [*ids], plan.words, mode="daily", source=plan.id)
    await other.records.keep_game(done)
    snapshot.merge(file(opened), copied(other, tmp_path))
    info = await opened.records.daily_info(ANNA)
    assert info.rank == 1
    with pytest.raises(DailyDone):
        await opened.records.daily(ANNA, WORDS)


async def test_a_merge_that_fails_has_changed_nothing(
    opened: Opened, other: Opened, tmp_path: Path
):
    await other.keep(BEN, replay("two", name="Ben"))
    copy = copied(other, tmp_path)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("DROP TABLE daily_tries")
    with pytest.raises(sqlite3.OperationalError, match="daily_tries"):
        snapshot.merge(file(opened), copy)
    assert count(file(opened), "replays") == 0
    await opened.keep(ANNA, replay("one"))
