"""How often a page sends ink: each frame to a server that keeps up, seldom to one that does not."""

from itertools import pairwise

import pytest

from game.messages import Guesses
from tests.game.web import node

FRAME = 16  # ms from a point to the next in hand.js
POINTS = 100
PATIENCE = 50  # ms from a message to the next one without a guess between them


def drawn(delay: str) -> tuple[list[float], list[int], list[float]]:
    """Times of the messages in ms, points in each, and the wait of each point in ms."""
    guess = Guesses(round=1, frame=1, points=0, guesses=[], target=0.0, hold=0)
    done = node.play("hand.js", (), delay, guess.model_dump_json())
    times, points = zip(*done["messages"], strict=True)
    return [*times], [*points], done["waits"]


def test_a_server_that_keeps_up_gets_the_ink_of_each_frame_at_once():
    times, points, waits = drawn("5")
    assert times == [FRAME * i for i in range(POINTS)]
    assert points == [1] * POINTS
    assert waits == [0] * POINTS


@pytest.mark.parametrize("delay", ["60", "400", "never"])
def test_a_server_that_does_not_keep_up_gets_few_messages_and_all_points(delay: str):
    times, points, waits = drawn(delay)
    gaps = [after - before for before, after in pairwise(times)]
    assert min(gaps) == PATIENCE
    assert sum(points) == len(waits) == POINTS
    assert max(waits) <= PATIENCE


def test_ink_that_waits_goes_when_the_guess_is_there():
    times, points, waits = drawn("20")
    assert times[:3] == [0, 20, 40]  # not at 16, when the second point was drawn
    assert sum(points) == POINTS
    assert max(waits) <= 20
