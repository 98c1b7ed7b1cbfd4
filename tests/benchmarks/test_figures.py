"""The figures of README.md are those of the files that code wrote."""

from pathlib import Path

import pytest

from benchmarks import figures, findings
from benchmarks.result import RESULTS
from models import shelf
from models.command import UserError


def test_the_readme_says_what_the_files_say():
    text = figures.README.read_text("utf-8")
    assert figures.filled(text, figures.table(RESULTS, shelf.PUBLISHED)) == text
    found = findings.section()
    assert figures.filled(text, found, figures.FOUND_BEGIN, figures.FOUND_END) == text
    scale = figures.scale(RESULTS)
    assert figures.filled(text, scale, figures.SCALE_BEGIN, figures.SCALE_END) == text


def test_only_what_stands_between_the_marks_is_replaced():
    text = f"before\n{figures.BEGIN}\nold\n{figures.END}\nafter\n"
    once = figures.filled(text, "new")
    assert once == f"before\n{figures.BEGIN}\nnew\n{figures.END}\nafter\n"
    assert figures.filled(once, "new") == once


def test_a_readme_without_marks_is_refused():
    with pytest.raises(UserError, match="marks"):
        figures.filled("nothing here", "new")


def test_a_missing_result_names_the_command_that_makes_it(tmp_path: Path):
    with pytest.raises(UserError, match=r"python -m benchmarks\.judge"):
        figures.table(tmp_path, shelf.PUBLISHED)
