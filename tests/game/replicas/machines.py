"""Replicas in processes of their own, and a proxy that can cut their connections."""

import asyncio
import multiprocessing
import os
import signal

from game.web import screen
from tests.game.replicas import replica

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([replica.__name__, screen.__name__])
PATIENCE = 60.0  # seconds for a server to start, on a busy machine


class Replica:
    """A process that runs `tests.game.replicas.replica`, forked from one that has imported it."""

    def __init__(self, redis: str, database: str) -> None:
        self._told, told = FORKS.Pipe(duplex=False)
        self._process = FORKS.Process(target=replica.main, args=(redis, database, told))
        self._process.start()
        told.close()
        self._port = 0

    @property
    def address(self) -> str:
        """The replica's address, once it serves."""
        if not self._port:
            assert self._told.poll(PATIENCE), "the replica did not start"
            self._port = self._told.recv()
            self._told.close()
        return f"127.0.0.1:{self._port}"

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    def freeze(self) -> None:
        """Suspend the process with all connections open, as on an overloaded machine."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """Stop the process gracefully, and wait for its end."""
        self._process.terminate()
        self._process.join(PATIENCE)
        assert self._process.exitcode is not None, "the replica did not stop"

    def _signal(self, number: signal.Signals) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)


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
