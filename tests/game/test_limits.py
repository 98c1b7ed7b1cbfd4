"""The token bucket: bursts, refills, and never more than its rate in the long run."""

from hypothesis import given
from hypothesis import strategies as some

from game.limits import Bucket


def test_a_burst_then_the_rate():
    bucket = Bucket(rate=2, burst=3)
    assert [bucket.take(1, 0) for _ in range(4)] == [True, True, True, False]
    assert not bucket.take(1, 400)
    assert bucket.take(1, 500)


def test_no_more_than_the_burst_is_saved_up():
    bucket = Bucket(rate=2, burst=3)
    assert [bucket.take(1, 1e9) for _ in range(4)] == [True, True, True, False]


def test_what_is_too_much_takes_nothing():
    bucket = Bucket(rate=0, burst=3)
    assert not bucket.take(4, 0)
    assert bucket.take(3, 0)


@given(some.lists(some.tuples(some.floats(0, 500), some.floats(0, 5))))
def test_never_more_than_burst_and_rate(takes: list[tuple[float, float]]):
    bucket, now, taken = Bucket(rate=2, burst=5), 0.0, 0.0
    for wait, tokens in takes:
        now += wait
        taken += tokens if bucket.take(tokens, now) else 0
        assert taken <= 5 + 2 * now / 1000 + 1e-6
