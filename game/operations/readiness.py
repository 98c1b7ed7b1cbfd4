"""Whether the server may be sent players: `/readyz`, for load balancers and container engines.

`/healthz` says whether the process runs at all: a server that fails there is restarted, one that
fails here gets no new players for a while.

A busy server stays ready, as container engines would stop one that is not, with all its players. It
says "busy" in the body, and opens no new rooms (`game.rooms.lobby`).
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

from fastapi.responses import JSONResponse

PATIENCE = 2.0  # seconds for an answer
HOLDS = 1.0  # seconds for which an answer is given again: whoever asks, asks for all

Check = Callable[[], Awaitable[bool]]

log = logging.getLogger(__name__)


class Readiness:
    """The checks by name, all of which must be true; more may be added to `checks`.

    Args:
        checks: by name.
        busy: whether players wait too long for guesses.
    """

    def __init__(
        self, checks: Mapping[str, Check], busy: Callable[[], bool] = lambda: False
    ) -> None:
        self.checks = dict(checks)
        self._busy = busy
        self._looking: asyncio.Task[dict[str, bool]] | None = None
        self._until = 0.0

    async def route(self) -> JSONResponse:
        """200 when ready, else 503; the body says which checks hold."""
        found = await self.look()
        ready = all(found.values())
        calm = "busy" if self._busy() else "ready"
        body = {"status": calm if ready else "not ready", "checks": found}
        return JSONResponse(body, 200 if ready else 503, {"cache-control": "no-store"})

    async def look(self) -> dict[str, bool]:
        """Which checks hold."""
        now = time.monotonic()
        if self._looking is None or (self._looking.done() and now >= self._until):
            self._looking = asyncio.create_task(self._look())
            self._until = now + HOLDS
        return await asyncio.shield(self._looking)

    async def _look(self) -> dict[str, bool]:
        held = await asyncio.gather(*(_holds(name, check) for name, check in self.checks.items()))
        return dict(zip(self.checks, held, strict=True))


async def _holds(name: str, check: Check) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except Exception as error:
        log.warning("not ready: no answer about the %s: %s", name, type(error).__name__)
        return False
