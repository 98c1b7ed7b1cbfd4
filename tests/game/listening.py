"""Stand-ins for other servers, on a free port in a thread."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from game.server import listen

PATIENCE = 20.0  # seconds for the stand-in to stop


@contextmanager
def answering(app: FastAPI) -> Generator[str]:
    """Serve an app; gives its URL."""
    with listen("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
            assert not thread.is_alive()
