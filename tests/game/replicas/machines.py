"""Replicas in processes of their own, and a proxy that can cut their connections."""

import asyncio
import signal
from pathlib import Path

from game.replicas.lease import SECONDS
from tests.game.forks import Fork
from tests.game.replicas import replica
from tests.servers import metric

HERE = Path.cwd()


class Replica(Fork):
    """A process that runs `tests.game.replicas.replica`."""

    def __init__(
        self, redis: str | None, database: str, lease: float = SECONDS, folder: Path = HERE
    ) -> None:
        super().__init__(replica.main, redis, database, lease, folder)

    def metric(self, name: str) -> float:
        """The present value of a metric, once it serves."""
        return metric(self.ports[1], name)

    def freeze(self) -> None:
        """Suspend the process with all connections open, as on an overloaded machine."""
        self.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Stop the process gracefully, and wait for its end."""
        self.send_signal(signal.SIGTERM)
        self.wait()


class Line:
    """A proxy on the event loop that can stop forwarding, with all connections open."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._open = asyncio.Event()
        self._open.set()
        self._server: asyncio.Server
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def __aenter__(self) -> "Line":
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def through(self, url: str) -> str:
        """The address that leads to the server through this proxy."""
        return url.replace(f":{self._to}", f":{self.port}")

    def cut(self) -> None:
        self._open.clear()

    def mend(self) -> None:
        self._open.set()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        for source, target in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._forward(source, target))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _forward(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65_536):
                await self._open.wait()
                target.write(data)
                await target.drain()
        except ConnectionError:
            pass
        finally:
            target.close()
