"""A graceful stop: who draws may finish the round, everyone else is sent to another server at once.

A replica that has stopped, or this one started anew, is where the page finds its way back to.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

SWEEP = 0.1  # seconds between two looks at who has finished

log = logging.getLogger(__name__)


class House(Protocol):
    """Who is playing: `game.rooms.hub.Rooms`."""

    def drain(self) -> None: ...

    def dismiss(self) -> int: ...


async def drain(house: House, seconds: float, hurry: Callable[[], bool]) -> None:
    """Begin nothing new, and wait for running rounds, but no longer than so many seconds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    house.drain()
    left = house.dismiss()
    log.info("stopping", extra={"facts": {"playing": left, "at_most_seconds": seconds}})
    while left and loop.time() < end and not hurry():
        await asyncio.sleep(SWEEP)
        left = house.dismiss()
    if left:
        log.warning("stopped in the midst of rounds", extra={"facts": {"playing": left}})
