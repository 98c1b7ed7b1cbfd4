"""Pictures are rendered once for simultaneous requests, and too many requests are refused."""

import asyncio
import threading

import pytest

from game.messages import Replay
from game.records import pictures
from game.records.pictures import KEPT, WAITING, Busy, Pictures
from tests.game.records.making import replay


class Painter:
    """Renders pictures when a test lets it, and records the requests."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.may = threading.Event()

    def paint(self, replay: Replay) -> bytes:
        self.asked.append(replay.word)
        assert self.may.wait(20)
        if replay.word == "five":
            raise ValueError("no picture")
        return replay.word.encode()


@pytest.fixture
def painter(monkeypatch: pytest.MonkeyPatch) -> Painter:
    made = Painter()
    monkeypatch.setitem(pictures.MAKERS, "png", made.paint)
    return made


async def test_simultaneous_requests_get_the_same_picture_made_once(painter: Painter):
    made = Pictures()
    asked = [asyncio.create_task(made.picture("A", "png", replay("one"))) for _ in range(9)]
    await asyncio.sleep(0)
    asked[0].cancel()  # a cancelled request does not affect the others
    painter.may.set()
    assert await asyncio.gather(*asked[1:]) == [b"one"] * 8
    assert await made.picture("A", "png", replay("one")) == b"one"
    assert painter.asked == ["one"]


async def test_too_many_at_once_are_refused(painter: Painter):
    made = Pictures()
    asked = [
        asyncio.create_task(made.picture(str(n), "png", replay("one"))) for n in range(WAITING)
    ]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await made.picture("one more", "png", replay("one"))
    painter.may.set()
    await asyncio.gather(*asked)
    assert await made.picture("one more", "png", replay("two")) == b"two"


async def test_a_failure_is_not_kept(painter: Painter):
    painter.may.set()
    made = Pictures()
    for _ in range(2):
        with pytest.raises(ValueError, match="no picture"):
            await made.picture("A", "png", replay("five"))
    assert painter.asked == ["five", "five"]


async def test_the_oldest_are_forgotten(painter: Painter):
    painter.may.set()
    made = Pictures()
    for number in range(KEPT + 1):
        await made.picture(str(number), "png", replay("one"))
    await made.picture(str(KEPT), "png", replay("one"))
    assert len(painter.asked) == KEPT + 1
    await made.picture("0", "png", replay("one"))
    assert len(painter.asked) == KEPT + 2
