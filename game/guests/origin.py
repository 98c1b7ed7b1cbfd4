"""The origin check: only pages of this server, under any address of its proxies, may play here.

A browser names the page that opens a WebSocket in the header `Origin` (RFC 6454), which no page can
change. The origin must be an address of this server: that in `Host`, that in the headers of a
proxy, or the address that the server was started with (`--public-url`).
"""

import logging
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from fastapi import Request, WebSocket
from starlette.requests import HTTPConnection

from game.guests.forwarding import DEFAULT_PORTS, Authority, Forwarded
from game.guests.limits import Bucket

SHOWN = 100  # characters of a refused origin in the log
LINES = (1 / 60, 10.0)  # log lines about refused pages: per second, and at once

log = logging.getLogger(__name__)
_lines = Bucket(*LINES)


def same_origin(socket: WebSocket, public_url: str | None = None) -> bool:
    """Whether the WebSocket is opened by a page of this server, or by a program without an origin.

    Hosts and ports are compared, but not schemes, because proxies that end TLS often do not tell
    the scheme. When this server does not listen on a default port and `Host` has no port, a proxy
    has dropped it (as nginx does with `$host`); then any port of the host is accepted, unless the
    proxy tells which.

    Args:
        public_url: the address that the server was started with; None for none.
    """
    text = socket.headers.get("origin")
    if text is None:
        return True
    origin = _origin(text)
    if origin is None:
        return False
    forwarded = Forwarded.of(socket.headers)
    return (
        origin in _own(socket, forwarded)
        or _without_port(socket, origin, forwarded)
        or _is_public(text, public_url)
    )


def _is_public(origin: str, public_url: str | None) -> bool:
    """Whether an origin is that of the address the server was started with."""
    return public_url is not None and (_origin(origin), urlsplit(origin).scheme.lower()) == (
        _origin(public_url),
        urlsplit(public_url).scheme.lower(),
    )


def log_refused(socket: WebSocket) -> None:
    """Log a refused page and the remedy, after the first few at most once a minute."""
    if _lines.take(1, time.monotonic() * 1000):
        origin, host = (socket.headers.get(name, "")[:SHOWN] for name in ("origin", "host"))
        log.warning(
            "a page of %r was refused, Host is %r: set `proxy_set_header Host $http_host` (nginx), "
            "or start the server with --public-url %s if that page is yours",
            origin,
            host,
            origin if _origin(origin) else "URL",
        )


def public_base(request: Request, public_url: str | None = None) -> str:
    """The address of the page as players see it, with a slash at the end.

    Headers of proxies are used only if `game.guests.forwarding.ProxyHeaders` trusts the proxy.
    """
    if public_url:
        return public_url.rstrip("/") + "/"
    scheme = {"ws": "http", "wss": "https"}.get(request.url.scheme, request.url.scheme)
    path = request.app.state.root_path.rstrip("/") + "/"
    authority = _asked(request)
    return f"{scheme}://{authority.text(scheme)}{path}" if authority else path


def _asked(request: HTTPConnection) -> Authority | None:
    """Host and port of the address that the browser has opened."""
    authority = Authority.parse(request.headers.get("host", ""))
    if not request.scope.get("proxied"):
        return authority
    forwarded = Forwarded.of(request.headers)
    authority = forwarded.host or authority
    return authority and Authority(authority.host, authority.port or forwarded.port)


def _own(socket: HTTPConnection, forwarded: Forwarded) -> Iterator[Authority]:
    """Addresses of this server, each with the port it would have for the scheme of the origin."""
    default = DEFAULT_PORTS.get(urlsplit(socket.headers["origin"]).scheme.lower())
    for known in (Authority.parse(socket.headers.get("host", "")), forwarded.host):
        if known is not None:
            for port in (known.port,) if known.port else (default, forwarded.port):
                yield Authority(known.host, port)


def _without_port(socket: HTTPConnection, origin: Authority, forwarded: Forwarded) -> bool:
    """Whether the host is that of the page, and a proxy has dropped the port from `Host`."""
    host = Authority.parse(socket.headers.get("host", ""))
    server = socket.scope.get("server") or ("", None)
    dropped = server[1] not in DEFAULT_PORTS.values()
    return dropped and not forwarded.port and host == Authority(origin.host, None)


def _origin(text: str) -> Authority | None:
    """Host and port of an origin; None when it is opaque (`null`) or not that of a web page."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    authority = Authority.parse(parts.netloc)
    default = DEFAULT_PORTS.get(parts.scheme.lower())
    if authority is None or default is None:
        return None
    return Authority(authority.host, authority.port or default)
