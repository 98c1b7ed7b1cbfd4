"""docs/extending.md: every command runs in a fresh clone, or stands in a list with a reason."""

from pathlib import Path

from tests.docs import pages, prepared

PAGE = "docs/extending.md"
NOT_RUN = {"npm ci": "installs packages from the internet"}


def test_each_command_runs_in_a_fresh_clone(clone: Path):
    prepared.mine(clone)
    (clone / "node_modules").symlink_to(pages.ROOT / "node_modules")
    with pages.Reader(clone) as reader:
        prepared.weights(reader)
        reader.follow(PAGE, NOT_RUN)
    assert (clone / "models" / "published" / "mine" / "card.json").is_file()


def test_what_is_not_run_stands_in_the_page():
    assert set(NOT_RUN) - set(pages.lines(PAGE)) == set()
