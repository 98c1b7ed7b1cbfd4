"""A replacement for the server that sends exactly what a test or a picture needs."""

import asyncio
import itertools
import json
import queue
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from playwright.sync_api import Page

from game.links.page_head import PageHead
from game.messages import Guess, Message, Probe, RaceState, State, Welcome
from game.rules.sketches import DRAWINGS, dense
from game.serving import listen
from game.web import pad, screen
from game.web.files import PadFiles
from game.web.first_paint import game_first
from models import shelf
from models.words import CLASSIC

THRESHOLD = shelf.read_card(shelf.DEFAULT).threshold  # flag and voice stand where they do in play
PATIENCE = 20.0  # seconds for the server to listen


@dataclass(frozen=True)
class Scene:
    """The messages of the puppet, and the actions on the page before the picture.

    Attributes:
        messages: the messages that are sent as soon as the page has sent `hello`.
        act: the actions on the page once it is visible.
        records: the answers over HTTP by path.
        query: the query of the page's address.
        models: names of models that the puppet presents as published.
        packs: word packs that a host may choose, with their numbers of words.
    """

    messages: tuple[Message, ...]
    act: Callable[[Page], object] = lambda page: None
    records: dict[str, Message] = field(default_factory=dict[str, Message])
    query: str = ""
    models: tuple[str, ...] = ()
    packs: dict[str, int] = field(default_factory=lambda: {"everything": len(CLASSIC)})

    @property
    def stage(self) -> str:
        """The stage of the game after all messages."""
        told = (m for m in reversed(self.messages) if isinstance(m, State | RaceState))
        return next(message.stage for message in told)


def strokes(word: str, share: float = 1.0) -> list[list[list[float]]]:
    """A test drawing as messages have it; for a `share` below one, only its first strokes."""
    lines = map(dense, DRAWINGS[word][: max(round(len(DRAWINGS[word]) * share), 1)])
    return [
        [[x for x, _ in line], [y for _, y in line], [8.0 * i for i in range(len(line))]]
        for line in lines
    ]


def guesses(*pairs: tuple[str, float]) -> list[Guess]:
    return [Guess(word=word, probability=probability) for word, probability in pairs]


HOME = Scene((State(stage="home"),))
_numbers = itertools.count(1)


def _lifespan_of(page: FastAPI) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """The page's lifespan for an application around it: a mounted one is not started."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with page.router.lifespan_context(page):
            yield

    return lifespan


class Puppet:
    """Answers `hello` with the present scene, and ignores all other messages."""

    def __init__(self) -> None:
        self.scene = HOME
        self.script = pad.entry()
        self._sockets: list[tuple[asyncio.AbstractEventLoop, WebSocket]] = []
        self._echoes: queue.Queue[int] = queue.Queue()
        page = screen.mount(FastAPI())
        self.app = FastAPI(lifespan=_lifespan_of(page))
        self.app.state.root_path = ""
        self.app.websocket("/race")(self._race)
        for path in ("replays/{id}", "challenges/{id}", "daily", "boards"):
            self.app.get(f"/{path}")(self._record)
        self.app.mount("/pad", PadFiles(directory=screen.favicon().parent))
        self.app.mount("/", PageHead(page, None, "", None, game_first()))

    def _record(self, request: Request) -> Response:
        record = self.scene.records.get(request.url.path)
        if record is None:
            return Response(status_code=404)
        return Response(record.model_dump_json(), media_type="application/json")

    @property
    def connected(self) -> bool:
        """Whether a page is connected."""
        return bool(self._sockets)

    def play(self, scene: Scene) -> None:
        """Show a scene on the connected page, from the first page on, without loading it anew."""
        self.scene = scene
        self.tell(State(stage="home"), self._welcome(), *scene.messages)

    def tell(self, *messages: Message) -> None:
        """Send messages to the connected page, and wait until it has heard them."""
        loop, socket = self._sockets[-1]
        probe = Probe(number=next(_numbers))
        for message in (*messages, probe):
            text = message.model_dump_json()
            asyncio.run_coroutine_threadsafe(socket.send_text(text), loop).result(PATIENCE)
        while self._echoes.get(timeout=PATIENCE) != probe.number:
            pass

    def _welcome(self) -> Welcome:
        return Welcome(
            token="puppet",
            key="k" * 32,
            resumed=True,
            words=list(CLASSIC),
            thresholds=dict.fromkeys(CLASSIC, THRESHOLD),
            packs=self.scene.packs,
            models=list(self.scene.models),
            script=self.script,
        )

    async def _race(self, socket: WebSocket) -> None:
        await socket.accept()
        here = (asyncio.get_running_loop(), socket)
        try:
            while json.loads(await socket.receive_text())["type"] != "hello":
                pass
            self._sockets.append(here)
            for message in (self._welcome(), *self.scene.messages):
                await socket.send_text(message.model_dump_json())
            while True:
                said = json.loads(await socket.receive_text())
                if said["type"] == "echo":
                    self._echoes.put(said["number"])
        except WebSocketDisconnect:
            if here in self._sockets:
                self._sockets.remove(here)


@contextmanager
def serving(app: FastAPI) -> Generator[str]:
    """Serve `app` in a thread; yield its address."""
    with listen("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        deadline = time.monotonic() + PATIENCE
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
