"""The rate limit of HTTP requests for boards, replays and pictures, per network address."""

import time

from fastapi import HTTPException, Request

from game.guests.limits import Buckets, address_of

ASKED = (10.0, 300.0)  # requests per second, and at once: enough for a class behind one router


class RateLimit:
    """A FastAPI dependency that answers 429 when an address sends too many requests."""

    def __init__(self) -> None:
        self._buckets = Buckets(*ASKED)

    async def __call__(self, request: Request) -> None:
        now = time.monotonic() * 1000
        if not self._buckets.of(address_of(request), now).take(1, now):
            raise HTTPException(429, "Too many requests: wait a moment.", {"retry-after": "5"})
