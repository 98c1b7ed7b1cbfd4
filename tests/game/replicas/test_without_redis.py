"""PostgreSQL stops under one server without Redis: players are told that results wait."""

import asyncio
from collections.abc import Generator
from pathlib import Path

import pytest

from game.messages import Saving
from tests import servers
from tests.game.replicas.machines import Replica
from tests.game.replicas.playing import Player, StoredResults, all_stored, racing, ready
from tests.game.waiting import until
from tests.servers import Postgres

DELAYED = "doodle_results_delayed"


@pytest.fixture
def postgres() -> Generator[Postgres]:
    """A PostgreSQL of the test's own, because the test stops it."""
    with servers.postgres() as server:
        yield server


@pytest.fixture
def stored(postgres: Postgres) -> StoredResults:
    return StoredResults(postgres)


@pytest.fixture
def server(postgres: Postgres, tmp_path: Path) -> Generator[Replica]:
    alone = Replica(None, postgres.url, folder=tmp_path)
    assert alone.address
    yield alone
    alone.kill()


async def hear_saving(player: Player, state: str) -> None:
    await player.hear(Saving, lambda saving: saving.state == state)


async def test_results_wait_and_arrive_when_postgresql_is_back(
    server: Replica, postgres: Postgres, stored: StoredResults, tmp_path: Path
):
    async with racing(server, server) as (host, guest):
        await asyncio.to_thread(postgres.stop)
        await asyncio.gather(host.draw_it(), guest.draw_it())
        await asyncio.gather(hear_saving(host, "saving"), hear_saving(guest, "saving"))
        await asyncio.gather(ready(server, "results", False), ready(server, "database", False))
        assert await asyncio.to_thread(server.metric, DELAYED) == 1
        await until(lambda: len([*tmp_path.glob("*-unsaved-*/*.json")]) == 1)
        await asyncio.to_thread(postgres.start)
        await asyncio.gather(hear_saving(host, "saved"), hear_saving(guest, "saved"))
        await all_stored([host, guest])
        await ready(server, "results", True)
        assert await asyncio.to_thread(server.metric, DELAYED) == 0
        await stored.all_finish(host, guest, first=2)
    assert stored() == (6, 2)
    assert [*tmp_path.glob("*-unsaved-*/*")] == []


async def test_results_of_a_server_killed_meanwhile_arrive_at_its_next_start(
    server: Replica, postgres: Postgres, stored: StoredResults, tmp_path: Path
):
    async with racing(server, server) as (host, guest):
        await asyncio.to_thread(postgres.stop)
        await asyncio.gather(host.draw_it(), guest.draw_it())
        await hear_saving(host, "saving")
        await until(lambda: [*tmp_path.glob("*-unsaved-*/*.json")])
        server.kill()
    await asyncio.to_thread(postgres.start)
    for _ in range(2):  # the second start finds nothing more to store
        again = Replica(None, postgres.url, folder=tmp_path)
        try:
            await ready(again, "results", True)
            async with asyncio.timeout(20):
                while [*tmp_path.glob("*-unsaved-*/*.json")]:
                    await asyncio.sleep(0.05)
        finally:
            again.kill()
        assert stored() == (2, 0)
