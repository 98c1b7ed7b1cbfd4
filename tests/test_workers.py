"""How tests are divided among processes."""

from pathlib import Path

import pytest

from tests import workers

ROOT = Path(__file__).parents[1]


def test_the_tests_of_a_file_stay_together():
    one, two = "tests/game/test_server.py::test_a[x::y]", "tests/game/test_server.py::test_b"
    assert workers.unit_of(one) == workers.unit_of(two) == "tests/game/test_server.py"


def test_the_tests_that_share_something_expensive_stay_together():
    files = ("test_play.py", "test_race.py")
    assert {workers.unit_of(f"tests/browser/{file}::test_a") for file in files} == {
        "tests/browser/test_[l-z]"
    }
    assert workers.unit_of("tests/browser/test_access.py::test_a") in workers.ALONE


def test_the_longest_come_first():
    tests = ["tests/models/test_words.py::a", "tests/training/test_train.py::b"]
    tests += [f"{workers.FIRST[1]}::c", f"{workers.FIRST[0]}::d"]
    assert sorted(tests, key=workers.rank) == tests[::-1]


@pytest.mark.parametrize("place", sorted({*workers.ALONE, *workers.FIRST}))
def test_what_is_named_exists(place: str):
    assert (ROOT / place).exists()


def test_every_group_has_several_files_and_every_browser_test_a_group():
    files = [str(path.relative_to(ROOT)) for path in ROOT.glob("tests/**/test_*.py")]
    groups = [workers.unit_of(file) for file in files if workers.unit_of(file) != file]
    assert {group for group in groups if groups.count(group) > 1} == set(workers.TOGETHER)
    single = {file for file in files if "/browser/" in file and workers.unit_of(file) == file}
    assert single == set(workers.ALONE)
