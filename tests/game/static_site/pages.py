"""Folders served as the plainest of servers does it, for a browser."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).parents[3]


class Files(SimpleHTTPRequestHandler):
    """Files of a folder, and no word about it."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def answering(handler: Callable[..., BaseHTTPRequestHandler]) -> Generator[str]:
    """Have requests answered by a handler, in a thread; gives the URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def serving(folder: Path) -> AbstractContextManager[str]:
    """Serve a folder's files; gives the URL."""
    return answering(partial(Files, directory=folder))
