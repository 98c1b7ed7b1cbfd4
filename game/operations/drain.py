"""A graceful stop: players in a round may finish it, and everyone else is disconnected at once.

The pages of disconnected players connect again: to another replica, or to this server once it has
restarted.
"""

import asyncio
import logging
from collections.abc import Callable

from game.rooms.hub import Hub

SWEEP = 0.1  # seconds between two checks of who has finished

log = logging.getLogger(__name__)


async def drain(hub: Hub, seconds: float, hurry: Callable[[], bool]) -> None:
    """Begin no new games, and wait until the running rounds are over.

    Args:
        seconds: longest time to wait.
        hurry: whether to stop at once; asked every `SWEEP` seconds.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    hub.drain()
    left = hub.dismiss()
    log.info("stopping", extra={"facts": {"playing": left, "at_most_seconds": seconds}})
    while left and loop.time() < end and not hurry():
        await asyncio.sleep(SWEEP)
        left = hub.dismiss()
    if left:
        log.warning("stopped while rounds were running", extra={"facts": {"playing": left}})
