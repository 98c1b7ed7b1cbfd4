"""The page is ready later than the game: players are served meanwhile, and no request hangs."""

import asyncio
import gc
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from weakref import ref

import httpx
import pytest
from fastapi import FastAPI
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from game import application
from game.messages import Guesses
from game.operations import readiness
from game.serving import OLDER, Server, listen, make_server, serve, settle_memory
from game.web import screen
from game.web.page import Page
from models.command import UserError
from tests.game.fakes import CountsBars
from tests.game.listening import running
from tests.game.memory import Memory
from tests.game.serving import Client

PATIENCE = 60.0  # seconds for a process to start or end, on a busy machine
NEEDLESS = {"gradio", "pandas", "huggingface_hub", "torch"}  # for a guess
WITHOUT_GRADIO = """
import sys
sys.modules["gradio"] = None
from game.server import Options, main
from models.command import run
run(Options, main)
"""


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Generator[Event]:
    """An event; until it is set, the page of a new server is not created."""
    gate = Event()

    def load() -> Callable[[], FastAPI]:
        assert gate.wait(PATIENCE)
        return lambda: screen.mount(FastAPI())

    monkeypatch.setattr(application, "gradio_page", lambda _: Page(load))
    monkeypatch.setattr(readiness, "HOLDS", 0.0)
    yield gate
    gate.set()


@contextmanager
def server(when_ready: Callable[[], None] = lambda: None) -> Generator[tuple[Server, str]]:
    """A server in a thread, and its address."""
    with listen("127.0.0.1", 0) as listener:
        app = application.create_app(CountsBars(), storage=Memory())
        server = make_server(app, when_ready=when_ready)
        with running(server, listener) as address:
            yield server, address.removeprefix("http://")


@contextmanager
def process(words: list[str], folder: Path) -> Generator[tuple[subprocess.Popen[str], str]]:
    """The real server in a process of its own, and its address."""
    own = ["--port", "0", "--database", f"sqlite:///{folder}/records.sqlite3"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, *words, *own], stdout=pipe, stderr=pipe, text=True
    ) as started:
        assert started.stdout is not None
        try:
            yield started, started.stdout.readline().strip().removeprefix("Doodle Race: ")
        finally:
            started.kill()


async def test_players_are_served_while_the_page_is_made(gate: Event):
    with server() as (_, address):
        async with Client(address) as player, httpx.AsyncClient(timeout=PATIENCE) as client:
            page = asyncio.create_task(client.get(f"http://{address}/"))
            style = asyncio.create_task(client.get(f"http://{address}/theme.css"))
            await player.begin()
            await player.draw(1, "three")
            await player.hear(Guesses, lambda guess: guess.guesses[0].word == "three")
            assert (await client.get(f"http://{address}/pad/js/main.js")).status_code == 200
            assert (await client.get(f"http://{address}/healthz")).json() == {"status": "ok"}
            ready = await client.get(f"http://{address}/readyz")
            assert (ready.status_code, ready.json()["checks"]["page"]) == (503, False)
            assert not page.done()
            assert not style.done()
            gate.set()
            assert "Doodle Race" in (await page).text
            assert (await style).status_code == 200
            ready = await client.get(f"http://{address}/readyz")
            assert (ready.status_code, ready.json()["checks"]["page"]) == (200, True)


async def test_memory_is_settled_once_when_the_page_is_ready(gate: Event):
    calls: list[bool] = []
    with server(lambda: calls.append(gate.is_set())) as (served, _):
        await asyncio.sleep(0.3)
        assert calls == []
        gate.set()
        async with asyncio.timeout(PATIENCE):
            while not calls:
                await asyncio.sleep(0.01)
        ticks = [await served.on_tick(counter) for counter in range(3)]
    assert (calls, ticks) == ([True], [False] * 3)


class Cycle:
    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def own_collector() -> Generator[None]:
    """Leaves Python's collector as it was before the test."""
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


@pytest.mark.usefixtures("own_collector")
def test_settled_memory_is_not_looked_at_again_but_what_comes_later_is():
    dead, old = ref(Cycle()), Cycle()
    settle_memory()
    settled, later = ref(old), ref(Cycle())
    del old
    gc.collect()
    assert [dead() is None, settled() is None, later() is None] == [True, False, True]


@pytest.mark.usefixtures("own_collector")
def test_garbage_that_has_grown_old_does_not_pile_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("game.serving.MADE", 1_000)
    exempt: list[list[None]] = [[] for _ in range(500_000)]
    settle_memory()
    cycle = Cycle()
    gc.collect(1)  # from here on, only a full collection looks at it
    aged = ref(cycle)
    del cycle
    made: list[list[None]] = [[] for _ in range(1_000 * (OLDER + 2) ** 2)]
    assert len(made) < len(exempt) / 4  # too few to wait for, were the exempt ones counted
    assert aged() is None


async def taken(server: Server, requests: int) -> None:
    """Wait until the server has begun to answer this many requests."""
    async with asyncio.timeout(PATIENCE):
        while len(server.server_state.tasks) < requests:
            await asyncio.sleep(0.005)


async def test_an_early_request_that_is_given_up_does_no_harm(gate: Event):
    with server() as (_, address):
        async with httpx.AsyncClient(base_url=f"http://{address}") as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get("/", timeout=0.2)
            gate.set()
            assert (await client.get("/", timeout=PATIENCE)).status_code == 200


async def test_a_waiting_request_gets_503_when_the_server_stops(gate: Event):
    with server() as (serving, address):
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            page = asyncio.create_task(client.get(f"http://{address}/"))
            await taken(serving, 1)
            serving.should_exit = True
            assert (await page).status_code == 503
            gate.set()


async def test_waiting_requests_are_refused_when_the_page_fails(monkeypatch: pytest.MonkeyPatch):
    gate = Event()

    def load() -> Callable[[], FastAPI]:
        assert gate.wait(PATIENCE)
        raise ImportError("no Gradio here")

    monkeypatch.setattr(application, "gradio_page", lambda _: Page(load))
    with server() as (serving, address):
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            page = asyncio.create_task(client.get(f"http://{address}/"))
            socket = asyncio.create_task(connect(f"ws://{address}/elsewhere").__aenter__())
            await taken(serving, 2)
            gate.set()
            assert (await page).status_code == 503
            with pytest.raises(InvalidStatus, match="403"):
                await socket
        ended = serving
    assert ended.should_exit


def test_a_server_without_a_page_ends(monkeypatch: pytest.MonkeyPatch):
    def load() -> Callable[[], FastAPI]:
        raise ImportError("no Gradio here")

    monkeypatch.setattr(application, "gradio_page", lambda _: Page(load))
    app = application.create_app(CountsBars(), storage=Memory())
    with (
        listen("127.0.0.1", 0) as listener,
        pytest.raises(UserError, match="the page could not be made: ImportError: no Gradio here"),
    ):
        serve(app, listener)


def test_a_server_that_does_not_reach_redis_ends_without_a_traceback(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    nowhere = "redis://127.0.0.1:9"
    app = application.create_app(CountsBars(), storage=Memory(), redis_url=nowhere)
    with (
        listen("127.0.0.1", 0) as listener,
        pytest.raises(UserError, match=r"cannot reach Redis: .* Expected in REDIS_URL an address"),
    ):
        serve(app, listener)
    assert capsys.readouterr().out == ""
    assert caplog.text == ""


def test_without_gradio_the_command_fails_with_one_line(tmp_path: Path):
    with process(["-c", WITHOUT_GRADIO], tmp_path) as (started, address):
        assert address.startswith("http://127.0.0.1:")
        said = started.communicate(timeout=PATIENCE)[1].splitlines()
    assert started.returncode == 2
    assert said[-1].startswith("error: the page could not be made: ModuleNotFoundError")
    assert "pip install" in said[-1]


def test_a_server_that_is_stopped_before_the_page_is_ready(tmp_path: Path):
    with process(["-m", "game.server"], tmp_path) as (started, _):
        started.send_signal(signal.SIGTERM)
        said = started.communicate(timeout=PATIENCE)[1]
    assert (started.returncode, "Traceback" in said) == (0, False)


def test_a_guess_needs_neither_gradio_nor_what_comes_with_it():
    listed = (
        "import sys, game.application, game.serving; from models.shelf import open_model; "
        "open_model(); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", listed], capture_output=True, text=True, check=True
    )
    assert "onnxruntime" in done.stdout.split()
    assert NEEDLESS.isdisjoint(done.stdout.split())
