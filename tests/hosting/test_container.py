"""The Dockerfile and compose.yaml: what they promise, and their commands run without an engine.

No image was built here; what only an engine can show (the base image, the new user) is not shown.
"""

import re
import shutil
import signal
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from redis import Redis

from tests.game.replicas.machines import answers, free_port, wait_until
from tests.hosting import dockerfile
from tests.hosting.conftest import Image, started
from tests.hosting.dockerfile import ROOT, texts

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
GAME, DATABASE, REDIS = (COMPOSE["services"][name] for name in ("game", "database", "redis"))
SECRET = "${POSTGRES_PASSWORD"
STOPS_WITHIN = 30.0  # seconds for a server to end


def test_the_dockerfile_is_free_of_what_a_linter_knows():
    hadolint = Path(sys.executable).with_name("hadolint")
    result = subprocess.run([hadolint, "Dockerfile"], cwd=ROOT, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (0, "")


def test_the_image_has_the_python_of_the_space():
    _, front_matter, _ = (ROOT / "README.md").read_text("utf-8").split("---\n", 2)
    version = yaml.safe_load(front_matter)["python_version"]
    assert texts("FROM") == [f"python:{version}-slim"]


def test_dependencies_are_installed_before_the_game_is_copied():
    order = [text.split()[0] for name, text in dockerfile.read() if name in ("COPY", "RUN")]
    assert order[:2] == ["requirements.txt", "pip"]
    assert order[-2:] == ["models", "game"]


def test_the_game_runs_as_nobody_special():
    assert texts("USER") == ["1000"]
    assert any("--uid 1000" in line and "/data" in line for line in texts("RUN"))
    names = [name for name, _ in dockerfile.read()]
    assert names.index("USER") > max(i for i, name in enumerate(names) if name == "RUN")


def test_nothing_else_is_sent_to_the_engine():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    everything, *rules = [line for line in lines if line and not line.startswith("#")]
    allowed = {rule[1:].rstrip("/") for rule in rules if rule.startswith("!")}
    assert everything == "*"
    assert allowed == set(dockerfile.copies())
    refused = [rule.removeprefix("**/") for rule in rules if not rule.startswith("!")]
    assert not any(fnmatch(Path(f).name, r) for f in dockerfile.tracked("game") for r in refused)


def test_the_container_serves_the_game_and_stops_when_told(image: Image, tmp_path: Path):
    variables = {
        name: text.replace("/data", str(tmp_path)) for name, text in dockerfile.variables().items()
    }
    variables |= {"PATH": dockerfile.path_with(image.python), "HOME": str(tmp_path), "PORT": "0"}
    with started(dockerfile.command(), image.folder, variables) as server:
        check = dockerfile.health_check()
        well = variables | {"PORT": str(server.port)}
        assert subprocess.run(check, env=well).returncode == 0
        assert subprocess.run(check, env=variables | {"PORT": "9"}, capture_output=True).returncode
        assert (tmp_path / "doodle-race.sqlite3").is_file()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(STOPS_WITHIN) in (0, -signal.SIGTERM)
    assert not list(image.folder.rglob("*.sqlite3*"))


def test_the_services_wait_for_each_other_and_come_back():
    assert set(COMPOSE["services"]) == {"game", "database", "redis"}
    well = {"condition": "service_healthy"}
    assert GAME["depends_on"] == {"database": well, "redis": well}
    assert "pg_isready" in DATABASE["healthcheck"]["test"][1]
    assert REDIS["healthcheck"]["test"] == ["CMD", "redis-cli", "ping"]
    assert {service["restart"] for service in (GAME, DATABASE, REDIS)} == {"unless-stopped"}


def test_the_game_finds_its_database():
    url, made = GAME["environment"]["DATABASE_URL"], DATABASE["environment"]
    assert url == (
        f"postgresql+psycopg://{made['POSTGRES_USER']}:{SECRET}}}@database/{made['POSTGRES_DB']}"
    )
    drivers = GAME["build"]["args"]["DRIVERS"].split()
    assert {*drivers} < {*PROJECT["optional-dependencies"]["scale"]}
    assert [re.split(r"\W", driver)[0] for driver in drivers] == ["psycopg", "redis"]
    assert list(GAME["build"]["args"]) == [text.split("=")[0] for text in texts("ARG")]


def test_the_game_finds_its_redis():
    address = urlsplit(GAME["environment"]["REDIS_URL"])
    assert (address.scheme, address.hostname, address.port) == ("redis", "redis", 6379)


def test_records_and_rooms_outlive_the_containers():
    folders = dict(service["volumes"][0].split(":") for service in (DATABASE, REDIS))
    assert {*folders} == {*COMPOSE["volumes"]}
    assert [*folders.values()] == ["/var/lib/postgresql/data", "/data"]


def test_redis_does_as_the_composition_says(tmp_path: Path):
    """What was answered is still there after a crash."""
    program, *options = REDIS["command"]
    port = free_port()
    command = [program, *options, "--port", str(port), "--dir", str(tmp_path)]
    for known in (0, 1):
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            wait_until(lambda: answers(port))
            with Redis(port=port, decode_responses=True) as redis:
                wait_until(lambda: redis.ping() is True)
                assert redis.exists("room") == known
                assert redis.set("room", "race")
        finally:
            server.kill()
            server.wait()


def test_database_and_redis_are_closed_and_the_password_nowhere_written():
    assert "ports" not in DATABASE | REDIS
    assert DATABASE["environment"]["POSTGRES_PASSWORD"].startswith(SECRET + ":?")
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_page_is_where_people_look_for_it():
    [port] = GAME["ports"]
    assert port == "${PORT:-7860}:" + texts("EXPOSE")[0]


def test_drivers_can_be_asked_for(tmp_path: Path):
    [line] = [line for line in texts("RUN") if line.startswith("pip")]
    pip = tmp_path / "pip"
    pip.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    pip.chmod(0o755)
    for drivers in ("", "psycopg[binary]>=3.2 redis>=5.2"):
        said = subprocess.run(
            ["sh", "-ec", line],
            env={"PATH": str(tmp_path), "DRIVERS": drivers},
            executable=shutil.which("sh"),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        wanted = ["install", "--requirement", "requirements.txt", *drivers.split()]
        assert said.splitlines() == wanted
        assert not re.search(r"\s$", said.removesuffix("\n"))
