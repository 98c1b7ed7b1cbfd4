"""Servers in a thread on a free port."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager

import pytest
import uvicorn
from fastapi import FastAPI

from game.judging import load
from game.serving import listen

PATIENCE = 60.0  # seconds for a server to stop, on a busy machine


@contextmanager
def answering(app: FastAPI) -> Generator[str]:
    """Serve an app, and yield its URL."""
    with listen("127.0.0.1", 0) as listener:
        config = uvicorn.Config(app, log_level="warning")
        with running(uvicorn.Server(config), listener) as address:
            yield address


@contextmanager
def running(server: uvicorn.Server, listener: socket.socket) -> Generator[str]:
    """Run a server on a socket in a thread, and yield its URL."""
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        with never_busy():
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive()


@contextmanager
def never_busy() -> Generator[None]:
    """Let servers of this process open races however long drawings wait for the judge.

    Tests share the processor with others, and their guesses may take as long as on a busy server.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "BUSY", float("inf"))
        yield
