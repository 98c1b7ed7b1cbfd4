"""The link delay is the quickest of the last round trips."""

from game.guests.delay import MAX_WAIT, PROBES, Delay


def trip(delay: Delay, now: float, milliseconds: float) -> None:
    delay.echo(delay.probe(now), now + milliseconds)


def test_the_quickest_trip_counts():
    delay = Delay()
    assert delay.milliseconds is None
    for milliseconds in (90.0, 40.0, 70.0):
        trip(delay, 0, milliseconds)
    assert delay.milliseconds == 40


def test_old_trips_are_forgotten():
    delay = Delay()
    trip(delay, 0, 10)
    for _ in range(PROBES):
        trip(delay, 0, 80)
    assert delay.milliseconds == 80


def test_only_the_first_answer_to_the_last_probe_counts():
    delay = Delay()
    old, number = delay.probe(0), delay.probe(1_000)
    delay.echo(old, 1_005)
    delay.echo(number + 1, 1_010)
    assert delay.milliseconds is None
    delay.echo(number, 1_050)
    delay.echo(number, 1_051)
    assert delay.milliseconds == 50


def test_an_answer_that_took_too_long_is_ignored():
    delay = Delay()
    trip(delay, 0, MAX_WAIT + 1)
    assert delay.milliseconds is None
