"""Results that are stored twice with the same id are in the records once."""

from dataclasses import replace

from game.records.storage import AttemptRecord
from tests.game.fakes import WORDS
from tests.game.records.making import ANNA, BEN, Opened, game, replay

ID = "A" * 22


async def test_a_try_is_kept_once(opened: Opened):
    attempts = [AttemptRecord(ANNA, replay("one"), ID), AttemptRecord(BEN, replay("two"), "B" * 22)]
    for _ in range(3):
        assert await opened.records.keep(attempts) == [ID, "B" * 22]
    rows = (await opened.records.board("all", None, "one")).rows
    assert [row.replay for row in rows] == [ID]


async def test_the_first_of_two_results_of_one_id_stays(opened: Opened):
    await opened.records.keep([AttemptRecord(ANNA, replay("one", points=5), ID)])
    await opened.records.keep([AttemptRecord(ANNA, replay("one", points=3), ID)])
    found = await opened.records.replay(ID)
    assert found is not None
    assert found.points == 5


async def test_a_game_is_kept_once(opened: Opened):
    ids = await opened.keep(ANNA, replay("one"))
    kept = replace(game(ANNA, [*ids], ("one",)), id=ID)
    told = [await opened.keep_game(kept) for _ in range(2)]
    assert told[0] == told[1]
    assert told[0].challenge == ID
    assert len((await opened.records.board("all", "room", None)).rows) == 1


async def test_a_daily_that_is_kept_again_keeps_its_rank(opened: Opened):
    plan = await opened.records.daily(ANNA, WORDS)
    ids = await opened.keep(ANNA, replay("one", mode="daily"))
    changes = {"mode": "daily", "source": plan.id, "points": 5.0}
    kept = replace(game(ANNA, [*ids], ("one",), **changes), id=ID)
    told = [await opened.keep_game(kept) for _ in range(2)]
    assert [(each.rank, each.of) for each in told] == [(1, 1)] * 2
