"""A stand-in of an npm registry on the HTTP level, which gives what a test wants."""

from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.game.static_site.pages import answering


def giving(
    body: bytes, status: int = 200, promised: int | None = None
) -> AbstractContextManager[str]:
    """Answer every request so; `promised` bytes are announced, where that is another number."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body) if promised is None else promised))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return answering(Answer)
