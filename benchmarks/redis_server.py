"""A Redis run for a benchmark."""

import shutil
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from models.command import UserError


@contextmanager
def redis_server() -> Generator[tuple[str, int]]:
    """A Redis on a free port: its URL and process.

    Raises:
        UserError: when there is none to run.
    """
    program = shutil.which("redis-server")
    if program is None:
        raise UserError("there is no redis-server", "Install it: apt-get install redis-server")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with TemporaryDirectory() as folder:
        words = [program, "--port", str(port), "--save", "", "--appendonly", "yes", "--dir", folder]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:
            try:
                _wait_for(port)
                yield f"redis://127.0.0.1:{port}", process.pid
            finally:
                process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise UserError("redis-server does not answer", "It says why above")
