"""A graceful stop: who draws may finish the round, everyone else is sent to another server at once.

A replica that has stopped, or this one started anew, is where the page finds its way back to.
"""

import asyncio
import logging
from collections.abc import Callable

from game.rooms.hub import Hub

SWEEP = 0.1  # seconds between two looks at who has finished

log = logging.getLogger(__name__)


async def drain(hub: Hub, seconds: float, hurry: Callable[[], bool]) -> None:
    """Begin nothing new, and wait for running rounds, but no longer than so many seconds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    hub.drain()
    left = hub.dismiss()
    log.info("stopping", extra={"facts": {"playing": left, "at_most_seconds": seconds}})
    while left and loop.time() < end and not hurry():
        await asyncio.sleep(SWEEP)
        left = hub.dismiss()
    if left:
        log.warning("stopped in the midst of rounds", extra={"facts": {"playing": left}})
