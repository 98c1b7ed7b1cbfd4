"""Serves the Gradio page, which takes longer to start than the game; the game does not wait for it.

`Page` is an ASGI application that is mounted at once. A thread imports `game.web.screen`, which
makes the real page, while players' connections are already served. Requests for the page wait until
it is ready.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from models.command import UserError, install

Load = Callable[[], Callable[[], FastAPI]]
AsgiMessage = MutableMapping[str, Any]  # a type of ASGI, like the next two
Receive = Callable[[], Awaitable[AsgiMessage]]
Send = Callable[[AsgiMessage], Awaitable[None]]

log = logging.getLogger(__name__)


def gradio_page(root_path: str = "") -> "Page":
    """The page of the game; `root_path` is as in `game.application.create_app`."""

    def load() -> Callable[[], FastAPI]:
        from game.web import screen  # slow, because it imports Gradio

        return lambda: screen.mount(FastAPI(openapi_url=None), "/", root_path or None)

    return Page(load)


class Page:
    """An ASGI application that passes requests on to another one, which is made in the background.

    Args:
        load: called once in a thread when `served` is entered. It returns a function that makes the
            application; that function is called on the event loop.
    """

    def __init__(self, load: Load) -> None:
        self._load = load
        self._made: asyncio.Future[FastAPI] | None = None
        self._leaving = asyncio.Event()

    @property
    def ready(self) -> bool:
        """Whether requests for the page are answered at once."""
        return self._over() and self._error() is None

    @property
    def failed(self) -> bool:
        """Whether the page could not be made."""
        return self._over() and self._error() is not None

    def check(self) -> None:
        """Raise the error if the page could not be made.

        Raises:
            UserError: if the page could not be made, or the error of `fail`.
        """
        if self.failed:
            error = self._error()
            if isinstance(error, UserError):
                raise error
            raise UserError(
                f"the page could not be made: {type(error).__name__}: {error}",
                f"Is everything installed? Run {install()}",
            ) from error

    def fail(self, error: UserError) -> None:
        """Refuse all requests instead of making the page, because the server cannot start."""
        self._made = asyncio.get_running_loop().create_future()
        self._made.set_exception(error)

    def stop(self) -> None:
        """Refuse the requests that still wait for the page, because the server stops."""
        if self._made and not self._made.done():
            self._made.cancel()

    @asynccontextmanager
    async def served(self) -> AsyncGenerator[None]:
        """Make the page in the background; when the context ends, shut it down."""
        self._made = asyncio.get_running_loop().create_future()
        living = asyncio.create_task(self._live(self._made))
        try:
            yield
        finally:
            self._leaving.set()
            await living

    async def __call__(self, scope: AsgiMessage, receive: Receive, send: Send) -> None:
        assert self._made, "a page is served within `served`"
        await asyncio.wait([self._made])
        if self.ready:
            await self._made.result()(scope, receive, send)
        elif scope["type"] == "http":
            answer = PlainTextResponse("The page is not available just now.", 503)
            await answer(scope, receive, send)
        else:
            await send({"type": "websocket.close"})

    async def _live(self, made: "asyncio.Future[FastAPI]") -> None:
        """Make the page, and keep it until the server stops.

        This is one task, because a lifespan must be left in the task that entered it.
        """
        try:
            make = await asyncio.to_thread(self._load)
            if made.cancelled():
                return
            app = make()
            async with app.router.lifespan_context(app):
                made.set_result(app)
                await self._leaving.wait()
        except Exception as error:
            if made.cancelled():
                return
            if made.done():
                raise
            log.exception("the page could not be made")
            made.set_exception(error)

    def _over(self) -> bool:
        return self._made is not None and self._made.done() and not self._made.cancelled()

    def _error(self) -> BaseException | None:
        return self._made.exception() if self._made else None
