"""Boards: the order, one place per player, and the spans of a day, a week and all time."""

from datetime import UTC, datetime

import pytest

from game.messages import Span
from tests.game.records.making import ANNA, BEN, CLEO, Opened, game, replay

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)  # midnight


async def test_of_a_mode_points_come_before_time_and_each_player_has_one_place(opened: Opened):
    for key, points, milliseconds in [
        (ANNA, 10.0, 9_000.0),
        (ANNA, 12.0, 8_000.0),
        (ANNA, 12.0, 9_500.0),
        (BEN, 12.0, 7_000.0),
        (CLEO, 14.0, 20_000.0),
    ]:
        kept = game(key, [None], ("one",), points=points, milliseconds=milliseconds, name=key[:2])
        await opened.records.keep_game(kept)
    rows = (await opened.records.board("all", "room", None)).rows
    assert [(row.place, row.name, row.points, row.milliseconds) for row in rows] == [
        (1, "CC", 14.0, 20_000.0),
        (2, "BB", 12.0, 7_000.0),
        (3, "AA", 12.0, 8_000.0),
    ]
    assert not (await opened.records.board("all", "sprint", None)).rows


async def test_of_a_word_the_quickest_guess_of_each_player(opened: Opened):
    await opened.keep(ANNA, replay(milliseconds=3_000), replay(milliseconds=2_500))
    await opened.keep(BEN, replay(milliseconds=2_700, mode="sprint", name="Ben"))
    await opened.keep(CLEO, replay(milliseconds=100, outcome="bell"), replay("two"))
    board = await opened.records.board("all", None, "one")
    assert [(row.name, row.milliseconds) for row in board.rows] == [
        ("Anna", 2_500),
        ("Ben", 2_700),
    ]
    assert all(row.replay for row in board.rows)
    in_sprint = await opened.records.board("all", "sprint", "one")
    assert [row.name for row in in_sprint.rows] == ["Ben"]


async def test_without_mode_and_word_the_best_time_for_each_word(opened: Opened):
    await opened.keep(ANNA, replay("two", 900), replay("one", 3_000))
    await opened.keep(BEN, replay("one", 2_000, name="Ben"))
    rows = (await opened.records.board("all", None, None)).rows
    assert [(row.word, row.name, row.milliseconds) for row in rows] == [
        ("one", "Ben", 2_000),
        ("two", "Anna", 900),
    ]


@pytest.mark.parametrize(("span", "places"), [("today", 1), ("week", 2), ("all", 3)])
async def test_a_board_reaches_back_to_midnight_monday_or_the_beginning(
    opened: Opened, span: Span, places: int
):
    for key, days in [(ANNA, -3), (BEN, 1), (CLEO, 2)]:  # Sunday, Monday, Wednesday
        opened.day.later(days=days)
        (id,) = await opened.keep(key, replay())
        await opened.records.keep_game(game(key, [id], ("one",)))
    assert len((await opened.records.board(span, "room", None)).rows) == places
    assert len((await opened.records.board(span, None, "one")).rows) == places


async def test_a_board_is_not_endless(opened: Opened):
    for player in range(60):
        await opened.keep(f"{player:032}", replay(milliseconds=1_000 + player))
    rows = (await opened.records.board("all", None, "one")).rows
    assert [row.milliseconds for row in rows] == [1_000 + place for place in range(50)]


async def test_the_drawing_of_a_game_is_its_quickest(opened: Opened):
    slow, quick, bell = await opened.keep(
        ANNA, replay("one", 3_000), replay("two", 2_000), replay("three", 100, outcome="bell")
    )
    await opened.records.keep_game(game(ANNA, [slow, quick, bell], ("one", "two", "three")))
    (row,) = (await opened.records.board("all", "room", None)).rows
    assert row.replay == quick


async def test_a_board_never_links_a_hidden_drawing(opened: Opened):
    slow, quick = await opened.keep(ANNA, replay("one", 3_000), replay("two", 2_000))
    await opened.records.keep_game(game(ANNA, [slow, quick], ("one", "two")))
    await opened.records.hide(quick)
    (of_mode,) = (await opened.records.board("all", "room", None)).rows
    assert of_mode.replay == slow
    assert not (await opened.records.board("all", None, "two")).rows
    assert [row.replay for row in (await opened.records.board("all", None, None)).rows] == [slow]
    await opened.records.hide(slow)
    assert [row.replay for row in (await opened.records.board("all", "room", None)).rows] == [None]


@pytest.mark.parametrize("span", ["today", "week"])
async def test_a_game_of_the_spans_first_moment_is_on_its_board(opened: Opened, span: Span):
    opened.day.at = MONDAY
    (id,) = await opened.keep(ANNA, replay())
    await opened.records.keep_game(game(ANNA, [id], ("one",)))
    opened.day.later(hours=1)
    assert len((await opened.records.board(span, "room", None)).rows) == 1
    assert len((await opened.records.board(span, None, "one")).rows) == 1


async def test_a_drawing_that_was_never_judged_is_not_linked(opened: Opened):
    """A blank pad has a best of 0; its picture would be empty."""
    (blank,) = await opened.keep(ANNA, replay(outcome="bell", best=0.0))
    await opened.records.keep_game(game(ANNA, [blank], ("one",)))
    (row,) = (await opened.records.board("all", "room", None)).rows
    assert row.replay is None
