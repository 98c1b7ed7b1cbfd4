"""The lease of a replica: it grows on a machine that is too slow for it, and only there."""

import asyncio
import time
from collections.abc import AsyncGenerator

import pytest

from game.replicas import open_replica
from game.replicas.lease import LONGEST, Lease
from game.replicas.replica import Replica
from models.command import UserError
from tests.game.replicas import machines
from tests.game.replicas.playing import ready
from tests.servers import Postgres, Redis

LEASE = 0.5  # seconds
STOPPED, RUNNING = 0.8, 0.8  # seconds, again and again: half of a CPU
STOPS = 10
MOST = 4  # of these, let the lease expire: it grows from 0.5 to 8 s on a very busy machine
EXPIRED = "doodle_leases_expired_total"


def test_a_lease_that_is_renewed_in_time_stays_as_it_is():
    lease = Lease(2.5)
    assert not any(lease.renew(True, now) for now in (0.0, 0.5, 2.9, 5.0))
    assert lease.seconds == 2.5


def test_a_lease_that_expired_because_nothing_ran_is_longer_the_next_time():
    lease = Lease(2.5)
    assert [lease.renew(True, 4.0 * number) for number in range(5)].count(True) == 1
    assert lease.seconds == 5.0
    for number in range(1, 20):
        lease.renew(False, 1_000.0 * number)
    assert lease.seconds == LONGEST


def test_an_outage_of_redis_does_not_lengthen_the_lease():
    lease = Lease(2.5)
    lease.renew(True, 0.0)
    for number in range(120):
        lease.pulse(0.5 * number)
    assert lease.renew(False, 60.0)
    assert lease.seconds == 2.5


@pytest.mark.parametrize("seconds", [0.0, 0.1, 3600.0, float("nan")])
def test_a_lease_that_cannot_be_is_refused(seconds: float):
    with pytest.raises(UserError, match=r"a lease of .* Expected 0.5 to 60 s"):
        open_replica("redis://127.0.0.1:9", seconds)


async def test_a_process_that_did_not_run_reads_what_came_before_it_counts_silence():
    replica = Replica("redis://127.0.0.1:9", Lease(0.5))
    arrived: asyncio.Queue[str] = asyncio.Queue()

    async def texts() -> AsyncGenerator[str]:
        while True:
            yield await arrived.get()

    def stall() -> None:
        time.sleep(1.0)
        asyncio.get_running_loop().call_soon(arrived.put_nowait, "beat")

    coming = texts()
    asyncio.get_running_loop().call_later(0.05, stall)
    assert await replica._next(coming) == "beat"
    with pytest.raises(TimeoutError):
        await replica._next(coming)


async def test_a_throttled_replica_counts_as_stopped_a_few_times_at_most(
    redis: Redis, postgres: Postgres
):
    redis.flush()
    slow = machines.Replica(redis.url, postgres.url, LEASE)
    try:
        await ready(slow, "redis", True)
        for _ in range(STOPS):
            slow.freeze()
            await asyncio.sleep(STOPPED)
            slow.thaw()
            await asyncio.sleep(RUNNING)
        assert 1 <= await asyncio.to_thread(slow.metric, EXPIRED) <= MOST
        await ready(slow, "redis", True)
    finally:
        slow.kill()
