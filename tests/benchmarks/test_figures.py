"""The generated parts of README.md and docs/ are up to date with the result files and the code."""

import ast
import re
import shutil
from pathlib import Path

import pytest

from benchmarks import figures
from benchmarks.documents import reference
from models import shelf
from models.command import UserError

X = figures.Block("README.md", "x", lambda options: "new")
MARKED = (
    "before\n<!-- x: written by python -m benchmarks.figures, do not edit -->\nold\n<!-- /x -->"
)


@pytest.mark.parametrize("block", figures.BLOCKS, ids=lambda block: f"{block.file}:{block.name}")
def test_a_document_holds_what_the_files_and_the_code_give(block: figures.Block):
    text = (figures.ROOT / block.file).read_text("utf-8")
    assert figures.filled(text, block, block.text(figures.Options())) == text


def test_the_games_page_holds_what_the_laboratory_found():
    folder = figures.ROOT / figures.LABORATORY
    found = figures.findings.page()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == found


def test_only_what_stands_between_the_marks_is_replaced():
    once = figures.filled(f"{MARKED}\nafter\n", X, "new")
    assert once.startswith("before\n")
    assert once.endswith("-->\n\nnew\n\n<!-- /x -->\nafter\n")
    assert figures.filled(once, X, "new") == once


def test_a_part_can_stand_within_a_sentence():
    within = figures.Block("README.md", "x", X.text, around="")
    once = figures.filled(f"It takes {MARKED.partition('before')[2].strip()}.", within, "1 s")
    assert once.endswith("do not edit -->1 s<!-- /x -->.")
    assert figures.filled(once, within, "1 s") == once


def test_a_document_without_marks_is_refused():
    with pytest.raises(UserError, match="marks of x"):
        figures.filled("nothing here", X, "new")


def test_a_missing_result_names_the_command_that_makes_it(tmp_path: Path):
    with pytest.raises(UserError, match=r"python -m benchmarks\.judge"):
        figures.table(tmp_path, shelf.PUBLISHED)
    (tmp_path / "judge.json").write_text("{}", "utf-8")
    with pytest.raises(UserError, match=r"benchmarks\.judge --out .*judge_words\.json"):
        figures.table(tmp_path, shelf.PUBLISHED)
    shutil.copytree(figures.RESULTS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "full_house_narrow.json").unlink()
    with pytest.raises(UserError, match=r"benchmarks\.full_house --out .*_narrow\.json"):
        figures.table(tmp_path, shelf.PUBLISHED)


@pytest.mark.parametrize(
    ("ours", "vectors", "expected"),
    [
        ("2.3 ms", "AVX2", "5.1 ms (AVX2)"),
        ("601 images/s", "AVX2", "5.1 ms (AVX2)"),
        ("2.3 ms", None, "5.1 ms"),
        ("39, 331 (102)", "AVX2", "5.1 ms"),
    ],
)
def test_times_name_the_vector_instructions_if_they_were_recorded(
    ours: str, vectors: str | None, expected: str
):
    found = {"evidence": {"vectors": vectors}}
    assert figures.with_vectors(("a guess", ours, "5.1 ms"), found) == ("a guess", ours, expected)


def test_the_readme_tells_how_many_players_each_class_of_processor_carries():
    lines = figures.readme_table(figures.RESULTS, shelf.PUBLISHED).splitlines()
    assert len([line for line in lines if line.startswith("| ")]) == 1 + 6
    racing = [line for line in lines if line.startswith("| ink to guess")]
    assert [re.findall(r"(\d+) bots.*\((\S+)\) \|$", line) for line in racing] == [
        [("500", "AVX-512")],
        [("200", "AVX2")],
    ]


def test_each_environment_variable_that_the_game_reads_is_documented():
    assert read_by_the_game() - set(reference.ENVIRONMENT) == set()


def test_each_documented_environment_variable_is_read():
    by_a_library = {"HF_TOKEN"}  # huggingface_hub
    assert set(reference.ENVIRONMENT) - by_a_library - read_by_the_game() == set()


def read_by_the_game() -> set[str]:
    """The names of variables in modules that read the environment."""
    names: set[str] = set()
    for path in (figures.ROOT / "game").rglob("*.py"):
        text = path.read_text("utf-8")
        constants = [n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant)]
        if "environ" in text:
            names |= {str(value) for value in constants if str(value).isupper()}
    long = {name for name in names if "_" in name and name.replace("_", "").isalpha()}
    return long | {"PORT", "DOODLE_BACKUP_REPO"}  # the latter: a constant of another module
