"""`/readyz`: checks of the judge, the page, the database, the results and a coming stop."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from game.judging import judge
from game.judging.judge import Judge
from game.operations import readiness
from game.operations.readiness import Readiness
from game.records import open_records
from game.records.database import Database
from tests.game.fakes import CountsBars
from tests.game.serving import PATIENCE, running

MODEL = CountsBars()


async def answer(ready: Readiness) -> tuple[int, dict[str, Any]]:
    response = await ready.route()
    return response.status_code, json.loads(bytes(response.body))


async def yes() -> bool:
    return True


async def test_a_server_that_serves_is_ready(tmp_path: Path):
    records = open_records(f"sqlite:///{tmp_path}/records.sqlite3", MODEL, "bars")
    with running(storage=records) as address:
        async with httpx.AsyncClient(base_url=f"http://{address}", timeout=PATIENCE) as client:
            await client.get("/", timeout=PATIENCE)  # answered when the page is ready
            found = await client.get("/readyz")
    assert found.status_code == 200
    assert found.headers["cache-control"] == "no-store"
    checks = dict.fromkeys(("judge", "staying", "page", "results", "disk", "database"), True)
    assert found.json() == {"status": "ready", "checks": checks}


async def test_one_check_that_fails_is_enough():
    async def no() -> bool:
        return False

    ready = Readiness({"judge": yes, "database": no})
    checks = {"judge": True, "database": False}
    assert await answer(ready) == (503, {"status": "not ready", "checks": checks})


async def test_a_busy_server_reports_it_and_stays_ready():
    busy = Readiness({"judge": yes}, lambda: True)
    assert await answer(busy) == (200, {"status": "busy", "checks": {"judge": True}})


async def test_a_check_that_raises_or_does_not_answer_fails(monkeypatch: pytest.MonkeyPatch):
    async def raises() -> bool:
        raise ConnectionError

    async def sleeps() -> bool:
        await asyncio.sleep(60)
        return True

    monkeypatch.setattr(readiness, "PATIENCE", 0.05)
    found = await Readiness({"redis": raises, "database": sleeps, "judge": yes}).look()
    assert found == {"redis": False, "database": False, "judge": True}


async def test_many_requests_cause_one_check(monkeypatch: pytest.MonkeyPatch):
    looks = 0

    async def counted() -> bool:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0.01)
        return True

    ready = Readiness({"database": counted})
    await asyncio.gather(*(ready.look() for _ in range(50)))
    await ready.look()
    assert looks == 1
    monkeypatch.setattr(readiness, "HOLDS", 0.0)
    ready = Readiness({"database": counted})
    await ready.look()
    await ready.look()
    assert looks == 3


async def test_a_closed_database_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    records = open_records(f"sqlite:///{tmp_path}/records.sqlite3", MODEL, "bars")
    assert await records.answers()

    def broken(self: Database) -> Any:
        raise OSError("the disk is gone")

    monkeypatch.setattr(Database, "reading", broken)
    assert await Readiness({"database": records.answers}).look() == {"database": False}
    records.close()


def test_a_judge_is_ready_once_it_is_warm():
    cold = Judge(MODEL)
    assert not cold.ready
    cold.warm_up()
    assert cold.ready


def test_a_judge_that_is_stuck_in_a_batch_is_not_ready(monkeypatch: pytest.MonkeyPatch):
    stuck = Judge(MODEL)
    stuck.warm_up()
    stuck._began = judge.time.monotonic()
    assert stuck.ready
    monkeypatch.setattr(judge, "STUCK", -1.0)
    assert not stuck.ready
