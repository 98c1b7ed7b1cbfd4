"""The speed limit: no line is faster than a hand, and no point is in the future."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from game.messages import Point
from game.rules.speed_limit import AHEAD, FLICK, SPEED, FromTheFuture, SpeedLimit, TooQuick


def line(length: float, milliseconds: float, points: int = 20) -> list[Point]:
    """A straight line drawn at a given speed."""
    shares = [i / (points - 1) for i in range(points)]
    return [(length * share, 0.0, milliseconds * share) for share in shares]


def test_a_drawing_at_human_speed_is_taken_in_one_message():
    SpeedLimit().draw(line(1_000, 1_000), None, 1_000)


def test_a_whole_drawing_at_once_is_refused():
    with pytest.raises(TooQuick):
        SpeedLimit().draw(line(1_000, 100), None, 10_000)


def test_a_flick_may_come_at_once_but_not_twice():
    limit = SpeedLimit()
    limit.draw(line(FLICK - 1, 0), None, 0)
    with pytest.raises(TooQuick):
        limit.draw(line(2.5, 0), None, 0)
    limit.draw([(0, 0, 10), (10 * SPEED, 0, 10)], None, 10)


def test_lifting_the_pen_is_free_but_going_on_is_not():
    limit = SpeedLimit()
    limit.draw([(0, 0, 0)], None, 0)
    limit.draw([(200, 200, 0)], None, 0)
    with pytest.raises(TooQuick):
        limit.draw([(200, 200, 1)], (0, 0), 1)


def test_rest_does_not_save_up_more_than_a_flick():
    limit = SpeedLimit()
    limit.draw([(0, 0, 0)], None, 0)
    with pytest.raises(TooQuick):
        limit.draw([(FLICK + 1, 0, 10_000)], (0, 0), 10_000)


def test_what_was_taken_back_may_be_drawn_again_at_once():
    limit = SpeedLimit()
    limit.draw(line(900, 300), None, 300)
    limit.give_back(900)
    limit.draw(line(900, 300), None, 300)
    with pytest.raises(TooQuick):
        limit.draw(line(900, 300), None, 300)


def test_what_was_taken_back_is_not_forgotten_when_time_goes_on():
    limit = SpeedLimit()
    limit.draw(line(900, 300), None, 300)
    limit.give_back(900)
    limit.draw([(0, 0, 301)], None, 301)
    limit.draw([(900, 0, 301)], (0, 0), 301)


@pytest.mark.parametrize("late", [0.0, AHEAD])
def test_the_future_is_refused(late: float):
    SpeedLimit().draw([(0, 0, 100 + late)], None, 100)
    with pytest.raises(FromTheFuture):
        SpeedLimit().draw([(0, 0, 100 + AHEAD + 1)], None, 100)


def test_refused_ink_was_never_followed():
    limit = SpeedLimit()
    with pytest.raises(FromTheFuture):
        limit.draw([(0, 0, 0), (FLICK, 0, 1_000)], None, 0)
    limit.draw(line(FLICK - 1, 0), None, 0)


PIECES = some.lists(
    some.tuples(some.floats(0, 256), some.floats(0, 256), some.floats(0, 400)), max_size=40
)


@given(PIECES)
def test_no_order_of_points_draws_more_than_speed_and_flick_allow(pieces: list[Point]):
    limit, drawn, spot, latest = SpeedLimit(), 0.0, None, 0.0
    for x, y, t in pieces:
        before = spot
        try:
            limit.draw([(x, y, t)], spot, 400)
        except TooQuick:
            continue
        latest = max(latest, t)
        if before is not None:
            drawn += ((x - before[0]) ** 2 + (y - before[1]) ** 2) ** 0.5
        spot = (x, y)
        assert drawn <= FLICK + SPEED * latest + 1e-6
