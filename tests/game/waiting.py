"""Waits on the event loop until something is so."""

import asyncio
from collections.abc import Callable

PATIENCE = 60.0  # seconds, on a busy machine


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.005)
