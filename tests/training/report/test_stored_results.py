"""The stored reports are what today's code writes from the stored runs."""

import re
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from training import compare

STORED = sorted(
    report.parent for report in (Path(__file__).parents[3] / "results").glob("*/report.md")
)
MEND = (
    "The report is not what the code writes. If that is meant, write it anew: "
    "python -m training.compare --report-only --out"
)


@pytest.mark.parametrize("stored", STORED, ids=lambda folder: folder.name)
def test_a_stored_report_is_written_again_from_its_runs(stored: Path, tmp_path: Path):
    out = tmp_path / stored.name
    shutil.copytree(stored, out, ignore=shutil.ignore_patterns("unfinished", "report.*", "figures"))
    compare.suite(stored.name, out, report_only=True)
    assert (out / "report.html").stat().st_size > 10_000
    assert text(out) == text(stored), f"{MEND} {stored}"
    before, after = figures(stored), figures(out)
    assert after.keys() == before.keys(), f"{MEND} {stored}"
    for name, drawn in before.items():
        if drawn_by(drawn) == version("matplotlib"):  # another one places some marks elsewhere
            assert after[name] == drawn, f"{name}: {MEND} {stored}"


def text(folder: Path) -> str:
    return (folder / "report.md").read_text("utf-8")


def figures(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (folder / "figures").glob("*.svg")}


def drawn_by(svg: str) -> str:
    """The version of Matplotlib that a figure names."""
    [found] = re.findall(r"Matplotlib v([\d.]+\w*)", svg)
    return found.rstrip(".")
