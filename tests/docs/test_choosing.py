"""docs/choosing.md: every command runs in a fresh clone with drawings of one's own."""

from pathlib import Path

from tests.docs import pages, prepared

PAGE = "docs/choosing.md"


def test_each_command_runs_in_a_fresh_clone(clone: Path):
    prepared.mine(clone)
    with pages.Reader(clone) as reader:
        prepared.weights(reader)
        reader.do("python -m training.train --words all --data-dir mine --out runs/near")
        reader.follow(PAGE)
    reports = {path.parent.name for path in (clone / "results" / "mine").glob("*/report.html")}
    assert {"smoke", "pilot", "decided", "few-shot", "own-start"} <= reports
