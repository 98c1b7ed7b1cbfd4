"""A local file server with faults that a test orders."""

import base64
import hashlib
import threading
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import unquote

Fault = Literal[
    "404",
    "500",
    "html",
    "truncate",
    "stall",
    "short",
    "long",
    "no range",
    "wrong range",
    "wrong md5",
]


@dataclass
class Bucket:
    """Files by path. Each request for a path meets the next of the path's faults.

    Attributes:
        ranges: the Range header of each request by path; None for a request without one.
        released: an event that ends stalled answers, without sending another byte.
    """

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    faults: defaultdict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    ranges: defaultdict[str, list[str | None]] = field(default_factory=lambda: defaultdict(list))
    released: threading.Event = field(default_factory=threading.Event)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = unquote(request.path)
        self.ranges[path].append(request.headers.get("Range"))
        fault = self.faults[path].pop(0) if self.faults[path] else None
        if fault == "500":
            request.send_error(500)
        elif fault == "404" or path not in self.files:
            request.send_error(404)
        elif fault == "html":
            _send(request, 200, b"<html>Please log in</html>", {"Content-Type": "text/html"})
        else:
            self._file(request, self.files[path], fault)

    def _file(self, request: BaseHTTPRequestHandler, whole: bytes, fault: Fault | None) -> None:
        etag = f'"{hashlib.sha1(whole).hexdigest()}"'
        md5 = base64.b64encode(hashlib.md5(whole).digest()).decode()
        headers = {"ETag": etag, "X-Goog-Hash": f"crc32c=AAAAAA==,md5={md5}"}
        status, body = 200, whole
        start = int((request.headers.get("Range") or "bytes=0-")[6:-1])
        if start and fault != "no range" and request.headers.get("If-Range") == etag:
            status, body = 206, whole[start:]
            first = 0 if fault == "wrong range" else start
            headers["Content-Range"] = f"bytes {first}-{len(whole) - 1}/{len(whole)}"
        if fault == "wrong md5":
            body = bytes(len(body))
        length = {"short": -1, "long": 1}.get(fault or "", 0) + len(body)
        cut = len(body) // 2 if fault in ("truncate", "stall") else len(body)
        _send(request, status, body[:cut], {"Content-Length": str(length), **headers})
        if fault == "stall":
            self.released.wait()


def _send(
    request: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]
) -> None:
    request.send_response(status)
    for name, value in {"Content-Type": "application/octet-stream", **headers}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)
    request.wfile.flush()


@contextmanager
def serve() -> Generator[Bucket]:
    """A bucket on a free port of this machine, closed at the end."""
    bucket = Bucket()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            bucket.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing: the tests check `ranges`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    bucket.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield bucket
    finally:
        bucket.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
