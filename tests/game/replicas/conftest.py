"""Redis and PostgreSQL, started once for all tests of this folder, and replicas for each."""

import shutil
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from tests.game.replicas.machines import Postgres, Redis, Replica
from tests.game.replicas.playing import Kept

Start = Callable[..., list[Replica]]


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Generator[Redis]:
    server = Redis(tmp_path_factory.mktemp("redis"))
    yield server
    server.kill()


@pytest.fixture(scope="session")
def postgres() -> Generator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="doodle-postgres-"))  # the server's own user enters it
    server = Postgres(folder)
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def start(redis: Redis, postgres: Postgres) -> Generator[Start]:
    """Starts so many replicas, each through its own Redis address if given, and kills them."""
    started: list[Replica] = []
    redis.flush()  # nobody inherits from the tests before

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
def kept(postgres: Postgres) -> Kept:
    return Kept(postgres)
