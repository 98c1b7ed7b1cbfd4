"""The outbox: keeps the order, drops outdated messages, and is bounded."""

import asyncio

import pytest

from game.guests import outbox
from game.guests.outbox import TOO_SLOW, Outbox
from game.messages import Message, Pong, Problem, RaceState, Reaction, Reveal, RoomSettings


async def drained(box: Outbox) -> list[Message]:
    """All waiting messages."""
    messages: list[Message] = []
    while True:
        taken = asyncio.ensure_future(box.take())
        await asyncio.sleep(0)  # a message that is there is taken at once
        if not taken.done():
            taken.cancel()
            return messages
        messages.append(taken.result())


def state(number: int) -> RaceState:
    return RaceState(
        kind="room",
        code="A",
        stage="lobby",
        you=None,
        seats=[],
        settings=RoomSettings(),
        rounds=3,
        number=number,
    )


async def test_events_stay_in_order_and_of_news_the_last():
    box = Outbox()
    reveal = Reveal(round=1, word="one", winner=None, drawings=[])
    wow = [Reaction(seat=seat, reaction="wow") for seat in range(3)]
    for message in (state(1), wow[0], wow[1], reveal, state(2), wow[2]):
        box.put(message)
    assert await drained(box) == [wow[0], wow[1], reveal, state(2), wow[2]]


async def test_a_waiting_reader_gets_the_next_message():
    box = Outbox()
    waiting = asyncio.create_task(box.take())
    await asyncio.sleep(0)
    box.put(Pong(sent=1))
    assert await waiting == Pong(sent=1)


async def test_nothing_comes_after_a_fatal_problem():
    box = Outbox()
    end = Problem(code="replaced", text="", fatal=True)
    for message in (end, Pong(sent=1)):
        box.put(message)
    assert await drained(box) == [end]


async def test_a_client_that_does_not_read_is_disconnected(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(outbox, "BACKLOG", 10)
    box = Outbox()
    for seat in range(11):
        box.put(Reaction(seat=seat, reaction="wow"))
    assert box.over
    assert await drained(box) == [TOO_SLOW]


async def test_a_closed_box_takes_nothing():
    box = Outbox()
    box.close()
    box.put(Pong(sent=1))
    assert await drained(box) == []
