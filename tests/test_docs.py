"""README.md and docs/: length, links, and commands whose modules and options exist."""

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from training.suites.suites import read as read_suite

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LINES = 150
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
WITHOUT_HELP = {
    "game.static_site.assets",
    "game.web.assets",
    "game.web.rules",
}  # commands without options of tyro


def blocks(page: Path, language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(page.read_text("utf-8")) if kind == language]


def shell_lines() -> Iterator[str]:
    """Each line of the fenced shell blocks of all pages."""
    for page in PAGES:
        for block in blocks(page, "sh"):
            yield from block.split("\n")


def commands() -> dict[str, set[str]]:
    """Each module that a fenced `python -m MODULE` runs, with the options it is given."""
    found: dict[str, set[str]] = {}
    for line in shell_lines():
        words = shlex.split(line)
        if words[:2] == ["python", "-m"]:
            options = {word.split("=")[0] for word in words[3:] if word.startswith("--")}
            found.setdefault(words[2], set()).update(options)
    return found


def comparisons() -> Iterator[tuple[str, str | None]]:
    """Each documented `training.compare` that writes, with the folder that it names."""
    for line in shell_lines():
        words = shlex.split(line)
        if words[:3] == ["python", "-m", "training.compare"] and "--list" not in words:
            yield line, dict(pairwise(words)).get("--out")


COMMANDS = commands()


def test_commands_have_no_comments():
    """An interactive zsh takes the words of a comment for arguments."""
    assert [line for line in shell_lines() if "#" in line] == []


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= LINES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_somewhere(page: Path):
    text = BLOCK.sub("", page.read_text("utf-8"))
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    ours = [target for target in targets if target and "://" not in target]
    assert [target for target in ours if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("module", COMMANDS)
def test_a_documented_command_takes_the_documented_options(module: str):
    if module in WITHOUT_HELP:
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file()
        return
    command = [sys.executable, "-m", module, "--help"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert COMMANDS[module] - set(re.findall(r"--[a-z][\w.-]*", shown)) == set()


def test_a_documented_comparison_writes_where_no_results_of_the_repository_are():
    found = list(comparisons())
    assert len(found) > 10
    assert [line for line, out in found if not (out or "").startswith("results/mine/")] == []
    assert "/results/mine/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_extras_are_quoted_as_zsh_needs_it():
    text = "".join(block for page in PAGES for block in blocks(page, "sh"))
    assert re.findall(r"pip install .*(?<!\")\.\[", text) == []


def test_the_example_of_a_suite_is_one(tmp_path: Path):
    strategy, suite = blocks(ROOT / "docs" / "extending.md", "toml")
    assert tomllib.loads(strategy)["strategy"][0]["name"] == "warm-head"
    (tmp_path / "mine.toml").write_text(suite)
    assert read_suite(tmp_path / "mine.toml").arms == ("full", "head-only")
