"""Players on bare WebSockets, without a page, who fill a room and draw at the speed of a hand."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Generator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from urllib.parse import urlsplit

from game.messages import (
    CLASS_SEATS,
    Begin,
    Configure,
    Ink,
    Join,
    Open,
    OwnWords,
    OwnWordsRead,
    RaceState,
    RoomSettings,
)
from tests.game.fakes import bars
from tests.game.serving import PATIENCE, Client

LONG_WORDS = ("two", "three", "four", "five")  # of `CountsBars`; one bar is none of them


@contextmanager
def seated_players(address: str, code: str, names: Sequence[str]) -> Generator[None]:
    """Let players with these names fill seats of a room while the context is open."""

    async def play_all() -> None:
        async with asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(_play(urlsplit(address).netloc, Join(code=code, name=name)))

    with _meanwhile(play_all()):
        yield


@contextmanager
def a_class(address: str, names: Sequence[str]) -> Generator[tuple[str, Callable[[], None]]]:
    """A room for a class that these players fill, the first one its host.

    Yields the room's code and a function that starts the race. Then everyone draws one line of
    each word, which is not enough to win it.
    """
    netloc, opened, start = urlsplit(address).netloc, Future[str](), threading.Event()

    async def play_all() -> None:
        async with Client(netloc) as host, asyncio.TaskGroup() as group:
            await host.send(Open(name=names[0]))
            await host.send(Configure(settings=RoomSettings(seats=CLASS_SEATS, seconds=60)))
            await host.send(OwnWords(text=", ".join(LONG_WORDS)))
            await host.hear(OwnWordsRead)
            code = (await host.hear(RaceState)).code
            for name in names[1:]:
                group.create_task(_begin_words(netloc, Join(code=code, name=name)))
            await host.hear(RaceState, lambda state: len(state.seats) == len(names))
            opened.set_result(code)
            await asyncio.to_thread(start.wait)
            await host.send(Begin())
            await _draw_one_line(host)

    with _meanwhile(play_all()):
        yield opened.result(PATIENCE), start.set
        start.set()


async def _begin_words(netloc: str, enter: Join) -> None:
    async with Client(netloc) as client:
        await client.send(enter)
        await _draw_one_line(client)


async def _draw_one_line(client: Client) -> None:
    state = await client.hear(RaceState, lambda state: state.stage == "drawing")
    await asyncio.sleep(0.2)  # ink of the future is refused
    await client.send(Ink(round=state.round, stroke=0, points=bars("one")[0]))
    await client.closed()


@contextmanager
def _meanwhile(work: Coroutine[None, None, None]) -> Generator[None]:
    """Run something in a thread while the context is open; then it is cancelled."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    playing = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        yield
    finally:
        playing.cancel()
        asyncio.run_coroutine_threadsafe(_settled(loop), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _play(address: str, enter: Join) -> None:
    """Draw the bars of every word."""
    async with Client(address) as client:
        await client.send(enter)
        drawn = 0
        async for text in client.socket:
            said = client.read(text)
            if isinstance(said, RaceState) and said.stage == "drawing" and said.round > drawn:
                drawn = said.round
                assert said.word
                await client.draw(said.round, said.word)


async def _settled(loop: asyncio.AbstractEventLoop) -> None:
    """Wait until all tasks except this one are done."""
    others = asyncio.all_tasks(loop) - {asyncio.current_task(loop)}
    await asyncio.gather(*others, return_exceptions=True)
