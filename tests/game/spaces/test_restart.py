"""Restarts on disks that are not permanent, with backups in a replacement for the Hub: results that
players saw as stored are on the boards of the next server."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from game.messages import AttemptKept
from game.spaces.space import ROOT
from tests.cli import error_of
from tests.game.serving import Client
from tests.game.spaces.hub import TOKEN, Hub, serving

NAME = "ada/records"
PATIENCE = 300.0  # seconds for an expected event, on a busy machine


def variables(hub: Hub, disk: Path) -> dict[str, str]:
    """Environment variables of a server with records on a disk, and backups in the replacement."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("HF_", "HUGG"))}
    return kept | {
        "DATABASE_URL": f"sqlite:///{disk}/records.sqlite3",
        "DOODLE_BACKUP_REPO": NAME,
        "HF_TOKEN": TOKEN,
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(disk / "hub"),
        "HF_HUB_DISABLE_XET": "1",
    }


@contextmanager
def started(hub: Hub, disk: Path) -> Generator[tuple[str, subprocess.Popen[str]]]:
    """A server in a process of its own with an empty disk, and its address."""
    shutil.rmtree(disk, ignore_errors=True)
    words = [sys.executable, "-m", "tests.game.spaces.keeping"]
    with subprocess.Popen(
        words, env=variables(hub, disk), stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            said = server.stdout.readline()
            yield said.strip().removeprefix("Doodle Race: http://"), server
        finally:
            server.kill()


async def play(address: str) -> tuple[str, str]:
    """Draw a word that is guessed; return the id of its replay, and the word."""
    async with Client(address) as player:
        state = await player.begin("quick_six")
        assert state.word is not None
        await player.draw(1, state.word)
        return (await player.hear(AttemptKept)).replay, state.word


async def boards(address: str) -> list[dict[str, Any]]:
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        return (await client.get(f"http://{address}/boards")).json()["rows"]


async def there(address: str, replay: str) -> bool:
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        return (await client.get(f"http://{address}/replays/{replay}")).status_code == 200


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.05)


async def ended(server: subprocess.Popen[str]) -> int:
    return await asyncio.to_thread(server.wait, PATIENCE)


async def test_boards_outlive_a_kill_and_a_stop(tmp_path: Path):
    disk = tmp_path / "disk"
    with serving() as hub:
        with started(hub, disk) as (address, server):
            await until(lambda: NAME in hub.datasets and hub.datasets[NAME].commits > 1)
            before = hub.datasets[NAME].commits
            first, word = await play(address)
            await until(lambda: hub.datasets[NAME].commits > before)
            hub.faults["commit"] = [403] * 100_000  # no copy from here on
            lost, _ = await play(address)
            server.kill()
            await ended(server)
        hub.faults.clear()
        with started(hub, disk) as (address, server):
            assert await there(address, first)
            assert not await there(address, lost)
            assert [row["word"] for row in await boards(address)] == [word]
            second, other = await play(address)
            server.send_signal(signal.SIGTERM)
            assert await ended(server) == 0
        with started(hub, disk) as (address, server):
            assert await there(address, first)
            assert await there(address, second)
            assert {row["word"] for row in await boards(address)} == {word, other}
            server.kill()


def test_wrong_settings_of_a_space_are_reported_in_one_line(tmp_path: Path):
    command = [sys.executable, "app.py"]
    with serving() as hub:
        wrong = variables(hub, tmp_path) | {"DOODLE_BACKUP_REPO": "records"}
        done = subprocess.run(command, env=wrong, cwd=ROOT, capture_output=True, text=True)
    assert "OWNER/NAME" in error_of(done)
    assert hub.asked == {}
