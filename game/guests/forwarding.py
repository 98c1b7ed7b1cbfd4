"""Headers of proxies: the client, host, port and scheme of the original request.

Both `Forwarded` (RFC 7239) and the older `X-Forwarded-*` headers are read. Each proxy on the way
appends to a list, so the first entry describes the request of the browser.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}

LONGEST = 2_048  # characters of `Forwarded`; a longer one is a nuisance, and ignored
HOPS = 20  # proxies in a row; a longer list is not searched further

# What is matched once is never tried again (`++`), so that no header takes long to read. A quoted
# string may therefore lack its end.
_QUOTED = r'"(?:[^"\\]|\\.)*+"?'
_ENTRY = re.compile(rf'(?:{_QUOTED}|[^",])++')
_PAIR = re.compile(rf'(?<![\w-])([\w-]++)\s*+=\s*+({_QUOTED}|[^;,\s"]*+)')
_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[\w.~-]+)(?::(\d{1,5}))?", re.IGNORECASE)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Authority:
    """A host in lower case, and a port; None when no port is given."""

    host: str
    port: int | None

    @classmethod
    def parse(cls, text: str) -> "Authority | None":
        """Parse a text such as `example.org:8080` or `[::1]`; None when it is not a host."""
        found = _AUTHORITY.fullmatch(text.strip())
        if found is None or (found[2] and int(found[2]) > 65_535):
            return None
        return cls(found[1].lower(), int(found[2]) if found[2] else None)

    def text(self, scheme: str) -> str:
        """The text for a URL with the scheme, without the scheme's default port."""
        shown = self.port if self.port != DEFAULT_PORTS.get(scheme) else None
        return self.host if shown is None else f"{self.host}:{shown}"


@dataclass(frozen=True)
class Forwarded:
    """The original request as the first proxy received it; None for what no proxy states.

    Attributes:
        clients: for whom each proxy asked, as `Forwarded` tells; the first one is the browser's.
    """

    host: Authority | None
    port: int | None
    scheme: str | None
    clients: list[str]

    @classmethod
    def of(cls, headers: Headers) -> "Forwarded":
        """Read both kinds of headers; `X-Forwarded-*` come first, as more proxies set them."""
        entries = _entries(headers)
        first = entries[0] if entries else {}
        host = _first(headers, "x-forwarded-host") or first.get("host", "")
        port = _first(headers, "x-forwarded-port")
        scheme = (_first(headers, "x-forwarded-proto") or first.get("proto", "")).lower()
        return cls(
            Authority.parse(host),
            int(port) if port.isdecimal() and len(port) <= 5 else None,
            scheme if scheme in DEFAULT_PORTS else None,
            [entry["for"] for entry in entries if entry.get("for")],
        )


class ProxyHeaders:
    """ASGI middleware that gives a request the client and scheme from the headers of its proxies.

    Only headers of trusted proxies are used. `scope["proxied"]` is true for requests from them.

    Args:
        trusted: addresses of the trusted proxies, separated by commas.
    """

    def __init__(self, app: ASGIApp, trusted: str) -> None:
        self._app = app
        self._inner: Any = ProxyHeadersMiddleware(app, trusted)  # pyright: ignore[reportArgumentType]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        host, port = scope.get("client") or (None, 0)
        if host is not None:
            host = _plain(host)
            scope["client"] = (host, port)
        scope["proxied"] = host in self._inner.trusted_hosts
        if scope["proxied"]:
            scope["headers"] = self._older_form(scope["headers"])
        await self._inner(scope, receive, send)

    def _older_form(self, raw: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """The headers in the form that uvicorn reads: one scheme, and one client."""
        headers = Headers(raw=raw)
        forwarded = Forwarded.of(headers)
        older = _listed(headers, "x-forwarded-for")
        named = {self._client(nodes) for nodes in (older, forwarded.clients) if nodes}
        kept = [pair for pair in raw if pair[0] not in (b"x-forwarded-proto", b"x-forwarded-for")]
        if forwarded.scheme:
            kept.append((b"x-forwarded-proto", forwarded.scheme.encode()))
        # A proxy writes one of the two headers and passes on the other, in which a client may have
        # written anything. Where they differ, the proxy itself counts as the client.
        if len(named) == 1:
            kept.append((b"x-forwarded-for", named.pop().encode("latin-1")))
        return kept

    def _client(self, nodes: list[str]) -> str:
        """The client: the last one for whom a proxy asked that is not such a proxy itself."""
        for node in reversed(nodes[-HOPS:]):
            client = _plain(_bare(node))
            if client not in self._inner.trusted_hosts:
                return client
        return _plain(_bare(nodes[0]))


class UncutPrefix:
    """ASGI middleware for proxies that do not remove the prefix from the path.

    A server that is started with `root_path` puts it before every path. When the proxy leaves the
    prefix in place, the path has it twice, and one is removed here.
    """

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app, self._prefix = app, prefix.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if f"{path}/".startswith(f"{self._prefix * 2}/"):
            cut = path.removeprefix(self._prefix)
            scope = {**scope, "path": cut if cut != self._prefix else f"{cut}/"}
            scope["raw_path"] = scope["path"].encode()
        await self._app(scope, receive, send)


def _first(headers: Headers, name: str) -> str:
    return next(iter(_listed(headers, name)), "")


def _listed(headers: Headers, name: str) -> list[str]:
    """The entries of a list, which may be spread over several headers."""
    entries = map(str.strip, ",".join(headers.getlist(name)).split(","))
    return [entry for entry in entries if entry]


def _entries(headers: Headers) -> list[dict[str, str]]:
    """The entries of `Forwarded`, in the order in which the proxies appended them."""
    text = ",".join(headers.getlist("forwarded"))
    entries = _ENTRY.findall(text) if len(text) <= LONGEST else []
    return [{name.lower(): _unquoted(value) for name, value in _PAIR.findall(e)} for e in entries]


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    return re.sub(r"\\(.)", r"\1", value[1:].removesuffix('"'))


def _bare(node: str) -> str:
    """A node of a list without its port: `[2001:db8::1]:80` becomes `2001:db8::1`."""
    if node.startswith("["):
        return node[1:].partition("]")[0]
    return node.partition(":")[0] if node.count(":") == 1 else node


def _plain(host: str) -> str:
    """An address in its usual form; that of IPv4 where it came as IPv6 (`::ffff:1.2.3.4`)."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(getattr(address, "ipv4_mapped", None) or address)
