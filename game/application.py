"""The whole game as an ASGI application.

It serves the page, its files under `/pad`, the WebSocket `/race`, the routes of the records
(`game.messages.record`), and `/healthz` and `/readyz` for monitoring. The page is ready last
(`game.web.page`): everything else is served while Gradio is still being imported.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, WebSocket
from fastapi.responses import Response

from game.background import Background
from game.clock import LoopClock
from game.guests import signin
from game.guests.forwarding import UncutPrefix
from game.guests.limits import PLAYERS, AddressLimits
from game.guests.origin import log_refused, same_origin
from game.judging.judge import Judge, Model
from game.links.page_head import PageHead
from game.links.picture import default_picture
from game.links.preview import PICTURE
from game.operations import metrics
from game.operations.addresses import PUBLIC_URL, path_prefix, site_address
from game.operations.readiness import Check, Readiness
from game.records import Records, open_records
from game.records.http import router
from game.records.result_keeper import ResultKeeper
from game.records.retention import keep_days
from game.records.storage import Storage
from game.replicas import open_replica
from game.replicas.lease import SECONDS
from game.rooms.connection import POLICY_VIOLATION, Connection
from game.rooms.hub import Hub
from game.services import Rival, Services
from game.web import pad
from game.web.files import PadFiles
from game.web.first_paint import game_first
from game.web.page import Page, gradio_page
from game.web.routes import serve
from models.command import UserError
from models.proxies import drop_unusable
from models.shelf import SERVED, open_judge

DAY = 86_400.0  # seconds
PICTURE_KEPT = 86_400  # seconds for which crawlers may cache the default picture
STORE_WITHIN = 5  # seconds that running writes of results get when the server stops


log = logging.getLogger(__name__)


def create_app(
    model: Model | None = None,
    root_path: str = "",
    storage: Storage | None = None,
    model_name: str = SERVED,
    per_address: int = PLAYERS,
    rivals: Mapping[str, Model] | None = None,
    redis_url: str | None = None,
    public_url: str | None = None,
    lease: float = SECONDS,
) -> FastAPI:
    """The whole application, for any ASGI server.

    `app.state` holds its `hub`, `page` and `readiness`, and the registry of its `metrics`.

    Args:
        model: the model that guesses; None for the default published one.
        root_path: path under which a proxy serves the application, and which the proxy removes.
        storage: stores the results, and is closed with the application; None to open the records
            in their default place.
        model_name: the model's name in replays.
        per_address: largest number of connections from one network address.
        rivals: name -> other published model, for the showdown.
        redis_url: Redis through which rooms are shared with other servers; None to keep the rooms
            in this process.
        public_url: the page's address as players see it; None to take it from the requests.
        lease: seconds without a sign of life after which other servers take over its rooms.

    Raises:
        UserError: the published model is missing or damaged, the records cannot be opened, or
            `root_path` or `public_url` is none.
    """
    root_path = path_prefix(root_path)
    public_url = site_address(PUBLIC_URL, public_url) if public_url else None
    for line in drop_unusable():  # importing Gradio creates an HTTP client, which would fail
        log.warning("%s: it is not used", line)
    model = model or open_judge(model_name)
    storage = storage or open_records(model=model, model_name=model_name)
    rivals = rivals or {}
    judge, *judges = [Judge(each) for each in (model, *rivals.values())]
    for each in (judge, *judges):
        each.warm_up()
    days = keep_days()
    background = Background()
    keeper = ResultKeeper(storage, storage.journal if isinstance(storage, Records) else None)
    services = Services(
        model,
        judge,
        LoopClock(),
        storage,
        model_name,
        spawn=background,
        sign_in=signin.offered(),
        keeper=keeper,
        rivals=[Rival(*each) for each in zip(rivals, rivals.values(), judges, strict=True)],
    )
    replica = open_replica(redis_url, lease) if redis_url else None
    hub = Hub(services, replica.lobby) if replica else Hub(services)
    page = gradio_page(root_path)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None, None]:
        try:
            if replica:
                await replica.start()
        except UserError as error:  # the server stops and reports it: uvicorn would log a traceback
            page.fail(error)
            yield
            await _close([judge, *judges], background, storage)
            return
        async with page.served():
            background(keeper.keep_journal())
            expiring = asyncio.create_task(expire_daily(storage, days))
            yield
            expiring.cancel()
            hub.stop()
            if replica:
                await replica.close()
            await _close([judge, *judges], background, storage)

    checks = _checks(hub, judge, page, storage, keeper)
    readiness = Readiness(checks, lambda: judge.busy)
    if replica:
        readiness.checks |= {"redis": replica.ping, "results of rooms": replica.on_time}
    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.hub = hub
    app.state.page = page
    app.state.address_limits = AddressLimits(per_address)
    app.state.root_path = root_path
    app.state.public_url = public_url
    app.state.readiness = readiness
    app.state.metrics = metrics.registry(hub, [judge, *judges])
    _add_routes(app, storage if isinstance(storage, Records) else None, keeper)
    return app


def _add_routes(app: FastAPI, records: Records | None, keeper: ResultKeeper) -> None:
    """Add all routes. The page comes last, because it takes every other path."""
    state = app.state
    if signin.offered():
        signin.attach(app)
    if records:
        app.include_router(router(records, keeper))
    serve(app, "/healthz", healthz)
    serve(app, "/readyz", state.readiness.route)
    app.post("/gradio_api/{path:path}")(nothing_taken)
    app.websocket("/race")(race)
    app.mount("/pad", PadFiles(directory=pad.FOLDER))
    serve(app, f"/{PICTURE}", link_picture)
    page = PageHead(state.page, records, state.root_path, state.public_url, game_first())
    app.mount("/", page)
    if state.root_path:
        app.add_middleware(UncutPrefix, prefix=state.root_path)


async def _close(judges: Iterable[Judge], background: Background, storage: Storage) -> None:
    """Close what the application has opened, after the running writes of results."""
    for each in judges:
        await each.close()
    await background.finish(STORE_WITHIN)
    if isinstance(storage, Records):
        storage.close()


async def expire_daily(storage: Storage, days: int | None) -> None:
    """Delete what need not be kept any longer, now and once a day, until cancelled."""
    while isinstance(storage, Records):
        try:
            if deleted := await storage.expire(days):
                log.info("deleted %s old results", deleted)
        except Exception:
            log.exception("old results could not be deleted")
        await asyncio.sleep(DAY)


def healthz() -> dict[str, str]:
    """Tell monitoring that the process runs."""
    return {"status": "ok"}


def _checks(
    hub: Hub, judge: Judge, page: Page, storage: Storage, keeper: ResultKeeper
) -> dict[str, Check]:
    """The checks that must hold before players are sent here."""

    async def judging() -> bool:
        return judge.ready

    async def staying() -> bool:
        return not hub.draining

    async def standing() -> bool:
        return page.ready

    checks: dict[str, Check] = {"judge": judging, "staying": staying, "page": standing}
    checks |= {"results": keeper.on_time, "disk": keeper.has_room}
    return checks | ({"database": storage.answers} if isinstance(storage, Records) else {})


def link_picture() -> Response:
    """The picture for links that have none of their own."""
    headers = {"cache-control": f"max-age={PICTURE_KEPT}"}
    return Response(default_picture(), media_type="image/png", headers=headers)


def nothing_taken() -> None:
    """Refuse Gradio's uploads and calls, which the game does not use."""
    raise HTTPException(403, "The game takes no uploads or calls here: it is played at /race.")


async def race(websocket: WebSocket) -> None:
    """Serve the game's WebSocket; pages of other sites are refused."""
    if not same_origin(websocket, websocket.app.state.public_url):
        log_refused(websocket)
        await websocket.close(POLICY_VIOLATION)
        return
    await websocket.accept()
    state = websocket.app.state
    await Connection(websocket, state.hub, state.address_limits).run()
