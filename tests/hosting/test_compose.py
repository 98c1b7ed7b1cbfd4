"""compose.yaml: its settings, and its services run without an engine, by servers of Debian."""

import json
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import yaml

from game.messages import Open, RaceState
from tests import servers
from tests.game.serving import Client
from tests.hosting import dockerfile
from tests.hosting.conftest import started
from tests.hosting.dockerfile import ROOT, texts
from tests.servers import Postgres

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
GAME, DATABASE, REDIS = SERVICES["game"], SERVICES["database"], SERVICES["redis"]
SECRET = "${POSTGRES_PASSWORD"


@pytest.fixture
def postgres() -> Generator[Postgres]:
    with servers.postgres() as server:
        yield server


@pytest.fixture
def redis() -> Generator[int]:
    """The port of a Redis that was started with the command of the service."""
    with servers.redis(REDIS["command"]) as server:
        yield server.port


def asked(redis: int, *words: str) -> str:
    """The answer of Redis to a command of its client."""
    command = ["redis-cli", "-p", str(redis), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


async def test_the_services_play_together(redis: int, postgres: Postgres, tmp_path: Path):
    kind, *check = REDIS["healthcheck"]["test"]
    assert (kind, check[0]) == ("CMD", "redis-cli")
    assert asked(redis, *check[1:]) == "PONG"
    environment: dict[str, str] = GAME["environment"]
    variables = environment | {
        "DATABASE_URL": postgres.url,
        "REDIS_URL": environment["REDIS_URL"].replace("redis:6379", f"127.0.0.1:{redis}"),
        "FORWARDED_ALLOW_IPS": "127.0.0.1",
        "PATH": dockerfile.path_with(Path(sys.executable)),
        "HOME": str(tmp_path),
        "PORT": "0",
    }
    with started(dockerfile.command(), ROOT, variables) as server:
        address = f"127.0.0.1:{server.port}"
        well = variables | {"PORT": str(server.port)}
        assert subprocess.run(dockerfile.health_check(), env=well).returncode == 0
        with urllib.request.urlopen(f"http://{address}/readyz", timeout=60) as answer:
            found = json.load(answer)["checks"]
        assert {"database", "redis"} <= set(found)
        before = int(asked(redis, "dbsize"))
        async with Client(address) as player:
            await player.send(Open(name="Anna"))
            await player.hear(RaceState)
            assert int(asked(redis, "dbsize")) > before


def test_the_services_wait_for_each_other_and_come_back():
    assert set(SERVICES) == {"game", "database", "redis"}
    healthy = {"condition": "service_healthy"}
    assert GAME["depends_on"] == {"database": healthy, "redis": healthy}
    assert "pg_isready" in DATABASE["healthcheck"]["test"][1]
    assert {service["restart"] for service in SERVICES.values()} == {"unless-stopped"}


def test_the_game_finds_its_database_and_redis():
    url, made = GAME["environment"]["DATABASE_URL"], DATABASE["environment"]
    assert url == (
        f"postgresql+psycopg://{made['POSTGRES_USER']}:{SECRET}}}@database/{made['POSTGRES_DB']}"
    )
    assert GAME["environment"]["REDIS_URL"] == "redis://redis:6379"


def test_the_image_is_built_with_what_the_services_need():
    extras: dict[str, str] = GAME["build"]["args"]
    assert list(extras) == [text.split("=")[0] for text in texts("ARG")]
    assert set(extras.values()) <= set(PROJECT["optional-dependencies"]["scale"])
    assert extras["DRIVER"].startswith("psycopg")
    assert extras["REDIS"].startswith("redis")


@pytest.mark.parametrize(
    ("service", "place"), [(DATABASE, "/var/lib/postgresql/data"), (REDIS, "/data")]
)
def test_records_and_rooms_outlive_the_containers(service: dict[str, Any], place: str):
    [volume] = service["volumes"]
    name, _, folder = volume.partition(":")
    assert (name in COMPOSE["volumes"], folder) == (True, place)


def test_the_database_is_closed_and_its_password_nowhere_written():
    assert "ports" not in DATABASE
    assert "ports" not in REDIS  # it holds players' private keys
    assert DATABASE["environment"]["POSTGRES_PASSWORD"].startswith(SECRET + ":?")
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_page_is_where_people_look_for_it():
    [port] = GAME["ports"]
    assert port == "${PORT:-7860}:" + texts("EXPOSE")[0]
