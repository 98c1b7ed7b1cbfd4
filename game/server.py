"""The server of the game: serves `game.application` until a signal stops it.

python -m game.server --port 7860
"""

import asyncio
import logging
import os
import signal
import socket
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI

from game.application import STORE_WITHIN, create_app
from game.guests.forwarding import ProxyHeaders
from game.guests.limits import PLAYERS
from game.operations import logs, metrics
from game.operations.drain import drain
from game.records import open_records
from game.rooms.hub import Hub
from game.rooms.showdown import open_rivals
from game.spaces import BACKUP_REPO
from game.web.page import Page
from models.command import UserError, run
from models.shelf import DEFAULT, open_model

if TYPE_CHECKING:
    from game.spaces.backup import Backup

MAX_FRAME_BYTES = 1_000_000  # a larger WebSocket message closes the connection unread
PING_EVERY = 20.0  # seconds; proxies close a connection that is silent for 60
GOODBYE = 0.1  # seconds to send the last message before connections are closed
FINISH_WITHIN = 25.0  # seconds; container engines kill a stopping container after 30 by default
LOOPBACK = "127.0.0.1,::1"

log = logging.getLogger("game.server")  # `__name__` would be "__main__" when this file is run


@dataclass(frozen=True)
class Options:
    """Serve the game."""

    host: str = "127.0.0.1"
    """Address to listen on; 0.0.0.0 lets other machines play."""
    port: int = field(default_factory=lambda: _port())
    """Port to listen on, 0 for any free one. Default: the environment variable PORT, else 7860."""
    model: str = DEFAULT
    """Name of the published model that guesses."""
    root_path: str = ""
    """Path under which a proxy serves the game, and which the proxy removes, such as /doodle."""
    database: str | None = None
    """Database for the results: a URL of SQLAlchemy. Default: the environment variable
    DATABASE_URL, else a SQLite file in the working folder."""
    redis: str | None = field(default_factory=lambda: os.environ.get("REDIS_URL"))
    """Redis through which several servers share rooms and players, such as redis://localhost:6379.
    Default: the environment variable REDIS_URL, else rooms are not shared."""
    public_url: str | None = field(default_factory=lambda: os.environ.get("DOODLE_PUBLIC_URL"))
    """The page's address as players see it, such as https://example.org/doodle. Default: the
    environment variable DOODLE_PUBLIC_URL, else the address in the headers of requests."""
    per_address: int = PLAYERS
    """Largest number of players at once from one network address. What these players may send
    together grows with it."""
    proxies: str = field(default_factory=lambda: os.environ.get("FORWARDED_ALLOW_IPS", LOOPBACK))
    """Addresses of trusted proxies, separated by commas. Their headers tell the addresses of
    players. Default: the environment variable FORWARDED_ALLOW_IPS, else this machine."""
    finish_within: float = FINISH_WITHIN
    """Seconds that running rounds get to end when the server is stopped (SIGTERM). No new games
    begin meanwhile, and /readyz answers 503. A second signal ends the wait."""
    metrics_port: int | None = None
    """Port for Prometheus metrics (/metrics), 0 for any free one. Default: no metrics."""
    log: logs.LogFormat = "text"
    """Format of the log, as text or JSON. It holds no names, tokens or addresses of players."""


class Server(uvicorn.Server):
    """A server that prints its address, and tells players before it closes their connections.

    It stops when the page cannot be created, because then no new player could join. On SIGTERM it
    lets running rounds end and then returns, so that the process exits with 0.
    """

    def __init__(self, config: uvicorn.Config, hub: Hub, page: Page, finish_within: float) -> None:
        super().__init__(config)
        self._hub, self._page = hub, page
        self._finish_within = finish_within
        self._gently = self._hurry = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or []:
            print(f"Doodle Race: {_address(listener)}{self.config.root_path}", flush=True)

    async def on_tick(self, counter: int) -> bool:
        """Whether to stop; called ten times per second."""
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
        proxies, finish_within: as in `Options`.

    Raises:
        UserError: the page could not be created.
    """
    make_server(app, proxies, finish_within).run(sockets=[listener])
    page: Page = app.state.page
    page.check()


def make_server(
    app: FastAPI, proxies: str = LOOPBACK, finish_within: float = FINISH_WITHIN
) -> Server:
    """A server for an application of `create_app`; `proxies` and so on as in `Options`."""
    config = uvicorn.Config(
        ProxyHeaders(app, proxies),
        root_path=app.state.root_path,
        proxy_headers=False,  # `ProxyHeaders` reads them instead, including those of RFC 7239
        log_config=None,  # `game.operations.logs` sets up the log
        log_level="warning",
        access_log=False,
        ws_max_size=MAX_FRAME_BYTES,
        ws_ping_interval=PING_EVERY,
        ws_per_message_deflate=False,  # messages are small, and compression would delay guesses
        timeout_graceful_shutdown=STORE_WITHIN,
    )
    return Server(config, app.state.hub, app.state.page, finish_within)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the address.

    Raises:
        UserError: the address or port is not available.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None) or 0
        reason = (
            os.strerror(number) if number > 0 else error
        )  # the text of bind repeats the address
        raise UserError(
            f"cannot listen on {host} port {port}: {reason}", "Choose another with --host or --port"
        ) from error


def _port() -> int:
    """The environment variable PORT, or 7860.

    Raises:
        UserError: PORT is not a number.
    """
    text = os.environ.get("PORT", "7860")
    if not text.isdecimal():
        raise UserError(f"the variable PORT is {text!r}", "Expected a port number such as 7860")
    return int(text)


def main(options: Options) -> None:
    """Serve until a signal stops the server.

    Raises:
        UserError: as `listen`, `create_app`, `backup` and `serve`.
    """
    logs.set_up(options.log)
    with listen(options.host, options.port) as listener:  # first, so that a busy port fails early
        _serve(options, listener)
    log.info("stopped")


def _serve(options: Options, listener: socket.socket) -> None:
    model = open_model(options.model)
    copies = _copies(options.database)
    if copies is not None:
        copies.restore()
    storage = open_records(options.database, model, options.model)
    app = create_app(
        model,
        options.root_path,
        storage,
        options.model,
        options.per_address,
        open_rivals(options.model, model.words),
        options.redis,
        options.public_url,
    )
    hub: Hub = app.state.hub
    with (
        metrics.served(app.state.metrics, options.host, options.metrics_port) as port,
        copies.running(lambda: hub.draining) if copies else nullcontext(),
    ):
        if port is not None:
            log.info("metrics are served", extra={"facts": {"port": port}})
        serve(app, listener, options.proxies, options.finish_within)


def _copies(url: str | None) -> "Backup | None":
    """The backup, if the settings ask for one; otherwise the Hub's client is not imported."""
    if not os.environ.get(BACKUP_REPO):
        return None
    from game.spaces.backup import backup

    return backup(url)


def _address(listener: socket.socket) -> str:
    host, port = map(str, listener.getsockname()[:2])
    shown = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


console = partial(run, Options, main)  # of [project.scripts]

if __name__ == "__main__":
    console()
