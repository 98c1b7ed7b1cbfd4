"""Replays: stored whole, found only by id, hidden for good, with names that belong to players."""

import json
import re
import sqlite3
import zlib
from contextlib import closing

from game.messages import GameKept
from game.records.replays import player_of
from tests.game.records.making import ANNA, BEN, CLEO, NOON, Opened, game, replay


async def test_a_replay_comes_back_as_it_was_kept_with_its_date(opened: Opened):
    kept = replay("two")
    (id,) = await opened.keep(ANNA, kept)
    found = await opened.records.replay(id)
    assert found == kept.model_copy(update={"date": "2026-11-18T12:00:00.000Z"})


async def test_a_replay_that_an_earlier_version_stored_is_read(opened: Opened):
    (id,) = await opened.keep(ANNA, replay("two"))
    with closing(sqlite3.connect(opened.folder / "records.sqlite3")) as database, database:
        ((packed,),) = database.execute("SELECT body FROM replays").fetchall()
        body = json.loads(zlib.decompress(packed))
        body["looks"] = body.pop("frames")
        packed = zlib.compress(json.dumps(body).encode())
        database.execute("UPDATE replays SET body = ?", [packed])
    found = await opened.records.replay(id)
    assert found is not None
    assert found.frames == replay("two").frames


async def test_ink_is_kept_to_a_tenth(opened: Opened):
    (id,) = await opened.keep(ANNA, replay(strokes=[[[1.04, 2.26], [3.0, 4.0], [0.0, 16.71]]]))
    found = await opened.records.replay(id)
    assert found is not None
    assert found.strokes == [[[1.0, 2.3], [3.0, 4.0], [0.0, 16.7]]]


async def test_ids_come_in_order_and_cannot_be_guessed(opened: Opened):
    words = ["one", "two", "three"]
    ids = await opened.keep(ANNA, *map(replay, words))
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", id) for id in ids)
    for id, word in zip(ids, words, strict=True):
        found = await opened.records.replay(id)
        assert found is not None
        assert found.word == word


async def test_no_replay_of_an_unknown_id(opened: Opened):
    await opened.keep(ANNA, replay())
    assert await opened.records.replay("A" * 22) is None
    assert not await opened.records.hide("A" * 22)


async def test_a_hidden_replay_is_gone_everywhere_and_stays_so(opened: Opened):
    records = opened.records
    bad, good = await opened.keep(ANNA, replay("one"), replay("two"))
    done = await opened.keep_game(game(ANNA, [bad, good], ("one", "two")))
    alone = await opened.keep_game(game(ANNA, [bad], ("one",)))
    assert await records.hide(bad)
    assert await records.replay(bad) is None
    assert not (await records.board("all", None, "one")).rows
    assert (await records.board("all", "room", None)).rows[0].replay == good
    assert (await records.ghosts(ANNA, "best", None, ["one", "two"])).words == ("two",)
    assert done.challenge is not None
    (ghost,) = (await records.challenge(done.challenge)).ghosts
    assert [replay and replay.word for replay in ghost.replays] == [None, "two"]
    assert alone.challenge is not None
    assert await records.challenge_info(alone.challenge) is None
    again = Opened(opened.folder)
    assert await again.records.replay(bad) is None
    assert await again.records.hide(bad)  # once more does no harm
    again.records.close()


async def test_private_keys_are_not_stored(opened: Opened):
    await opened.keep(ANNA, replay())
    await opened.records.daily(ANNA, ["one", "two"])
    with sqlite3.connect(opened.folder / "records.sqlite3") as database:
        dump = "\n".join(database.iterdump())
    database.close()
    assert ANNA not in dump
    assert player_of(ANNA) in dump


async def test_a_name_stays_with_the_key_that_had_it_first(opened: Opened):
    for key, name, stored in [
        (ANNA, "Anna", "Anna"),
        (BEN, "anna", "anna 2"),
        (CLEO, "ANNA", "ANNA 3"),
        (BEN, "Anna", "Anna 2"),
        (ANNA, "Anna", "Anna"),
        (BEN, "Ben", "Ben"),
        (ANNA, "sixteen letters!", "sixteen letters!"),
        (BEN, "sixteen letters!", "sixteen letter 2"),
        (ANNA, "Artist 1", "Artist 1"),  # a given name belongs to no player
        (BEN, "Artist 1", "Artist 1"),
    ]:
        (id,) = await opened.keep(key, replay(name=name))
        found = await opened.records.replay(id)
        assert found is not None
        assert found.name == stored


async def test_a_game_is_kept_even_if_its_drawings_could_not_be(opened: Opened):
    finished = await opened.keep_game(game(ANNA, [None, "gone"], ("one", "two")))
    assert finished == GameKept()
    (row,) = (await opened.records.board("all", "room", None)).rows
    assert (row.points, row.replay, row.date[:10]) == (10.0, None, NOON.date().isoformat())


async def test_after_ninety_nine_of_the_same_name_no_number_is_given(opened: Opened):
    names: list[str] = []
    for player in range(101):
        (id,) = await opened.keep(f"{player:032}", replay(name="Anna"))
        found = await opened.records.replay(id)
        assert found is not None
        names.append(found.name)
    assert names[:2] == ["Anna", "Anna 2"]
    assert names[-3:] == ["Anna 99", "Anna", "Anna"]
