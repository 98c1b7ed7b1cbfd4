"""Backups of the records, with a replacement for the Hub; the real Hub is never contacted."""

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from httpx2 import Timeout
from huggingface_hub import constants

from game import meters
from game.messages import Board
from game.spaces import depot
from game.spaces.backup import Backup, Pace, backup
from game.spaces.depot import Depot
from game.spaces.snapshot import DATABASE, MANIFEST, Manifest
from models.command import UserError
from tests.game.records.making import ANNA, BEN, Opened, replay
from tests.game.spaces import hub as hubs
from tests.game.spaces.hub import NEW, TOKEN, Fault, Hub, Repository, serving

# What huggingface_hub 2.4 does to httpx2 when it sends a large file by Git LFS.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")

NAME = "ada/records"
SOON = Pace(tick=0.02, period=0.05, start=0.02, again=0.05, longest=0.1, last=20.0)
NEVER = replace(SOON, period=3_600.0)  # but at the end
PATIENCE = 30.0  # seconds, on a busy machine


@pytest.fixture(params=[10_000, 10_000_000], ids=["large", "small"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the Hub treats the database as a large file, which is sent in another way."""
    monkeypatch.setattr(hubs, "LARGE", request.param)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Generator[Hub]:
    with serving() as hub:
        monkeypatch.setattr(constants, "ENDPOINT", hub.url)
        files = "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", hub.url + files)
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        monkeypatch.setenv("DOODLE_BACKUP_REPO", NAME)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield hub


class Server:
    """The part of a server that stores records in a folder and backs them up."""

    def __init__(self, folder: Path, pace: Pace) -> None:
        folder.mkdir(exist_ok=True)
        self.leaving = False
        made = backup(f"sqlite:///{folder}/records.sqlite3", pace)
        assert made is not None
        made.restore()
        self.copies: Backup = made
        self.opened = Opened(folder)

    async def board(self, word: str = "one") -> list[tuple[int, str, float]]:
        found: Board = await self.opened.records.board("all", None, word)
        return [(row.place, row.name, row.milliseconds) for row in found.rows]

    async def keep(self, key: str = ANNA, milliseconds: float = 2_000) -> str:
        name = {ANNA: "Anna", BEN: "Ben"}[key]
        [id] = await self.opened.keep(key, replay("one", milliseconds, name=name))
        return id


@contextmanager
def server(folder: Path, pace: Pace = SOON) -> Generator[Server]:
    made = Server(folder, pace)
    with made.copies.running(lambda: made.leaving):
        try:
            yield made
        finally:
            made.opened.records.close()


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def until_checked(copies: Backup, times: int) -> None:
    """Wait until a running backup has checked this often whether something has changed."""
    checks, check = count(1), copies._try
    seen = threading.Event()

    def counted() -> bool:
        up_to_date = check()
        if next(checks) == times:
            seen.set()
        return up_to_date

    copies._try = counted
    assert seen.wait(PATIENCE)


def commits(hub: Hub) -> int:
    """Number of commits to the data set, without the first."""
    found = hub.datasets.get(NAME)
    return found.commits - 1 if found else 0


def contents(hub: Hub, file: str) -> bytes:
    return hub.contents[hub.datasets[NAME].files[file]]


def failures() -> float:
    return meters.BACKUP_FAILURES._value.get()


# -- there and back --------------------------------------------------------------------------------


@pytest.mark.usefixtures("size")
async def test_what_is_copied_is_restored_on_an_empty_disk(hub: Hub, tmp_path: Path):
    copied = meters.BACKUPS._value.get()
    with server(tmp_path / "a", NEVER) as first:
        id = await first.keep(ANNA)
        await first.keep(BEN, 3_000)
        board = await first.board()
    found = hub.datasets[NAME]
    assert found.private
    assert set(found.files) == {*NEW, DATABASE, MANIFEST}
    manifest = Manifest.model_validate_json(contents(hub, MANIFEST))
    assert manifest.size == len(contents(hub, DATABASE))
    assert meters.BACKUPS._value.get() - copied == commits(hub)
    assert time.time() - meters.LAST_BACKUP._value.get() < PATIENCE
    with server(tmp_path / "b", NEVER) as second:
        assert await second.board() == board == [(1, "Anna", 2_000), (2, "Ben", 3_000)]
        assert await second.opened.records.replay(id) is not None
        assert sorted(file.name for file in (tmp_path / "b").iterdir()) == [
            "records.sqlite3",
            "records.sqlite3-shm",
            "records.sqlite3-wal",
        ]


async def test_nothing_is_sent_while_nothing_changes(hub: Hub, tmp_path: Path):
    with server(tmp_path / "a") as first:
        until(lambda: commits(hub) == 1)
        await first.keep()
        until(lambda: commits(hub) == 2)
        until_checked(first.copies, 10)
    assert commits(hub) == hub.asked["commit"] == 2
    with server(tmp_path / "b") as second:
        until_checked(second.copies, 10)
    assert commits(hub) == 2


async def test_a_server_told_to_leave_copies_at_once(hub: Hub, tmp_path: Path):
    with server(tmp_path, NEVER) as first:
        until(lambda: commits(hub) == 1)
        await first.keep()
        first.leaving = True
        until(lambda: commits(hub) == 2)
        await first.keep()
    assert commits(hub) == 3


async def test_a_database_that_is_there_is_not_replaced(hub: Hub, tmp_path: Path):
    with server(tmp_path / "a", NEVER) as first:
        await first.keep(ANNA)
    other = Opened(tmp_path / "a")
    await other.keep(BEN, replay("one", 1_000, name="Ben"))
    other.records.close()
    with server(tmp_path / "a", NEVER) as again:
        assert [name for _, name, _ in await again.board()] == ["Ben", "Anna"]
    with server(tmp_path / "b", NEVER) as third:
        assert [name for _, name, _ in await third.board()] == ["Ben", "Anna"]


# -- two servers at once ---------------------------------------------------------------------------


@pytest.mark.usefixtures("size")
async def test_two_servers_take_in_what_the_other_has_written(hub: Hub, tmp_path: Path):
    with server(tmp_path / "a", NEVER) as old:
        until(lambda: commits(hub) == 1)
        with server(tmp_path / "b", NEVER) as new:
            await old.keep(ANNA)
            old.leaving = True
            until(lambda: commits(hub) == 2)
            await new.keep(BEN, 3_000)
            new.leaving = True
            until(lambda: commits(hub) == 3)
            assert [name for _, name, _ in await new.board()] == ["Anna", "Ben"]
    with server(tmp_path / "c", NEVER) as third:
        assert [name for _, name, _ in await third.board()] == ["Anna", "Ben"]


async def test_a_commit_in_between_is_not_overwritten(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """The other server commits after this one has read the last commit, but before it commits."""
    put, rivals = Depot.put, [tmp_path / "rival"]

    async def play_elsewhere() -> None:
        with server(rivals.pop(), NEVER) as rival:
            await rival.keep(ANNA)

    with server(tmp_path / "a", NEVER) as first:
        until(lambda: commits(hub) == 1)
        await first.keep(BEN, 3_000)

        def late(self: Depot, copy: Path, manifest: Manifest, parent: str) -> str:
            if rivals:
                asyncio.run(play_elsewhere())
            return put(self, copy, manifest, parent)

        monkeypatch.setattr(Depot, "put", late)
        first.leaving = True
        until(lambda: commits(hub) == 3)
        assert [name for _, name, _ in await first.board()] == ["Anna", "Ben"]
    assert hub.asked["commit"] == 4  # of which one was refused
    assert "another server has written" in caplog.text


async def test_commits_of_people_are_nothing_to_take_in(
    hub: Hub, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    with server(tmp_path, NEVER) as first:
        until(lambda: commits(hub) == 1)
        hub.datasets[NAME].files["README.md"] = "c" * 40
        hub.datasets[NAME].commits += 1
        await first.keep()
    assert commits(hub) == 3
    assert hub.datasets[NAME].files["README.md"] == "c" * 40
    assert "merged the backup" not in caplog.text


# -- copies that cannot be trusted -----------------------------------------------------------------


def spoil_database(hub: Hub) -> None:
    content = bytearray(contents(hub, DATABASE))
    content[len(content) // 2] ^= 0xFF
    hub.contents[hub.datasets[NAME].files[DATABASE]] = bytes(content)


def spoil_manifest(hub: Hub) -> None:
    hub.contents[hub.datasets[NAME].files[MANIFEST]] = b"{}"


def lose_database(hub: Hub) -> None:
    del hub.datasets[NAME].files[DATABASE]


@pytest.mark.parametrize("spoil", [spoil_database, spoil_manifest, lose_database])
async def test_a_damaged_copy_is_neither_restored_nor_overwritten(
    hub: Hub, tmp_path: Path, caplog: pytest.LogCaptureFixture, spoil: Callable[[Hub], None]
):
    with server(tmp_path / "a", NEVER) as first:
        await first.keep(ANNA)
    files, sound, made = dict(hub.datasets[NAME].files), dict(hub.contents), commits(hub)
    spoil(hub)
    spoilt, before = dict(hub.datasets[NAME].files), failures()
    with server(tmp_path / "b") as second:
        assert await second.board() == []
        assert "damaged" in caplog.text
        assert "earlier commit" in caplog.text
        await second.keep(BEN, 3_000)
        until(lambda: failures() >= before + 3)
        assert (hub.datasets[NAME].files, commits(hub)) == (spoilt, made)
        hub.contents.update(sound)
        hub.datasets[NAME].files = files
        hub.datasets[NAME].commits += 1
        until(lambda: commits(hub) == made + 2)
        assert [name for _, name, _ in await second.board()] == ["Anna", "Ben"]


async def test_a_copy_of_a_newer_version_is_left_alone(
    hub: Hub, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    with server(tmp_path / "a", NEVER) as first:
        await first.keep(ANNA)
        await asyncio.to_thread(until, lambda: commits(hub) == 1)
        with closing(sqlite3.connect(tmp_path / "a" / "records.sqlite3")) as database, database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
    assert commits(hub) == 2
    before = failures()
    with server(tmp_path / "b", replace(SOON, last=1.0)) as second:
        assert await second.board() == []
        until(lambda: failures() >= before + 5)
    assert commits(hub) == 2
    assert "newer version" in caplog.text


# -- when the Hub fails ----------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [401, 403, 500, "cut"])
@pytest.mark.parametrize("action", ["info", "create", "preupload", "commit"])
async def test_what_fails_once_is_tried_again(hub: Hub, tmp_path: Path, action: str, fault: Fault):
    """The answer breaks off after the commit: the server recognises the commit as its own."""
    before = failures()
    hub.faults[action] = [fault]
    with server(tmp_path / "a", NEVER) as first:
        await first.keep()
        first.leaving = True
    assert hub.faults[action] == []
    if fault in (401, 403):  # of others the client may make nothing
        assert failures() == before + 1
    with server(tmp_path / "b", NEVER) as second:
        assert len(await second.board()) == 1


@pytest.mark.parametrize("fault", [401, 500, "cut"])
@pytest.mark.parametrize("action", ["info", "head", "large"])
async def test_a_restore_that_fails_once_is_tried_again(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: str, fault: Fault
):
    monkeypatch.setattr(hubs, "LARGE", 10_000)
    with server(tmp_path / "a", NEVER) as first:
        await first.keep()
    hub.faults[action] = [fault]
    before = commits(hub)
    with server(tmp_path / "b", NEVER) as second:
        assert len(await second.board()) == 1
    assert (hub.faults[action], commits(hub)) == ([], before)


async def test_a_start_without_the_hub_takes_in_the_copy_later(hub: Hub, tmp_path: Path):
    with server(tmp_path / "a", NEVER) as first:
        await first.keep(ANNA)
    hub.faults["info"] = [503] * 5
    before, made = failures(), commits(hub)
    with server(tmp_path / "b", NEVER) as second:
        assert await second.board() == []
        await second.keep(BEN, 3_000)
        until(lambda: commits(hub) > made)
        assert [name for _, name, _ in await second.board()] == ["Anna", "Ben"]
    assert failures() == before + 5


async def test_a_hub_that_never_answers_does_not_hold_up_the_stop(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(depot, "TIMEOUT", Timeout(10.0))
    with server(tmp_path / "a", replace(NEVER, last=1.0)) as first:
        until(lambda: commits(hub) == 1)
        await first.keep()
        hub.faults["commit"] = ["hang"] * 9
        began = time.monotonic()
    assert time.monotonic() - began < 8.0
    assert "out of time" in caplog.text
    until(lambda: all(thread.name != "backup" for thread in threading.enumerate()))
    assert commits(hub) == 1


# -- settings --------------------------------------------------------------------------------------


def test_it_is_off_by_default(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DOODLE_BACKUP_REPO", raising=False)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert backup(None) is None


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("name", ["records", "ada/", "ada/re cords", "a/b/c"])
def test_names_that_are_none(monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setenv("DOODLE_BACKUP_REPO", name)
    with pytest.raises(UserError, match="OWNER/NAME"):
        backup(None)


@pytest.mark.usefixtures("hub")
def test_without_a_token(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("game.spaces.backup.get_token", lambda: None)
    with pytest.raises(UserError, match="HF_TOKEN"):
        backup(None)


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("postgresql+psycopg://doodle@database/doodle", "not in a SQLite file"),
        ("sqlite://", "not in a SQLite file"),
        ("sqlite:///:memory:", "not in a SQLite file"),
        ("nonsense", "DATABASE_URL"),
    ],
)
def test_records_that_are_in_no_file(url: str, found: str):
    with pytest.raises(UserError, match=found):
        backup(url)


async def test_a_public_data_set_is_reported(
    hub: Hub, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    hub.datasets[NAME] = Repository(dict(NEW))
    with server(tmp_path) as first:
        until(lambda: commits(hub) == 1)
        await first.keep()
        until(lambda: commits(hub) == 2)
    assert caplog.text.count("is public") == 1
