"""Limits: bursts and refills of a bucket, one bucket per address, and connections per address."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from starlette.requests import HTTPConnection

from game.guests import limits
from game.guests.limits import Bucket, Buckets, ConnectionLimit, address_of


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


def test_asking_takes_nothing():
    bucket = Bucket(rate=1, burst=1)
    assert bucket.has(1, 0)
    assert bucket.full(0)
    assert bucket.take(1, 0)
    assert not bucket.has(1, 0)
    assert not bucket.full(999)
    assert bucket.full(1_000)


def test_each_address_has_its_own_bucket():
    buckets = Buckets(rate=1, burst=1)
    assert buckets.of("a", 0).take(1, 0)
    assert not buckets.of("a", 0).take(1, 0)
    assert buckets.of("b", 0).take(1, 0)


def test_only_addresses_that_may_do_anything_are_forgotten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MANY", 2)
    buckets = Buckets(rate=0.001, burst=1)
    idle, busy = buckets.of("idle", 0), buckets.of("busy", 0)
    assert busy.take(1, 0)
    buckets.of("third", 0)
    assert buckets.of("busy", 0) is busy
    assert buckets.of("idle", 0) is not idle


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("2001:db8:1:2::3", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::3", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        (None, ""),
    ],
)
def test_a_home_counts_as_one_address(host: str | None, address: str):
    client = (host, 9) if host else None
    assert address_of(HTTPConnection({"type": "http", "client": client})) == address


def test_only_so_many_come_in_from_one_address():
    limit = ConnectionLimit(2)
    assert [limit.enter("a"), limit.enter("a"), limit.enter("a"), limit.enter("b")] == [
        True,
        True,
        False,
        True,
    ]
    limit.leave("a")
    assert limit.enter("a")
