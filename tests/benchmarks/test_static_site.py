"""The benchmark of a first visit to the static site: it runs, and the visit is light."""

import json
from pathlib import Path
from typing import Any

from benchmarks import static_site

LIGHT = 5.0  # MB until the first guess


def test_the_first_guess_comes_after_few_megabytes(tmp_path: Path):
    out = tmp_path / "static_site.json"
    static_site.main(static_site.Options(out=out))
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    assert found["compressing"]["playable_mb"] <= found["compressing"]["first_guess_mb"] < LIGHT
    assert found["plain"]["first_guess_mb"] < found["engine_mb"]["package"]
    assert found["compressing"]["requests"] > 10
