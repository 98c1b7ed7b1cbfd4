"""README.md: every command and the Python example run in a fresh clone, or stand in a list."""

from pathlib import Path

from models.words import CLASSIC
from tests.docs import pages, prepared

PAGE = "README.md"
NOT_RUN = {
    "make play": "installs packages from the internet",
    'pip install -e ".[train]"': "installs packages from the internet",
}


def test_each_command_runs_in_a_fresh_clone(clone: Path, bucket: str):
    with pages.Reader(clone, bucket=bucket) as reader:
        prepared.weights(reader)
        reader.follow(PAGE, NOT_RUN)
    there = {path.stem for path in (clone / "data" / "numpy_bitmap").iterdir()}
    assert there == set(CLASSIC)
    assert (clone / "runs" / "freeze-1" / "network.pt").is_file()


def test_what_is_not_run_stands_in_the_page():
    assert set(NOT_RUN) - set(pages.lines(PAGE)) == set()
