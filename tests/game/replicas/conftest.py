"""Redis and PostgreSQL, started once for all tests of this folder, and replicas for each."""

from collections.abc import Callable, Generator

import pytest

from tests import servers
from tests.game.replicas.machines import Replica
from tests.game.replicas.playing import StoredResults
from tests.servers import Postgres, Redis

Start = Callable[..., list[Replica]]


@pytest.fixture(scope="session")
def redis() -> Generator[Redis]:
    with servers.redis() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Generator[Postgres]:
    with servers.postgres() as server:
        yield server


@pytest.fixture
def start(redis: Redis, postgres: Postgres) -> Generator[Start]:
    """Start replicas, each with its own Redis address if given, and kill them at the end."""
    started: list[Replica] = []
    redis.flush()  # so that no replica takes over rooms of earlier tests

    def start(*urls: str, number: int = 0, database: str = postgres.url) -> list[Replica]:
        made = [Replica(url, database) for url in urls or [redis.url] * number]
        started.extend(made)
        for replica in made:
            assert replica.address
        return made

    yield start
    for replica in started:
        replica.kill()


@pytest.fixture
def stored(postgres: Postgres) -> StoredResults:
    return StoredResults(postgres)
