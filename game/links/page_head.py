"""ASGI middleware around the page: puts the preview of the link, and more, into the HTML.

Relative addresses in the page are resolved against the prefix that the server was started with, so
`/doodle` works like `/doodle/`. The HTML is changed before it is compressed, so the page under this
middleware is asked for it uncompressed, and it is compressed here.
"""

import asyncio
import gzip
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from html import escape
from typing import Any

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders

from game.guests.origin import public_base
from game.links.preview import HOME, Lookup, Preview, preview_of
from game.web.encodings import takes_gzip

WITHIN = 2.0  # seconds for the records to answer; then the start page's preview is used

_FOREIGN = re.compile(
    r"""<meta\s+(?:property=["']og:|name=["'](?:twitter:|description["']))[^>]*>\s*"""
    r"|<title>[^<]*</title>\s*"
)
_HEAD = re.compile(r"<head[^>]*>(\s*<meta charset=[^>]*>)?")
_BASE = re.compile(r"""<base href=["'][^"']*["']\s*/?>\s*""")

AsgiMessage = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[AsgiMessage]]
Send = Callable[[AsgiMessage], Awaitable[None]]
Application = Callable[[AsgiMessage, Receive, Send], Awaitable[None]]

log = logging.getLogger(__name__)


class PageHead:
    """The page with previews.

    Args:
        page: an ASGI application; its answers other than HTML are not changed.
        records: to look up links to results; None when no results are stored.
        prefix: path under which a proxy serves the page; "" for none.
        public_url: the page's address as players see it; None to take it from the request.
        change: changes the page's HTML, and returns tags for its head as well; None for no change.
    """

    def __init__(
        self,
        page: Application,
        records: Lookup | None,
        prefix: str,
        public_url: str | None,
        change: Callable[[str], tuple[str, str]] | None = None,
    ) -> None:
        self._page, self._records, self._change = page, records, change
        self._prefix, self._public_url = prefix.rstrip("/"), public_url

    async def __call__(self, scope: AsgiMessage, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._page(scope, receive, send)
            return
        packs = takes_gzip(Headers(raw=scope["headers"]))
        answer = _Answer(send, lambda html: self._whole(html, scope), packs)
        await self._page(_uncompressed(scope), receive, answer.send)

    async def _whole(self, html: str, scope: AsgiMessage) -> str:
        request = Request(scope)
        preview = await self._preview(request)
        tags = preview.tags(public_base(request, self._public_url))
        if self._change:
            html, more = self._change(html)
            tags = f"{tags}\n{more}"
        return with_head(html, tags, self._prefix)

    async def _preview(self, request: Request) -> Preview:
        try:
            async with asyncio.timeout(WITHIN):
                return await preview_of(request.query_params, self._records)
        except Exception as error:
            log.warning("a link gets no preview of its own: %s", type(error).__name__)
            return HOME


def with_head(html: str, tags: str, prefix: str = "") -> str:
    """The page with the tags first in its head; other tags of the same kinds are removed."""
    head, end, rest = html.partition("</head>")
    head = _FOREIGN.sub("", head)
    if prefix:
        head = _BASE.sub("", head)
        tags = f'<base href="{escape(prefix)}/">\n{tags}'
    found = _HEAD.search(head)
    if found is None:
        return html
    return f"{head[: found.end()]}\n{tags}\n{head[found.end() :]}{end}{rest}"


class _Answer:
    """Passes an answer on. HTML is collected until it is complete, changed, and compressed."""

    def __init__(self, send: Send, change: Callable[[str], Awaitable[str]], packs: bool) -> None:
        self._send, self._change, self._packs = send, change, packs
        self._start: AsgiMessage | None = None
        self._body = b""

    async def send(self, message: AsgiMessage) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self._start)

    async def _finish(self, start: AsgiMessage) -> None:
        body = self._body
        if body:  # an answer to HEAD has none
            headers = MutableHeaders(raw=start["headers"])
            body = (await self._change(body.decode())).encode()
            headers.add_vary_header("accept-encoding")
            if self._packs:
                body = gzip.compress(body, mtime=0)
                headers["content-encoding"] = "gzip"
            headers["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_page(start: AsgiMessage) -> bool:
    headers = Headers(raw=start["headers"])
    html = headers.get("content-type", "").startswith("text/html")
    return start["status"] == 200 and html and "content-encoding" not in headers


def _uncompressed(scope: AsgiMessage) -> AsgiMessage:
    """The request without `accept-encoding` where HTML may come, so that HTML can be changed.

    It is a copy, because the page puts itself into it as `app`.
    """
    if scope["method"] not in ("GET", "HEAD") or re.search(r"\.\w+$", scope["path"]):  # a file
        return {**scope}
    headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
    return {**scope, "headers": headers}
