"""The Gradio page, which takes longer to come about than all of the game: the game does not wait.

`Page` is an ASGI application that is mounted at once. A thread imports what the real one needs
(`game.web.screen`) while sockets are already served; who asks for the page meanwhile is answered
when it stands.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from models.command import UserError

Load = Callable[[], Callable[[], FastAPI]]
Message = MutableMapping[str, Any]  # of ASGI, as are the next two
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

log = logging.getLogger(__name__)


def gradio_page(root_path: str = "") -> "Page":
    """The game's page; `root_path` is that of `game.application.create_app`."""

    def load() -> Callable[[], FastAPI]:
        from game.web import screen  # Gradio's import is what takes long

        return lambda: screen.mount(FastAPI(openapi_url=None), "/", root_path or None)

    return Page(load)


class Page:
    """An ASGI application that hands everything to another one, which is made meanwhile.

    Args:
        load: run once in a thread, from when `served` is entered; what it gives makes the
            application, on the running event loop.
    """

    def __init__(self, load: Load) -> None:
        self._load = load
        self._made: asyncio.Future[FastAPI] | None = None
        self._leaving = asyncio.Event()

    @property
    def stands(self) -> bool:
        """Whether who asks for the page gets it at once."""
        return self._over() and self._error() is None

    @property
    def failed(self) -> bool:
        """Whether there will be no page."""
        return self._over() and self._error() is not None

    def check(self) -> None:
        """Say that there will be no page.

        Raises:
            UserError: when it could not be made.
        """
        if self.failed:
            error = self._error()
            raise UserError(
                f"the page could not be made: {type(error).__name__}: {error}",
                "Is everything installed? Run pip install --requirement requirements.txt",
            ) from error

    def stop(self) -> None:
        """The server stops: who still waits for the page is told so."""
        if self._made and not self._made.done():
            self._made.cancel()

    @asynccontextmanager
    async def served(self) -> AsyncGenerator[None]:
        """Make the page meanwhile, and end what belongs to it in the end."""
        self._made = asyncio.get_running_loop().create_future()
        living = asyncio.create_task(self._live(self._made))
        try:
            yield
        finally:
            self._leaving.set()
            await living

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        assert self._made, "a page is served within `served`"
        await asyncio.wait([self._made])
        if self.stands:
            await self._made.result()(scope, receive, send)
        elif scope["type"] == "http":
            answer = PlainTextResponse("There is no page here just now.", 503)
            await answer(scope, receive, send)
        else:
            await send({"type": "websocket.close"})

    async def _live(self, made: "asyncio.Future[FastAPI]") -> None:
        """One task, as what a lifespan begins must end in the task that began it."""
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
