"""The records over HTTP: replays with their pictures, challenges, the daily game and boards.

A hidden drawing must disappear at once. Browsers therefore cache an answer but ask each time
whether it is still valid; for an unchanged picture the answer is 304 without a body.
"""

from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request, Response
from fastapi import Path as InPath
from pydantic import BaseModel, Field

from game.guests.signin import account_of
from game.messages import KEY, Board, BoardMode, ChallengeInfo, DailyInfo, Replay, Span
from game.records.pictures import TYPES, Busy, Pictures
from game.records.rate_limit import RateLimit
from game.records.records import Records
from game.records.result_keeper import ResultKeeper
from game.records.retention import keep_days
from game.records.storage import NotFound
from game.records.tables import ID, WORD
from game.rules.modes import boards
from game.web.routes import serve

ASK_AGAIN = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
RETRY = {"retry-after": "5"}

VERSION = 1  # of the pictures' design; a higher one makes browsers load the pictures again

T = TypeVar("T")
Id = Annotated[str, InPath(max_length=ID)]


class Forget(BaseModel):
    """The secret key of a browser; sent in the body, because servers log addresses."""

    key: str = Field(pattern=KEY)


def router(records: Records, keeper: ResultKeeper | None = None) -> APIRouter:
    """The routes listed in `game.messages.record`; include them before mounting other apps.

    Args:
        keeper: holds results that wait for the records; None where none waits.
    """
    routes = _Routes(records, keeper, Pictures())
    api = APIRouter(dependencies=[Depends(RateLimit())])
    serve(api, "/replays/{id}", routes.replay)
    serve(api, "/replays/{id}/card.png", routes.card)
    serve(api, "/replays/{id}/replay.gif", routes.animation)
    serve(api, "/challenges/{id}", routes.challenge)
    serve(api, "/challenges/{id}/card.png", routes.challenge_card)
    api.post("/forget")(routes.forget)
    serve(api, "/privacy", privacy)
    serve(api, "/daily", routes.daily)
    serve(api, "/boards", routes.board)
    return api


def privacy(response: Response) -> dict[str, int | None]:
    """For how many days results are stored; null for good."""
    response.headers["cache-control"] = "no-store"
    return {"days": keep_days()}


class _Routes:
    def __init__(self, records: Records, keeper: ResultKeeper | None, pictures: Pictures) -> None:
        self._records, self._keeper, self._pictures = records, keeper, pictures

    async def replay(self, id: Id, response: Response) -> Replay:
        response.headers.update(ASK_AGAIN)
        return _found(await self._records.replay(id))

    async def card(self, id: Id, if_none_match: Annotated[str, Header()] = "") -> Response:
        return await self._picture(id, "png", if_none_match)

    async def animation(self, id: Id, if_none_match: Annotated[str, Header()] = "") -> Response:
        return await self._picture(id, "gif", if_none_match)

    async def challenge(self, id: Id, response: Response) -> ChallengeInfo:
        response.headers.update(ASK_AGAIN)
        return _found(await self._records.challenge_info(id))

    async def challenge_card(
        self, id: Id, if_none_match: Annotated[str, Header()] = ""
    ) -> Response:
        try:
            (ghost,) = (await self._records.challenge(id)).ghosts
        except NotFound:
            ghost = _found(None)
        shown = "".join("x" if replay else "-" for replay in ghost.replays)
        return await self._drawn(f"{id}-{shown}", "challenge", ghost, if_none_match)

    async def forget(self, request: Request, asked: Forget) -> dict[str, int]:
        """Delete all results of the player with the key in the body, and of the account.

        Those that wait go first, so that none of them is stored afterwards.
        """
        account = account_of(request)
        keys = {asked.key, *([account.key] if account else [])}
        if self._keeper:
            for key in keys:
                await self._keeper.forget(key)
        return {"deleted": sum([await self._records.forget(key) for key in keys])}

    async def daily(
        self,
        request: Request,
        response: Response,
        key: Annotated[str | None, Header(alias="x-player-key", pattern=KEY)] = None,
    ) -> DailyInfo:
        """The daily game, as of the player with the key in a header: servers log addresses."""
        response.headers["cache-control"] = "no-store"
        account = account_of(request)
        return await self._records.daily_info(account.key if account else key)

    async def board(
        self,
        response: Response,
        span: Span = "all",
        mode: BoardMode | None = None,
        word: Annotated[str | None, Query(max_length=WORD)] = None,
    ) -> Board:
        if mode is not None and mode not in boards():
            raise HTTPException(
                422, f"There is no board {mode}: the boards are {', '.join(boards())}"
            )
        response.headers.update(ASK_AGAIN)
        return await self._records.board(span, mode, word)

    async def _picture(self, id: str, kind: str, known: str) -> Response:
        return await self._drawn(id, kind, _found(await self._records.replay(id)), known)

    async def _drawn(self, name: str, kind: str, source: object, known: str) -> Response:
        """A picture, or 304 if the browser has it. A picture's `name` stands for its content."""
        headers = {**ASK_AGAIN, "etag": f'"{name}-{VERSION}"'}
        if headers["etag"] in known:
            return Response(status_code=304, headers=headers)
        try:
            content = await self._pictures.picture(name, kind, source)
        except Busy as error:
            raise HTTPException(503, "Too many pictures are requested.", RETRY) from error
        return Response(content, media_type=TYPES[kind], headers=headers)


def _found(kept: T | None) -> T:
    if kept is None:
        raise HTTPException(404, "There is no such thing, or it is hidden.")
    return kept
