"""A game server on a free port in a thread, and players who connect by real WebSockets."""

import asyncio
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from pydantic import BaseModel
from websockets.asyncio.client import ClientConnection, connect

from game.application import create_app
from game.guests.limits import PLAYERS
from game.messages import Hello, Ink, ServerMessage, Start, State, Welcome, server_message
from game.records.storage import Storage
from game.serving import Server, listen, make_server
from tests.game.fakes import CountsBars, bars
from tests.game.listening import never_busy
from tests.game.memory import Memory

PATIENCE = 60.0  # seconds before a test gives up on an answer

M = TypeVar("M", bound=BaseModel)


@contextmanager
def running(
    port: int = 0, root_path: str = "", storage: Storage | None = None, per_address: int = PLAYERS
) -> Generator[str]:
    """Serve with a model that counts bars, and yield the address, such as `127.0.0.1:4711`."""
    app = partial(create_app, CountsBars(), root_path, storage or Memory(), "bars", per_address)
    made: Future[Server] = Future()

    async def serve() -> None:
        try:
            server = make_server(app())
        except BaseException as error:
            made.set_exception(error)
            raise
        made.set_result(server)
        await server.serve([listener])

    with listen("127.0.0.1", port) as listener:
        thread = threading.Thread(target=asyncio.run, args=(serve(),))
        thread.start()
        server = made.result(PATIENCE)
        try:
            with never_busy():
                yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
            assert not thread.is_alive()


class Client:
    """A player's connection. As a context, it sends `hello` first and disconnects at the end.

    Attributes:
        patience: seconds after which it gives up waiting for an answer.
    """

    patience = PATIENCE

    def __init__(self, address: str, token: str | None = None, key: str | None = None) -> None:
        self._address, self._token, self._key = address, token, key
        self.socket: ClientConnection
        self.welcome: Welcome

    async def __aenter__(self) -> Self:
        self.socket = await connect(
            f"ws://{self._address}/race", max_size=None, open_timeout=PATIENCE
        )
        await self.send(Hello(token=self._token, key=self._key))
        self.welcome = await self.hear(Welcome)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.socket.close()

    async def send(self, message: BaseModel) -> None:
        await self.socket.send(message.model_dump_json())

    async def receive(self) -> ServerMessage:
        """The next message from the server."""
        return self.read(await self.socket.recv())

    async def hear(self, kind: type[M], wanted: Callable[[M], bool] = lambda _: True) -> M:
        """The next message of a kind that fulfils a condition; others are skipped."""
        async with asyncio.timeout(self.patience):
            while True:
                message = await self.receive()
                if isinstance(message, kind) and wanted(message):
                    return message

    async def closed(self) -> int | None:
        """Wait until the server has closed the socket; return its close code."""
        async with asyncio.timeout(PATIENCE):
            await self.socket.wait_closed()
        return self.socket.close_code

    async def stage(self, stage: str) -> State:
        return await self.hear(State, lambda state: state.stage == stage)

    async def begin(self, mode: str = "practise") -> State:
        """Start a game and wait for its first word."""
        await self.send(Start.model_validate({"mode": mode}))
        return await self.stage("drawing")

    async def draw(self, round: int, word: str) -> None:
        """Draw the bars that the model takes for the word, at the speed of a hand."""
        began = asyncio.get_running_loop().time()
        for stroke, points in enumerate(bars(word)):
            for begin in range(0, len(points), 4):
                part = points[begin : begin + 4]
                passed = (asyncio.get_running_loop().time() - began) * 1000
                await asyncio.sleep((part[-1][2] - passed) / 1000)
                await self.send(Ink(round=round, stroke=stroke, points=part))

    @staticmethod
    def read(text: str | bytes) -> ServerMessage:
        return server_message.validate_json(text)
