"""Memory: everything that belongs to a room is freed when its players have gone."""

import gc
import weakref
from collections.abc import Iterator

from game.clock import SLACK
from game.messages import Begin, Leave
from game.rooms.race_session import RaceSession
from game.rooms.room import Room
from game.rules.attempt import Attempt
from game.rules.modes import COUNTDOWN
from game.rules.sheet import Sheet
from tests.game.world import World

ROUNDS, PLAYERS = 3, 4
LATER = 400_000.0  # ms, after which players who have gone are forgotten
OF_A_ROOM = (Room, RaceSession, Attempt, Sheet)


def there() -> Iterator[object]:
    """All objects of rooms that are in memory."""
    gc.collect()
    return (each for each in gc.get_objects() if type(each) in OF_A_ROOM)


def race(world: World, leave: bool) -> None:
    """Run a race to its end; then the players leave, or just go."""
    players = world.race_of(PLAYERS)
    for _ in range(ROUNDS):
        for player in players:
            player.win()
        world.clock.pass_(6_000)
    assert players[0].race.stage == "over"
    for player in players:
        if leave:
            player.do(Leave())
        player.vanish()
    world.clock.pass_(LATER)


def test_a_room_is_freed_when_all_have_left_or_gone():
    world, before = World(), [weakref.ref(each) for each in there()]
    for leave in (True, False):
        race(world, leave)
    world.storage.attempts.clear()
    assert len(world.hub._lobby) == 0
    assert [each for each in there() if weakref.ref(each) not in before] == []


def test_room_after_room_leaves_nothing_behind():
    world = World()

    def objects() -> int:
        world.storage.attempts.clear()
        world.storage.games.clear()
        gc.collect()
        return len(gc.get_objects())

    for _ in range(2):
        race(world, leave=False)
    before = objects()
    for _ in range(10):
        race(world, leave=False)
    assert objects() - before < 50  # one room has hundreds


def test_a_race_is_freed_as_soon_as_the_next_begins():
    world, before = World(), set(map(id, there()))
    players = world.race_of(PLAYERS)
    old = [weakref.ref(each) for each in there() if id(each) not in before]
    assert sorted({type(each()).__name__ for each in old}) == sorted(t.__name__ for t in OF_A_ROOM)
    for _ in range(ROUNDS):
        for player in players:
            player.win()
        world.clock.pass_(6_000)
    gc.collect()
    gc.disable()  # as if Python's collector of cycles came only minutes later
    try:
        players[0].do(Begin())
        world.clock.pass_(COUNTDOWN + SLACK)
        assert {type(each) for ref in old if (each := ref()) is not None} == {Room}
    finally:
        gc.enable()
