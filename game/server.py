"""The server of the game: serves `game.application` until a signal stops it.

python -m game.server --port 7860
"""

import logging
import os
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from game.guests.limits import PLAYERS
from game.operations import FINISH_WITHIN, LOOPBACK, LogFormat
from game.operations.addresses import PUBLIC_URL, check_proxies, path_prefix, site_address
from game.replicas.lease import SECONDS, check_lease
from game.spaces import BACKUP_REPO
from models.command import UserError, run
from models.defaults import SERVED

if TYPE_CHECKING:
    from socket import socket

    from game.rooms.hub import Hub
    from game.spaces.backup import Backup

log = logging.getLogger("game.server")  # `__name__` would be "__main__" when this file is run


@dataclass(frozen=True)
class Options:
    """Serve the game."""

    host: str = "127.0.0.1"
    """Address to listen on; 0.0.0.0 lets other machines play, and :: those with IPv6 too."""
    port: int = field(default_factory=lambda: _port())
    """Port to listen on, 0 for any free one. Default: the environment variable PORT, else 7860."""
    model: str = SERVED
    """Name of the published model that guesses."""
    root_path: str = ""
    """Path under which a proxy serves the game, and which the proxy removes, such as /doodle."""
    database: str | None = None
    """Database for the results: a URL of SQLAlchemy. Default: the environment variable
    DATABASE_URL, else a SQLite file in the working folder."""
    redis: str | None = field(default_factory=lambda: os.environ.get("REDIS_URL"))
    """Redis through which several servers share rooms and players, such as redis://localhost:6379.
    Default: the environment variable REDIS_URL, else rooms are not shared."""
    lease: float = SECONDS
    """Seconds without a sign of life after which other servers take over the rooms of this one.
    A longer lease suits a slow or throttled machine, but a race then stands still for longer when
    its server dies."""
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
    log: LogFormat = "text"
    """Format of the log, as text or JSON. It holds no names, tokens or addresses of players."""

    def check(self) -> None:
        """Check that the options are valid.

        Raises:
            UserError: they are not.
        """
        path_prefix(self.root_path)
        if self.public_url:
            site_address(PUBLIC_URL, self.public_url)
        check_proxies(self.proxies)
        if self.per_address < 1:
            raise UserError(f"--per-address is {self.per_address}", "Expected 1 or more")
        if not 0 <= self.finish_within < inf:
            raise UserError(f"--finish-within is {self.finish_within:g}", "Expected 0 s or more")
        check_lease(self.lease)


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
        UserError: the options are not valid, or as `listen`, `create_app`, `backup` and `serve`.
    """
    options.check()
    from game.operations import logs
    from game.serving import listen

    logs.set_up(options.log)
    with listen(options.host, options.port) as listener:  # first, so that a busy port fails early
        _serve(options, listener)
    log.info("stopped")


def _serve(options: Options, listener: "socket") -> None:
    from game.application import create_app
    from game.operations import metrics
    from game.records import open_records
    from game.rooms.showdown import open_rivals
    from game.serving import serve
    from models.shelf import open_judge

    model = open_judge(options.model)
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
        options.lease,
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


console = partial(run, Options, main)  # of [project.scripts]

if __name__ == "__main__":
    console()
