"""The server process: it listens, serves the application, and stops without cutting off rounds."""

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI

from game.application import STORE_WITHIN
from game.guests.forwarding import ProxyHeaders
from game.guests.handshake import Handshake
from game.operations import FINISH_WITHIN, LOOPBACK
from game.operations.drain import drain
from game.rooms.hub import Hub
from game.web.page import Page
from models.command import UserError

MAX_FRAME_BYTES = 1_000_000  # a larger WebSocket message closes the connection unread
PING_EVERY = 20.0  # seconds; proxies close a connection that is silent for 60
# Seconds after which a thread has to give way to another. With Python's 5 ms, the judge's thread
# waits about that long for the event loop when it has an answer, and delays are longer.
SWITCH = 0.0005
# Objects, made less freed, between two runs of Python's collector of cycles. With its 700, it runs
# many times a second in a full house, and finds next to nothing.
MADE = 10_000
OLDER = 5  # runs after which the next older generation is looked at as well; else garbage piles up
GOODBYE = 0.1  # seconds to send the last message before connections are closed


class Server(uvicorn.Server):
    """A server that prints its address, and tells players before it closes their connections.

    It stops when the page cannot be created, because then no new player could join, and does not
    begin when the application cannot start. On SIGTERM it lets running rounds end and then returns,
    so that the process exits with 0.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        hub: Hub,
        page: Page,
        finish_within: float,
        when_ready: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._when_ready: Callable[[], None] | None = when_ready
        self._hub, self._page = hub, page
        self._finish_within = finish_within
        self._gently = self._hurry = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._page.failed:
            self.should_exit = True
            return
        for listener in sockets or []:
            print(f"Doodle Race: {_address(listener)}{self.config.root_path}", flush=True)

    async def on_tick(self, counter: int) -> bool:
        """Whether to stop; called ten times per second."""
        if self._page.ready and self._when_ready is not None:
            self._when_ready()
            self._when_ready = None
        return await super().on_tick(counter) or self._page.failed

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Handle a signal; a second one ends the wait for running rounds."""
        if self._gently:
            self._hurry = True
        elif sig == signal.SIGTERM:
            self._gently = self.should_exit = True
        else:
            super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._gently:
            await drain(self._hub, self._finish_within, lambda: self._hurry)
        self._hub.stop()
        self._page.stop()
        await asyncio.sleep(GOODBYE)
        await super().shutdown(sockets)


def serve(
    app: FastAPI,
    listener: socket.socket,
    proxies: str = LOOPBACK,
    finish_within: float = FINISH_WITHIN,
) -> None:
    """Serve an application of `create_app` until a signal stops it.

    Args:
        listener: a socket from `listen`.
        proxies, finish_within: as in `game.server.Options`.

    Raises:
        UserError: the page could not be created, or Redis cannot be reached.
    """
    sys.setswitchinterval(SWITCH)
    make_server(app, proxies, finish_within, settle_memory).run(sockets=[listener])
    page: Page = app.state.page
    page.check()


def settle_memory() -> None:
    """Exempt all that is in memory now from the collection of cycles.

    A full collection looks at every object and stops the server meanwhile: with the half a million
    objects of a server that has just started, for 0.4 s, every few seconds in a full house. What is
    made later is collected as ever.
    """
    gc.set_threshold(MADE, OLDER, OLDER)
    gc.collect()
    gc.freeze()
    # A full collection is due when a quarter has come to what the last one left. Without another
    # one here, that would be a quarter of all that is exempt, and garbage would pile up meanwhile.
    gc.collect()


def make_server(
    app: FastAPI,
    proxies: str = LOOPBACK,
    finish_within: float = FINISH_WITHIN,
    when_ready: Callable[[], None] = lambda: None,
) -> Server:
    """A server for an application of `create_app`.

    Args:
        proxies, finish_within: as in `game.server.Options`.
        when_ready: called once when requests for the page are answered at once.
    """
    config = uvicorn.Config(
        ProxyHeaders(app, proxies),
        root_path=app.state.root_path,
        proxy_headers=False,  # `ProxyHeaders` reads them instead, including those of RFC 7239
        log_config=None,  # `game.operations.logs` sets up the log
        log_level="warning",
        access_log=False,
        ws=Handshake,
        ws_max_size=MAX_FRAME_BYTES,
        ws_ping_interval=PING_EVERY,
        ws_per_message_deflate=False,  # messages are small, and compression would delay guesses
        timeout_graceful_shutdown=STORE_WITHIN,
    )
    return Server(config, app.state.hub, app.state.page, finish_within, when_ready)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the address; on `::`, for IPv4 too where the system can.

    Raises:
        UserError: the address or port is not available.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()
    try:
        return socket.create_server((host, port), family=family, backlog=2048, dualstack_ipv6=both)
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None) or 0
        reason = (
            os.strerror(number) if number > 0 else error
        )  # the text of bind repeats the address
        raise UserError(
            f"cannot listen on {host} port {port}: {reason}", "Choose another with --host or --port"
        ) from error


def _address(listener: socket.socket) -> str:
    host, port = map(str, listener.getsockname()[:2])
    shown = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
