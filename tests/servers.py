"""Redis and PostgreSQL on free ports, for tests and benchmarks that start and kill them.

Also the metrics of a running game server.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import SystemRandom
from urllib.request import urlopen

from redis import Redis as Connection

from models.command import UserError

KEPT = range(10_000, 16_000)  # below those that Linux, macOS and gVisor choose for connections
PATIENCE = 60.0  # seconds for a server to start, on a busy machine
LASTING = ("redis-server", "--save", "", "--appendonly", "yes")
QUICK = (
    *LASTING,
    "--appendfsync",
    "no",
)  # written data survive a kill of the process, but not of the machine


def metric(port: int, name: str) -> float:
    """The present value of a metric of the server whose metrics are at a port of this machine."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as page:
        lines = page.read().decode().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


def free_port() -> int:
    """A port for a server that listens later, or stops and listens again.

    The port is from `KEPT`, because the system gives those only to programs that ask for them. It
    is random, so that two processes of tests hardly ever choose the same.
    """
    while True:
        port = SystemRandom().choice(KEPT)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def wait_until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end, "it did not become ready"
        time.sleep(0.02)


def answers(port: int) -> bool:
    """Whether a server listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Redis:
    """A running Redis.

    Args:
        folder: the folder for its data.
        command: the command that starts it, without the port and the folder.

    Raises:
        UserError: if redis-server is not installed.
    """

    def __init__(self, folder: Path, command: Sequence[str] = QUICK) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self._folder, self._command = folder, command
        self._process: subprocess.Popen[bytes]
        self.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        if shutil.which(self._command[0]) is None:
            raise UserError("there is no redis-server", "Install it: apt-get install redis-server")
        here = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        self._process = subprocess.Popen([*self._command, *here], stdout=subprocess.DEVNULL)
        wait_until(lambda: answers(self.port))

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def flush(self) -> None:
        """Delete all data while the server runs."""
        with Connection.from_url(self.url) as connection:
            connection.flushall()

    def forget(self) -> None:
        """Delete all data while the server does not run."""
        for file in self._folder.iterdir():
            shutil.rmtree(file) if file.is_dir() else file.unlink()


class Postgres:
    """A PostgreSQL with an empty database."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"postgresql+psycopg://doodle@127.0.0.1:{self.port}/postgres"
        self._folder = folder / "data"
        self._as_root = os.getuid() == 0
        if self._as_root:  # the server refuses to run as root
            shutil.chown(folder, "postgres")
        self._run("initdb", "-A", "trust", "-U", "doodle", "--no-sync", "--locale=C", "-E", "UTF8")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off -k {self._folder}"
        self._run("pg_ctl", "-w", "-o", options, "-l", str(self._folder / "log"), "start")

    def stop(self) -> None:
        """Stop at once, as in a crash."""
        self._run("pg_ctl", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        path = shutil.which(program) or next(
            (str(f / program) for f in reversed(folders) if (f / program).exists()), None
        )
        assert path, "install PostgreSQL (apt-get install postgresql)"
        words = [path, "-D", str(self._folder), *arguments]
        if self._as_root:
            words = ["runuser", "-u", "postgres", "--", *words]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def redis(command: Sequence[str] = QUICK) -> Generator[Redis]:
    """A Redis that runs while the context is open."""
    with tempfile.TemporaryDirectory() as folder:
        server = Redis(Path(folder), command)
        try:
            yield server
        finally:
            server.kill()


@contextmanager
def postgres() -> Generator[Postgres]:
    """A PostgreSQL that runs while the context is open; its own user may enter its folder."""
    folder = Path(tempfile.mkdtemp(prefix="doodle-postgres-"))
    server = Postgres(folder)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)
