"""The records over HTTP: answers, errors, caching, and that hidden results are gone at once."""

from collections.abc import AsyncGenerator
from io import BytesIO

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Request
from PIL import Image

from game.messages import Board, ChallengeInfo, DailyInfo, Replay
from game.records import rate_limit
from game.records.http import router
from game.records.rate_limit import RateLimit
from tests.game.records.making import ANNA, Opened, finish, game, replay


@pytest.fixture
async def client(opened: Opened) -> AsyncGenerator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(router(opened.records))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://game") as made:
        yield made


async def test_replay_challenge_daily_and_boards_are_served(
    client: httpx.AsyncClient, opened: Opened
):
    (id,) = await opened.keep(ANNA, replay(name="<img src=x>"))
    finished = await opened.keep_game(game(ANNA, [id], ("one",)))
    answer = await client.get(f"/replays/{id}")
    assert answer.headers["content-type"] == "application/json"
    assert Replay.model_validate_json(answer.content).name == "<img src=x>"
    challenge = await client.get(f"/challenges/{finished.challenge}")
    assert ChallengeInfo.model_validate_json(challenge.content).words == 1
    daily = DailyInfo.model_validate_json((await client.get("/daily")).content)
    assert (daily.done, daily.words) == (False, 5)
    for query, rows in [("mode=room", 1), ("word=one&span=week", 1), ("", 1), ("word=two", 0)]:
        board = Board.model_validate_json((await client.get(f"/boards?{query}")).content)
        assert len(board.rows) == rows


async def test_the_key_of_the_daily_game_goes_in_a_header(
    client: httpx.AsyncClient, opened: Opened
):
    await finish(opened, ANNA, "one", "two", "three", "four", "five")
    told = await client.get("/daily", headers={"X-Player-Key": ANNA})
    assert told.json()["done"]
    assert told.headers["cache-control"] == "no-store"
    assert not (await client.get("/daily", params={"key": ANNA})).json()["done"]
    assert (await client.get("/daily", headers={"X-Player-Key": "short"})).status_code == 422


async def test_head_is_answered_like_get_and_other_methods_are_refused(
    client: httpx.AsyncClient, opened: Opened
):
    (id,) = await opened.keep(ANNA, replay())
    finished = await opened.keep_game(game(ANNA, [id], ("one",)))
    paths = [f"/replays/{id}", f"/replays/{id}/card.png", f"/replays/{id}/replay.gif"]
    paths += [f"/challenges/{finished.challenge}", f"/challenges/{finished.challenge}/card.png"]
    for path in [*paths, "/privacy", "/daily", "/boards"]:
        asked, head = await client.get(path), await client.head(path)
        assert (head.status_code, head.headers, head.content) == (200, asked.headers, b"")
        refused = await client.post(path)
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/replays/AAAAAAAAAAAAAAAAAAAAAA", 404),
        ("/replays/AAAAAAAAAAAAAAAAAAAAAA/card.png", 404),
        ("/replays/AAAAAAAAAAAAAAAAAAAAAA/replay.gif", 404),
        ("/replays/' or 1=1 --", 404),
        ("/challenges/AAAAAAAAAAAAAAAAAAAAAA", 404),
        (f"/replays/{'A' * 99}", 422),
        ("/boards?span=year", 422),
        ("/boards?mode=practise", 422),
        (f"/boards?word={'a' * 99}", 422),
    ],
)
async def test_what_is_not_there_or_not_asked_rightly(
    client: httpx.AsyncClient, path: str, status: int
):
    assert (await client.get(path)).status_code == status


@pytest.mark.parametrize(
    ("file", "type", "size"),
    [("card.png", "image/png", (1200, 630)), ("replay.gif", "image/gif", (480, 600))],
)
async def test_a_picture_is_kept_by_browsers_until_it_is_hidden(
    client: httpx.AsyncClient, opened: Opened, file: str, type: str, size: tuple[int, int]
):
    (id,) = await opened.keep(ANNA, replay())
    answer = await client.get(f"/replays/{id}/{file}")
    assert answer.headers["content-type"] == type
    assert answer.headers["cache-control"] == "no-cache"  # cached, but revalidated
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert Image.open(BytesIO(answer.content)).size == size
    known = {"if-none-match": answer.headers["etag"]}
    again = await client.get(f"/replays/{id}/{file}", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    await opened.records.hide(id)
    assert (await client.get(f"/replays/{id}/{file}", headers=known)).status_code == 404


async def test_a_home_has_one_limit_for_all_its_addresses(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rate_limit, "ASKED", (0.0, 2.0))
    limit = RateLimit()

    async def ask(address: str) -> None:
        await limit(Request({"type": "http", "client": (address, 9), "headers": []}))

    await ask("2001:db8:1:2::1")
    await ask("2001:db8:1:2::2")
    with pytest.raises(HTTPException, match="429"):
        await ask("2001:db8:1:2:ffff::")
    await ask("2001:db8:1:3::1")
