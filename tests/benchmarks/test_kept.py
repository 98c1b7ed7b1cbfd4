"""The benchmark of the drawings that a room keeps: it runs, and packing them saves memory."""

import json
from pathlib import Path
from typing import Any

from benchmarks import kept


def test_a_packed_drawing_takes_a_fifth_of_the_memory_at_most(tmp_path: Path):
    out = tmp_path / "kept.json"
    kept.main(kept.Options(rounds=5, players=2, out=out))
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    assert found["drawings"] == 10
    assert found["points_a_drawing"] > 20
    assert found["frames_a_drawing"] > 10
    assert found["ratio"] > 5
    assert found["pack"]["median_ms"] > 0


def test_the_same_rounds_come_on_every_call():
    options = kept.Options(rounds=2)
    assert [*kept.rounds(options)] == [*kept.rounds(options)]
