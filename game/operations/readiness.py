"""Readiness: `/readyz` tells load balancers and container engines whether to send players here.

`/healthz` answers as long as the process runs: a server that fails there is restarted, while one
that fails at `/readyz` gets no new players for a while.

A busy server stays ready, because a container engine might otherwise stop it, with all its players.
The body of its answer has the status "busy", and it opens no new rooms (`game.rooms.lobby`).
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

from fastapi.responses import JSONResponse

PATIENCE = 2.0  # seconds that a check may take
HOLDS = 1.0  # seconds for which results are reused, for any number of requests

Check = Callable[[], Awaitable[bool]]

log = logging.getLogger(__name__)


class Readiness:
    """Runs the checks, all of which must hold for the server to be ready.

    Args:
        checks: name -> check; more may be added to the attribute `checks` later.
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
        """The answer of `/readyz`: 200 when ready, else 503, with the result of each check."""
        found = await self.look()
        ready = all(found.values())
        calm = "busy" if self._busy() else "ready"
        body = {"status": calm if ready else "not ready", "checks": found}
        return JSONResponse(body, 200 if ready else 503, {"cache-control": "no-store"})

    async def look(self) -> dict[str, bool]:
        """Name -> whether the check holds; not older than `HOLDS` seconds."""
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
        log.warning("not ready: the check of %s failed: %s", name, type(error).__name__)
        return False
