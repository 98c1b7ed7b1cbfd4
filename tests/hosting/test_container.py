"""The Dockerfile: its settings, and its commands run without a container engine.

No image is built, so the base image and the new user are not tested.
"""

import re
import shutil
import signal
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import yaml
from fastapi import FastAPI

from tests.game.listening import answering
from tests.hosting import dockerfile
from tests.hosting.conftest import Image, started
from tests.hosting.dockerfile import ROOT, texts

STOPS_WITHIN = 30.0  # seconds for a server to end


def test_the_dockerfile_has_no_faults_that_a_linter_finds():
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


def test_the_container_serves_the_game_and_stops_on_a_signal(image: Image, tmp_path: Path):
    variables = {
        name: text.replace("/data", str(tmp_path)) for name, text in dockerfile.variables().items()
    }
    variables |= {"PATH": dockerfile.path_with(image.python), "HOME": str(tmp_path), "PORT": "0"}
    with started(dockerfile.command(), image.folder, variables) as server:
        check = dockerfile.health_check()
        assert "/readyz" in check[-1]
        well = variables | {"PORT": str(server.port)}
        assert subprocess.run(check, env=well).returncode == 0
        assert subprocess.run(check, env=variables | {"PORT": "9"}, capture_output=True).returncode
        assert (tmp_path / "doodle-race.sqlite3").is_file()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(STOPS_WITHIN) in (0, -signal.SIGTERM)
    assert not list(image.folder.rglob("*.sqlite3*"))


def test_the_health_check_asks_no_proxy():
    app = FastAPI()
    app.get("/readyz")(lambda: "ready")
    with answering(app) as address:
        port = address.rpartition(":")[2]
        proxied = {"PATH": dockerfile.path_with(Path(sys.executable)), "PORT": port}
        proxied |= {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
        assert subprocess.run(dockerfile.health_check(), env=proxied).returncode == 0


def test_a_driver_and_a_client_can_be_asked_for(tmp_path: Path):
    [line] = [line for line in texts("RUN") if line.startswith("pip")]
    pip = tmp_path / "pip"
    pip.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    pip.chmod(0o755)
    for extra in ((), ("psycopg[binary]>=3.2",), ("psycopg[binary]>=3.2", "redis>=8.0")):
        arguments = dict(zip(("DRIVER", "REDIS"), extra, strict=False))
        said = subprocess.run(
            ["sh", "-ec", line],
            env={"PATH": str(tmp_path)} | arguments,
            executable=shutil.which("sh"),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert said.splitlines() == ["install", "--requirement", "requirements.txt", *extra]
        assert not re.search(r"\s$", said.removesuffix("\n"))
