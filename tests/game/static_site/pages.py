"""A plain file server for browsers."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).parents[3]


class Files(SimpleHTTPRequestHandler):
    """Serves files of a folder, without log lines."""

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # a browser opens more connections at once than the usual 5


@contextmanager
def answering(handler: Callable[..., BaseHTTPRequestHandler]) -> Generator[str]:
    """Answer requests with a handler in a thread, and yield the URL."""
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def serving(folder: Path) -> AbstractContextManager[str]:
    """Serve the files of a folder, and yield the URL."""
    return answering(partial(Files, directory=folder))
