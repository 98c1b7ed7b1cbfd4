"""The real clock rings when a deadline with its slack is over, on the event loop of the server."""

import asyncio
from collections.abc import Callable
from functools import partial
from random import Random

import pytest
import uvloop

from game.clock import SLACK, LoopClock

TIMERS = 400


async def early() -> list[float]:
    """How many ms too early each of many timers rings; negative when late."""
    clock, rng = LoopClock(), Random(1)
    found: list[float] = []

    def ring(when: float) -> None:
        found.append(when - clock.now())

    for _ in range(TIMERS):
        when = clock.now() + rng.uniform(-1, 40)
        clock.call_at(when, partial(ring, when))
        await asyncio.sleep(0.0003)
    async with asyncio.timeout(60):
        while len(found) < TIMERS:
            await asyncio.sleep(0.01)
    return found


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_no_timer_rings_earlier_than_the_slack(run: Callable[..., list[float]]):
    assert max(run(early())) < SLACK


async def test_a_cancelled_timer_never_rings():
    rung: list[bool] = []
    timer = LoopClock().call_at(LoopClock().now() + 5, lambda: rung.append(True))
    timer.cancel()
    await asyncio.sleep(0.02)
    assert rung == []
