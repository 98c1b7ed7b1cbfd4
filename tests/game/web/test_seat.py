"""A watcher who takes a seat keeps it when the page is loaded again, in Node."""

from tests.game.web import node

WATCH, ROOM = "http://pad/?watch=ABCD", "http://pad/?room=ABCD"


def test_address_and_token_follow_a_watcher_to_a_seat_and_back():
    told = node.play("seat.js", [(None,), (1,), (1,), (None,)])
    assert told == [
        [WATCH, "own", "of another tab"],
        [ROOM, "own", None],  # a big screen is nobody's seat
        [ROOM, "own", None],
        [WATCH, None, "own"],  # who watches has nothing to lose
    ]
