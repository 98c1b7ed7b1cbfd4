"""Access to a real Redis after it could not be reached."""

import asyncio

from game.replicas.store import Store
from tests import servers

MANY = 5  # connections that are open at once


async def test_all_that_is_asked_of_a_redis_that_is_back_is_answered():
    with servers.redis() as server:
        store = Store(server.url, answer_within=5.0)
        await asyncio.gather(*(store.ping() for _ in range(MANY)))
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        for _ in range(MANY):
            await store.ping()
        await store.close()
