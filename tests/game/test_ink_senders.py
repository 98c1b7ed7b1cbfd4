"""How often ink is sent: each point to a server that keeps up, seldom to one that does not.

The page's sender and its twin, the bots', draw the same line.
"""

import asyncio
import selectors
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest

from game.bot.ink_sender import InkSender
from game.messages import Guesses, Ink, Strokes
from tests.game.web import node

FRAME = 16.7  # ms from a point to the next, as in hand.js
POINTS = 100
LINE: Strokes = [[[*range(POINTS)], [*range(POINTS)], [FRAME * i for i in range(POINTS)]]]
PATIENCE = 50  # ms from a message to the next one without a guess between them, at first
LONGEST = 300  # and later, when guesses take long

Sent = tuple[list[float], list[int], list[float]]
"""Times of the messages in ms, the points in each, and the wait of each point in ms."""


def page(delay: float | None) -> Sent:
    """The line as the page sends it to a server that guesses after `delay` ms, or never."""
    guess = Guesses(round=1, frame=1, points=0, guesses=[], target=0.0, hold=0)
    after = "never" if delay is None else str(delay)
    done = node.play("hand.js", (), after, guess.model_dump_json())
    times, points = zip(*done["messages"], strict=True)
    return rounded(times), [*points], rounded(done["waits"])


def rounded(times: Sequence[float]) -> list[float]:
    return [round(time, 3) for time in times]


class Jump(selectors.DefaultSelector):
    """Made-up time, which jumps to when something is to be done."""

    passed = 0.0

    def select(self, timeout: float | None = None):
        self.passed += timeout or 0
        return super().select(0)


class Loop(asyncio.SelectorEventLoop):
    """An event loop in made-up time."""

    def __init__(self) -> None:
        self.jump = Jump()
        super().__init__(self.jump)

    def time(self) -> float:
        return self.jump.passed


def bot(delay: float | None) -> Sent:
    """The same as a bot sends it."""
    times: list[float] = []
    points: list[int] = []
    waits: list[float] = []

    async def say(ink: Ink, drawn: Sequence[float]) -> None:
        now = loop.time()
        times.append(now * 1000)
        points.append(len(ink.points))
        waits.extend((now - when) * 1000 for when in drawn)
        if delay is not None:
            loop.call_later(delay / 1000, sender.answered, len(waits))

    loop = Loop()
    sender = InkSender(1, 0.0, say)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(sender.draw(LINE, 0))
    return rounded(times), points, rounded(waits)


senders = pytest.mark.parametrize("drawn", [page, bot])


@senders
def test_a_server_that_keeps_up_gets_each_point_at_once(drawn: Callable[[float], Sent]):
    times, points, waits = drawn(5)
    assert times == rounded([FRAME * i for i in range(POINTS)])
    assert points == [1] * POINTS
    assert waits == [0] * POINTS


@senders
def test_ink_that_waits_goes_when_the_guess_is_there(drawn: Callable[[float], Sent]):
    times, points, waits = drawn(21)
    assert times[:3] == [0, 21, 42]  # not at 16.7, when the second point was drawn
    assert sum(points) == POINTS
    assert max(waits) <= 21


@senders
def test_without_guesses_ink_waits_little(drawn: Callable[[float | None], Sent]):
    times, points, waits = drawn(None)  # as for a nearly blank sheet
    assert {*rounded([after - before for before, after in pairwise(times)])} == {PATIENCE}
    assert sum(points) == len(waits) == POINTS
    assert max(waits) <= PATIENCE


@senders
def test_a_slow_server_gets_a_message_a_guess(drawn: Callable[[float], Sent]):
    times, points, waits = drawn(110)
    gaps = rounded([after - before for before, after in pairwise(times)])
    assert gaps[:2] == [PATIENCE] * 2
    assert set(gaps[3:]) == {110}  # the guesses about the first messages came meanwhile
    assert sum(points) == POINTS
    assert max(waits) <= 110


@senders
def test_no_ink_waits_longer_than_players_bear(drawn: Callable[[float], Sent]):
    times, points, waits = drawn(700)
    gaps = rounded([after - before for before, after in pairwise(times)])
    assert max(gaps) == LONGEST
    assert sum(points) == POINTS
    assert max(waits) <= LONGEST


@pytest.mark.parametrize("delay", [5, 21, 61, 110, 270, 450, None])
def test_bots_send_what_the_page_sends(delay: float | None):
    assert bot(delay) == page(delay)
