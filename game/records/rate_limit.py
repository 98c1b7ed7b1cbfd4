"""How often one network address may ask for boards, replays and pictures over HTTP."""

import time

from fastapi import HTTPException, Request

from game.guests.limits import Buckets

ASKED = (10.0, 300.0)  # a second, and at once, by address: a class behind one router opens a board


class RateLimit:
    """A dependency of routes: answers 429 to an address that asks too often."""

    def __init__(self) -> None:
        self._buckets = Buckets(*ASKED)

    async def __call__(self, request: Request) -> None:
        now = time.monotonic() * 1000
        address = request.client.host if request.client else ""
        if not self._buckets.of(address, now).take(1, now):
            raise HTTPException(429, "Too many requests: wait a moment.", {"retry-after": "5"})
