"""The daily game: the same words for all, one attempt per player, points by judging again."""

import pytest

from game.messages import DailyInfo
from game.records.daily import daily_words
from game.records.database import Database
from game.records.moderation import hide
from game.records.storage import DailyDone
from models.words import CLASSIC
from tests.game.records.making import ANNA, BEN, CLEO, WORDS, Opened, finish, game, replay

TODAY = "daily:2026-11-18"

NOON_TO_MIDNIGHT = 12 * 3_600_000.0  # ms


def test_a_days_words_follow_from_the_date_alone():
    assert daily_words("2026-11-18", CLASSIC) == ("car", "cat", "bird", "fish", "banana")
    assert daily_words("2026-11-18", CLASSIC[::-1]) == daily_words("2026-11-18", CLASSIC)
    days = {daily_words(f"2026-11-{day:02}", CLASSIC) for day in range(1, 31)}
    assert len(days) == 30
    assert all(len(set(words)) == 5 for words in days)
    assert set(daily_words("2026-11-18", ("a", "b"))) == {"a", "b"}


async def test_one_try_a_day(opened: Opened):
    plan = await opened.records.daily(ANNA, WORDS)
    assert plan.id == TODAY
    assert plan.words == daily_words("2026-11-18", WORDS)
    assert not plan.ghosts
    await finish(opened, ANNA, "one")
    with pytest.raises(DailyDone):
        await opened.records.daily(ANNA, WORDS)
    await opened.records.daily(BEN, WORDS)
    opened.day.later(hours=12)
    assert (await opened.records.daily(ANNA, WORDS)).id == "daily:2026-11-19"


async def test_rank_by_points_then_time(opened: Opened):
    ranks: list[tuple[int | None, int | None]] = []
    for key, words, slower in [(ANNA, 2, 100), (BEN, 3, 0), (CLEO, 2, 0)]:
        finished = await finish(opened, key, *WORDS[:words], slower=slower)
        ranks.append((finished.rank, finished.of))
    assert ranks == [(1, 1), (1, 2), (2, 3)]
    assert await opened.records.daily_info(ANNA) == DailyInfo(
        date="2026-11-18", words=5, left=NOON_TO_MIDNIGHT, done=True, rank=3, of=3
    )
    rows = (await opened.records.board("today", "daily", None)).rows
    assert [row.points for row in rows] == [15, 10, 10]


async def test_a_try_is_spent_only_with_its_result(opened: Opened):
    assert await opened.records.daily_info(None) == DailyInfo(
        date="2026-11-18", words=5, left=NOON_TO_MIDNIGHT
    )
    await opened.records.daily(ANNA, WORDS)
    info = await opened.records.daily_info(ANNA)
    assert (info.done, info.rank, info.of) == (False, None, 0)
    assert (await finish(opened, ANNA, "one")).rank == 1
    assert (await opened.records.daily_info(ANNA)).done


async def test_a_guess_that_the_strokes_do_not_bear_out_is_worth_nothing(opened: Opened):
    plan = await opened.records.daily(ANNA, WORDS)
    honest = replay("two", mode="daily")
    claimed = replay("one", mode="daily", word="three")  # the strokes of another word
    at_bell = replay("four", mode="daily", outcome="bell", points=2.0)
    ids = await opened.keep(ANNA, honest, claimed, at_bell)
    words = ("two", "three", "four")
    kept = game(ANNA, [*ids], words, mode="daily", source=plan.id, points=12)
    assert (await opened.keep_game(kept)).rank == 1
    (row,) = (await opened.records.board("all", "daily", None)).rows
    assert row.points == 5 + 2


async def test_ink_that_came_after_the_guess_does_not_undo_it(opened: Opened):
    drawn = replay("two", 1_000, mode="daily")
    late = [[200.0, 200.0], [20.0, 220.0], [1_005.0, 1_020.0]]
    plan = await opened.records.daily(ANNA, WORDS)
    (id,) = await opened.keep(ANNA, drawn.model_copy(update={"strokes": [*drawn.strokes, late]}))
    kept = game(ANNA, [id], ("two",), mode="daily", source=plan.id)
    await opened.keep_game(kept)
    (row,) = (await opened.records.board("all", "daily", None)).rows
    assert row.points == 5


async def test_others_drawings_and_the_same_one_twice_are_worth_nothing(opened: Opened):
    plan = await opened.records.daily(ANNA, WORDS)
    (own,) = await opened.keep(ANNA, replay("one", mode="daily"))
    (bens,) = await opened.keep(BEN, replay("two", mode="daily"))
    words = ("one", "two", "one")
    kept = game(ANNA, [own, bens, own], words, mode="daily", source=plan.id)
    await opened.keep_game(kept)
    (row,) = (await opened.records.board("all", "daily", None)).rows
    assert row.points == 5


async def test_a_second_game_is_not_ranked(opened: Opened):
    await finish(opened, ANNA, "one")
    (id,) = await opened.keep(ANNA, replay("two", mode="daily"))
    kept = game(ANNA, [id], ("two",), mode="daily", source=TODAY)
    finished = await opened.keep_game(kept)
    assert finished.challenge is not None
    assert finished.rank is None
    assert len((await opened.records.board("all", "daily", None)).rows) == 1


async def test_a_hidden_daily_game_has_no_rank(opened: Opened):
    hidden = await finish(opened, ANNA, *WORDS[:3])
    await finish(opened, BEN, *WORDS[:2])
    assert hidden.challenge is not None
    database = Database(opened.url)
    with database.writing() as session:
        hide(session, [hidden.challenge])
    database.close()
    assert (await opened.records.daily_info(ANNA)).rank is None
    info = await opened.records.daily_info(BEN)
    assert (info.rank, info.of) == (1, 1)
    rows = (await opened.records.board("today", "daily", None)).rows
    assert [row.points for row in rows] == [10]
