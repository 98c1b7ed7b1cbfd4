"""What is deleted: a player's own results, and those older than the host keeps them."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from game import backup, moderate, restore
from game.records import rate_limit
from game.records.forgotten import LONGEST, SKEW
from game.records.http import router
from game.records.journal import Journal, WaitingResult
from game.records.replays import new_id
from game.records.result_keeper import ResultKeeper
from game.records.retention import keep_days
from game.records.storage import AttemptRecord
from models.command import UserError
from tests.game.records.making import ANNA, BEN, Opened, finish, game, replay
from tests.game.waiting import until


async def played(opened: Opened, key: str) -> list[str]:
    """Ids of a replay and a game of a player."""
    (id,) = await opened.keep(key, replay())
    kept = await opened.keep_game(game(key, [id], ("one",)))
    return [id, kept.challenge or ""]


async def left(opened: Opened, ids: list[str]) -> list[bool]:
    replay, game = ids
    return [
        bool(await opened.records.replay(replay)),
        bool(await opened.records.challenge_info(game)),
    ]


def rows(opened: Opened, query: str) -> list[str]:
    """The first column of what a query finds in the tables."""
    with closing(sqlite3.connect(opened.folder / "records.sqlite3")) as connection:
        return [first for first, *_ in connection.execute(query)]


def attempts(opened: Opened) -> list[str]:
    """The days of attempts at daily games; past days are only in the table."""
    return rows(opened, "SELECT date FROM daily_tries ORDER BY date")


def names(opened: Opened) -> list[str]:
    """The names that have an owner."""
    return rows(opened, "SELECT folded FROM names ORDER BY folded")


def moderate_away(opened: Opened, id: str, player: bool = True) -> None:
    moderate.main(moderate.Options(moderate.Delete((id,), player), opened.url))


def client_of(opened: Opened, keeper: ResultKeeper | None = None) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(router(opened.records, keeper))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://game")


async def test_a_player_deletes_what_is_the_players_and_nothing_else(opened: Opened):
    annas, bens = await played(opened, ANNA), await played(opened, BEN)
    async with client_of(opened) as client:
        answer = await client.post("/forget", json={"key": ANNA})
        assert answer.json() == {"deleted": 2}
        assert (await client.post("/forget", json={"key": "short"})).status_code == 422
    assert await left(opened, annas) == [False, False]
    assert await left(opened, bens) == [True, True]


async def test_a_result_that_waits_is_deleted_too(opened: Opened):
    await played(opened, ANNA)
    bens = await played(opened, BEN)
    journal = opened.records.journal
    for key in (ANNA, BEN):
        journal.add(WaitingResult(attempts=(AttemptRecord(key, replay(), new_id()),)))
    keeper = ResultKeeper(opened.records, journal)
    async with client_of(opened, keeper) as client:
        assert (await client.post("/forget", json={"key": ANNA})).json() == {"deleted": 2}
    assert len([*journal.entries()]) == 1
    moderate_away(opened, bens[0])
    assert not [*journal.entries()]
    await keeper.keep_journal()
    assert rows(opened, "SELECT id FROM replays") == []


async def test_what_waits_at_another_server_is_not_stored_after_its_deletion(
    opened: Opened, tmp_path: Path
):
    there, journal = Opened(opened.folder), Journal([tmp_path / "journal"])
    keeper, ended = ResultKeeper(there.records, journal), opened.day.at
    # Names of their own: else Ben's would depend on which of two threads is first.
    players = {ANNA: "Anna", BEN: "Ben"}
    round = [AttemptRecord(key, replay(name=name), ended=ended) for key, name in players.items()]
    with closing(sqlite3.connect(opened.folder / "records.sqlite3")) as other:
        other.execute("BEGIN IMMEDIATE")
        keeping = asyncio.create_task(keeper.keep(round, lambda: None))
        await until(lambda: [*journal.entries()])
        deleting = asyncio.create_task(opened.records.forget(ANNA))
        keeping.cancel()  # the other server is killed, and starts again after the deletion
        other.execute("ROLLBACK")
    await deleting
    await keeper.keep_journal()
    there.records.close()
    assert rows(opened, "SELECT name FROM replays") == ["Ben"]
    assert names(opened) == ["ben"]
    assert rows(opened, "SELECT player FROM replays") == rows(opened, "SELECT player FROM names")
    assert [*journal.entries()] == []


async def test_a_result_from_before_the_deletion_is_refused_and_a_later_one_is_not(opened: Opened):
    ended = opened.day.at
    opened.day.later(minutes=5)
    await opened.records.forget(ANNA)
    records, old = opened.records, AttemptRecord(ANNA, replay(), new_id(), ended)
    assert await records.keep([old, replace(old, key=BEN, id="b" * 22)]) == [None, "b" * 22]
    assert await records.keep_game(game(ANNA, [None], ("one",), ended=ended)) is None
    assert rows(opened, "SELECT id FROM replays") == ["b" * 22]
    assert rows(opened, "SELECT id FROM games") == []
    skewed = replace(old, ended=opened.day.at + SKEW)  # by the clock of another server
    assert await records.keep([skewed]) == [None]
    new = replace(old, ended=opened.day.at + SKEW + timedelta(milliseconds=1))
    assert await records.keep([new]) == [old.id]
    assert await records.keep_game(game(ANNA, [old.id], ("one",), ended=new.ended))


async def test_moderation_holds_for_results_that_wait(opened: Opened):
    id, _ = await played(opened, ANNA)
    late = AttemptRecord(ANNA, replay(), ended=opened.day.at)
    moderate_away(opened, id)
    assert await opened.records.keep([late]) == [None]
    assert names(opened) == []


async def test_a_deletion_is_known_for_as_long_as_a_result_may_wait(opened: Opened):
    ended = opened.day.at
    await opened.records.forget(ANNA)
    opened.day.later(days=LONGEST.days)
    await opened.records.expire(None)
    for key, ids in ((ANNA, [None]), (BEN, ["b" * 22])):
        late = AttemptRecord(key, replay(), "b" * 22, ended)
        assert await opened.records.keep([late]) == ids
    opened.day.later(minutes=1)
    await opened.records.expire(None)
    assert rows(opened, "SELECT player FROM forgotten") == []
    for key in (ANNA, BEN):
        late = AttemptRecord(key, replay(), new_id(), ended)
        assert await opened.records.keep([late]) == [None]


async def test_a_result_that_waited_has_the_time_at_which_it_ended(opened: Opened):
    ended = opened.day.at
    opened.day.later(days=1)
    await opened.records.keep([AttemptRecord(ANNA, replay(), ended=ended)])
    assert rows(opened, "SELECT moment FROM replays") == ["2026-11-18T12:00:00.000Z"]


async def test_what_is_older_than_the_host_keeps_it_is_deleted(opened: Opened):
    old = await played(opened, ANNA)
    opened.day.later(days=9)
    new = await played(opened, ANNA)
    opened.day.later(days=2)
    assert await opened.records.expire(10) == 2
    assert await left(opened, old) == [False, False]
    assert await left(opened, new) == [True, True]


@pytest.mark.parametrize(("text", "days"), [("", None), ("90", 90)])
async def test_the_page_shows_how_long_results_are_kept(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, text: str, days: int | None
):
    monkeypatch.setenv("DOODLE_KEEP_DAYS", text)
    async with client_of(opened) as client:
        assert (await client.get("/privacy")).json() == {"days": days}


@pytest.mark.parametrize(("text", "days"), [("", None), ("90", 90)])
def test_the_variable_sets_how_long_results_are_kept(
    monkeypatch: pytest.MonkeyPatch, text: str, days: int | None
):
    monkeypatch.setenv("DOODLE_KEEP_DAYS", text)
    assert keep_days() == days
    monkeypatch.setenv("DOODLE_KEEP_DAYS", "a month")
    with pytest.raises(UserError, match="DOODLE_KEEP_DAYS is 'a month'"):
        keep_days()


async def test_an_address_that_asks_too_often_waits(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rate_limit, "ASKED", (0.0, 3.0))
    app = FastAPI()
    app.include_router(router(opened.records))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://game") as client:
        answers = [await client.get("/boards") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["retry-after"] == "5"


async def test_moderation_acts_on_a_player(opened: Opened):
    annas, bens = await played(opened, ANNA), await played(opened, BEN)
    moderate.main(moderate.Options(moderate.Hide((annas[0],), player=True), opened.url))
    assert await left(opened, annas) == [False, False]
    moderate_away(opened, bens[1])
    assert await left(opened, bens) == [False, False]


@pytest.mark.parametrize("player", [False, True])
async def test_moderation_deletes_the_name_with_the_last_result(opened: Opened, player: bool):
    (first,) = await opened.keep(ANNA, replay(name="Rude"))
    (second,) = await opened.keep(ANNA, replay(name="Rude"))
    await opened.keep(BEN, replay(name="Ben"))
    moderate_away(opened, first, player)
    assert names(opened) == (["ben"] if player else ["ben", "rude"])
    if not player:
        moderate_away(opened, second, player)
    assert names(opened) == ["ben"]


async def test_a_name_goes_with_the_last_result_that_is_too_old(opened: Opened):
    (id,) = await opened.keep(ANNA, replay(name="Anna"))
    await opened.keep(BEN, replay(name="Ben"))
    opened.day.later(days=1)
    await opened.records.keep_game(game(ANNA, [id], ("one",), name="Anna"))
    opened.day.later(days=10)
    await opened.records.expire(10)
    assert names(opened) == ["anna"]
    opened.day.later(days=1)
    await opened.records.expire(10)
    assert names(opened) == []


async def test_of_a_player_who_is_deleted_only_the_try_of_the_day_stays(opened: Opened):
    await finish(opened, ANNA, "one")
    await finish(opened, BEN, "one")
    opened.day.later(days=1)
    await finish(opened, ANNA, "one")
    await opened.records.forget(ANNA)
    assert attempts(opened) == ["2026-11-18", "2026-11-19"]  # the first is Ben's
    assert (await opened.records.daily_info(ANNA)).done
    opened.day.later(days=1)
    await opened.records.expire(None)
    assert attempts(opened) == ["2026-11-18"]
    assert (await opened.records.daily_info(BEN)).done is False


async def test_a_backup_of_a_running_game_is_restored(opened: Opened, tmp_path: Path):
    ids = await played(opened, ANNA)
    copy = tmp_path / "copy.sqlite3"
    backup.main(backup.Options(copy, opened.url))
    (tmp_path / "new").mkdir()
    url = f"sqlite:///{tmp_path / 'new' / 'records.sqlite3'}"
    restore.main(restore.Options(copy, url))
    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == ["records.sqlite3"]
    restored = Opened(tmp_path / "new")
    assert await left(restored, ids) == [True, True]
    restored.records.close()
    for refused in (
        lambda: restore.main(restore.Options(copy, url)),
        lambda: backup.main(backup.Options(copy, opened.url)),
        lambda: backup.main(backup.Options(tmp_path / "x", "postgresql://a/b")),
    ):
        with pytest.raises(UserError):
            refused()


async def test_what_is_just_as_old_as_allowed_stays(opened: Opened):
    kept = await played(opened, ANNA)
    opened.day.later(days=10)
    assert await opened.records.expire(10) == 0
    assert await left(opened, kept) == [True, True]
    opened.day.later(milliseconds=1)
    assert await opened.records.expire(10) == 2
    assert await left(opened, kept) == [False, False]


async def test_the_attempts_at_a_daily_game_are_deleted_with_its_results(opened: Opened):
    await finish(opened, ANNA, "one")
    opened.day.later(days=10)
    await opened.records.expire(10)
    assert attempts(opened) == ["2026-11-18"]
    opened.day.later(days=1)
    await opened.records.expire(10)
    assert attempts(opened) == []
