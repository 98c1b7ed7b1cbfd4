"""Players without a page, who fill a room: they take seats, and draw at the speed of a hand."""

import asyncio
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

from game.messages import Join, RaceState
from tests.game.serving import PATIENCE, Client


@contextmanager
def sitting(address: str, code: str, names: Sequence[str]) -> Generator[None]:
    """Let players with these names sit in a room while the context is open; then they leave."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def play_all() -> None:
        async with asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(_play(urlsplit(address).netloc, Join(code=code, name=name)))

    playing = asyncio.run_coroutine_threadsafe(play_all(), loop)
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
