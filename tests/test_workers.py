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
        "tests/browser/"
    }
    assert workers.unit_of("tests/browser/test_access.py::test_a") in workers.ALONE


def test_the_longest_come_first():
    tests = ["tests/models/test_words.py::a", "tests/training/test_train.py::b"]
    tests += [f"{workers.FIRST[1]}::c", f"{workers.FIRST[0]}::d"]
    assert sorted(tests, key=workers.rank) == tests[::-1]


@pytest.mark.parametrize("place", sorted({*workers.TOGETHER, *workers.ALONE, *workers.FIRST}))
def test_what_is_named_exists(place: str):
    assert (ROOT / place).exists()
