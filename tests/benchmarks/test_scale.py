"""The scale benchmark: its arithmetic, and that it runs with a real Redis."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import scale
from benchmarks.documents.projection import PLAYERS, epoch_hours, project


def row(replicas: int, cpu: float = 4.0) -> dict[str, Any]:
    return {
        "replicas": replicas,
        "guesses_per_player_second": 3.0,
        "cpu_ms_per_guess_replicas": cpu,
        "cpu_ms_per_guess_redis": 0.5,
    }


def test_the_needs_are_products_of_what_was_measured():
    found = project([row(1, 99.0), row(3), row(2, 99.0)], judge_ms=2.0)
    first, *_ = needs = found["needs"]
    assert [need["players"] for need in needs] == list(PLAYERS)
    assert first["guesses_per_second"] == 3_000
    assert first["replica_cores"] == 24  # 3,000 × 4 ms is 12 s of work a second, at half load
    assert first["of_these_judging"] == 12
    assert first["redis_servers"] == 3
    assert needs[1]["replica_cores"] == 240
    assert "1,000 players × 3 guesses a second = 3,000" in found["text"][0]


def test_hours_of_an_epoch():
    assert epoch_hours(1_000) == pytest.approx(50_000 / 3_600)


def test_replicas_race_and_nothing_is_lost(tmp_path: Path):
    out = tmp_path / "scale.json"
    scale.main(scale.Options(rooms=1, players=2, seconds=8, replicas=(0, 2), out=out))
    result: dict[str, Any] = json.loads(out.read_text("utf-8"))
    alone, shared = result["rows"]
    assert (alone["replicas"], shared["replicas"]) == (0, 2)
    for each in (alone, shared):
        assert each["guesses"] > 0
        assert (each["dropped"], each["altered"]) == (0, 0)
        assert 0 < each["median_ms"] <= each["p99_ms"]
    assert alone["cores_busy"]["redis"] == 0
    assert shared["cores_busy"]["redis"] > 0
    assert result["projection"]["from_replicas"] == 2
