"""Quick matches: strangers meet, races start by themselves, and again when players are ready."""

import pytest

from game.clock import SLACK
from game.messages import MAX_SEATS, Begin, Configure, Leave, Quick, Ready, RoomSettings
from game.rooms.room import QUICK_WAIT
from game.rules.modes import COUNTDOWN, SECOND
from tests.game.world import Player, World


@pytest.fixture
def world() -> World:
    return World()


def strangers(world: World, number: int) -> list[Player]:
    players = [world.player() for _ in range(number)]
    for player in players:
        player.do(Quick())
    return players


def over(world: World, players: list[Player]) -> None:
    """Let the race run to its end."""
    world.clock.pass_(QUICK_WAIT + COUNTDOWN + 100 * SECOND)
    assert {player.race.stage for player in players} == {"over"}


def test_one_alone_waits_for_another(world: World):
    (first,) = strangers(world, 1)
    world.clock.pass_(60 * SECOND)
    state = first.race
    assert (state.kind, state.stage, state.left, len(state.seats)) == ("quick", "lobby", None, 1)


def test_two_strangers_race_by_themselves(world: World):
    first, second = strangers(world, 2)
    assert first.race.code == second.race.code
    assert first.race.left == QUICK_WAIT
    world.clock.pass_(QUICK_WAIT)
    assert {p.race.stage for p in (first, second)} == {"countdown"}
    world.clock.pass_(COUNTDOWN + SLACK)
    second.win()
    assert second.race.seats[1].milliseconds is not None


def test_the_wait_ends_when_the_other_goes(world: World):
    first, second = strangers(world, 2)
    second.do(Leave())
    assert first.race.left is None
    world.clock.pass_(60 * SECOND)
    assert first.race.stage == "lobby"


def test_a_third_comes_into_the_running_race(world: World):
    strangers(world, 2)
    world.clock.pass_(QUICK_WAIT + COUNTDOWN + SLACK)
    (third,) = strangers(world, 1)
    assert (third.race.stage, third.race.seats[2].joins) == ("drawing", True)


def test_a_waiting_room_goes_before_a_racing_one(world: World):
    racing = strangers(world, MAX_SEATS)
    (alone,) = strangers(world, 1)
    world.clock.pass_(QUICK_WAIT + COUNTDOWN + SLACK)
    racing[0].do(Leave())
    (last,) = strangers(world, 1)
    assert last.race.code == alone.race.code != racing[1].race.code


@pytest.mark.parametrize("message", [Begin(), Configure(settings=RoomSettings())])
def test_nobody_is_master_of_a_quick_match(world: World, message: Begin | Configure):
    first, _ = strangers(world, 2)
    first.do(message)
    assert (first.problem, first.race.stage) == ("not_now", "lobby")


def test_ready_players_race_again_and_the_others_watch(world: World):
    players = strangers(world, 3)
    over(world, players)
    assert not any(seat.ready for seat in players[0].race.seats)
    players[0].do(Ready())
    assert players[0].race.left is None
    players[2].do(Ready())
    assert players[0].race.left == QUICK_WAIT
    world.clock.pass_(QUICK_WAIT)
    state = players[1].race
    assert (state.stage, state.you, [s.seat for s in state.seats]) == ("countdown", None, [0, 2])
    assert state.round == 4


def test_a_stranger_may_come_between_races(world: World):
    first, second = strangers(world, 2)
    over(world, [first, second])
    first.do(Ready())
    (third,) = strangers(world, 1)
    assert (third.race.stage, third.race.left) == ("over", QUICK_WAIT)
    world.clock.pass_(QUICK_WAIT)
    assert [seat.seat for seat in third.race.seats] == [0, 2]


def test_quick_again_from_a_quick_match_finds_another(world: World):
    first, second = strangers(world, 2)
    first.do(Quick())
    assert first.race.code != second.race.code
