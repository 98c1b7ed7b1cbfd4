"""A replacement for an npm registry over HTTP, with the answers that a test wants."""

from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.game.static_site.pages import answering


def giving(
    body: bytes, status: int = 200, promised: int | None = None
) -> AbstractContextManager[str]:
    """Give every request this answer; `promised` is the announced length, if it is another one."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body) if promised is None else promised))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Log nothing."""

    return answering(Answer)
