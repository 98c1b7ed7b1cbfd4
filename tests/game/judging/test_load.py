"""Recent waits: when a judge counts as busy, and when it no longer does."""

import pytest

from game.judging.load import BUSY, LEAST, LONGEST, WAITS, WINDOW, RecentWaits, slowed


class Clock:
    def __init__(self) -> None:
        self.time = 50.0

    def __call__(self) -> float:
        return self.time


def waits(*seconds: float) -> tuple[RecentWaits, Clock]:
    clock = Clock()
    found = RecentWaits(clock)
    for wait in seconds:
        found.add(wait)
    return found, clock


def test_few_waits_tell_nothing():
    found, _ = waits(*[9.0] * (LEAST - 1))
    assert (found.typical, found.busy) == (0.0, False)
    found.add(9.0)
    assert (found.typical, found.busy) == (9.0, True)


def test_one_long_wait_in_a_hundred_is_not_busy():
    assert not waits(*[0.01] * 99, 5.0)[0].busy


def test_long_waits_of_one_in_ten_are_busy():
    assert waits(*[0.01] * 90, *[BUSY + 0.01] * 10)[0].busy
    assert not waits(*[0.01] * 90, *[BUSY] * 10)[0].busy


def test_waits_are_forgotten():
    found, clock = waits(*[1.0] * LEAST)
    clock.time += WINDOW
    assert found.busy
    clock.time += 0.1
    assert not found.busy


def test_the_mean_follows_what_waits_are_now():
    found, _ = waits(*[0.01] * 200)
    assert found.mean == pytest.approx(0.01, rel=0.01)
    for _ in range(200):
        found.add(0.4)
    assert found.mean == pytest.approx(0.4, rel=0.01)


def test_news_of_others_is_as_frequent_as_ever_while_guesses_are_quick():
    assert slowed(250, 0.0) == slowed(250, 0.25 / WAITS) == 250


def test_news_of_others_gives_way_to_slow_guesses_up_to_a_limit():
    assert slowed(250, 0.2) == pytest.approx(WAITS * 200)
    assert slowed(250, 60.0) == LONGEST
