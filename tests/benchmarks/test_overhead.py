"""The benchmark of what is not judging, on two event loops and two checkouts, here the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import overhead
from benchmarks.tools.process import ROOT
from models.command import UserError


def test_two_event_loops_and_two_checkouts_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(overhead, "SETTLE", 0.5)
    out = tmp_path / "overhead.json"
    chosen = overhead.Options(ROOT, rooms=1, players=2, seconds=3, repeats=1, out=out)
    overhead.main(chosen)
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    for name in ("asyncio", "before", "now"):
        assert found[name]["points"] > 0
        assert found[name]["ms_a_point"] > 0
    for name in ("asyncio", "before"):
        assert found["ratio"][name]["ms_a_point"] > 0


def test_an_earlier_checkout_must_be_there(tmp_path: Path):
    with pytest.raises(UserError, match="is no checkout of the project"):
        overhead.main(overhead.Options(tmp_path))


def test_a_server_that_ends_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    script = tmp_path / "ends.py"
    script.write_text("print('http://127.0.0.1:1', flush=True)", "utf-8")
    monkeypatch.setattr(overhead, "SCRIPT", script)
    with pytest.raises(UserError, match=r"the server of .* has ended"):
        overhead.main(overhead.Options(rooms=1, players=2))
