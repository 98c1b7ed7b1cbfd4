"""Bots in rooms: who may add them, how they draw, and which results of their races are stored."""

import pytest

from game.clock import SLACK
from game.messages import (
    MAX_SEATS,
    AddBot,
    Begin,
    GameKept,
    Kick,
    Leave,
    Open,
    Quick,
    Reveal,
)
from game.rooms.bot_hand import STEP
from game.rooms.room import QUICK_WAIT
from game.rules.attempt import VERDICT_GAP
from game.rules.bots import HANDS, NAMES
from game.rules.modes import COUNTDOWN, SECOND
from game.rules.race import REVEAL
from tests.game.fakes import row
from tests.game.world import Player, World


@pytest.fixture
def world() -> World:
    return World()


def host_with_bot(world: World) -> Player:
    host = world.player()
    host.do(Open(name="Host"))
    host.do(AddBot(strength="strong"))
    return host


def race_with_bot(world: World) -> Player:
    """At the first moment of the first word."""
    host = host_with_bot(world)
    host.do(Begin())
    world.clock.pass_(COUNTDOWN + SLACK)
    return host


def let_the_bot_draw(world: World) -> None:
    """Until a little of its drawing is on its pad."""
    world.clock.pass_(1.3 * HANDS["strong"].thinks + 4 * STEP)


def win(world: World, player: Player) -> None:
    """Have the words of all pads guessed that wait for the judge."""
    for _ in range(2):
        world.judge.answer(row(player.race.word or ""))
        world.clock.pass_(VERDICT_GAP + SLACK)


def test_a_host_adds_a_bot_which_everyone_sees_as_one(world: World):
    host, guest = world.room_of(2)
    host.do(AddBot(strength="easy"))
    seat = guest.race.seats[2]
    assert (seat.name, seat.bot, seat.ready, seat.host) == (NAMES[0], "easy", True, False)
    host.do(AddBot(strength="strong"))
    assert guest.race.seats[3].name == NAMES[1]
    host.do(Kick(seat=2))
    assert [taken.bot for taken in guest.race.seats] == [None, None, "strong"]
    guest.do(AddBot())
    assert guest.problem == "not_host"


def test_bots_take_no_more_seats_than_there_are_and_never_host(world: World):
    host, guest = world.room_of(2)
    for _ in range(MAX_SEATS):
        host.do(AddBot())
    assert host.problem == "not_now"
    assert len(host.race.seats) == MAX_SEATS
    host.do(Leave())
    assert [taken.host for taken in guest.race.seats if taken.host or not taken.bot] == [True]
    guest.do(Leave())
    assert (len(world.hub), world.clock.waiting) == (0, 0)


def test_one_player_races_a_bot_that_draws_and_can_win(world: World):
    host = race_with_bot(world)
    let_the_bot_draw(world)
    assert host.race.seats[1].milliseconds is None
    win(world, host)
    assert host.race.seats[1].milliseconds is not None
    world.clock.pass_(21 * SECOND)
    drawings = host.heard(Reveal)[0].drawings
    assert [(each.bot, each.place) for each in drawings] == [(True, 1), (False, None)]
    assert drawings[0].strokes
    assert drawings[0].replay is None  # nothing of a bot is stored


def test_a_round_waits_for_a_bots_drawing_but_not_for_its_guess(world: World):
    host = race_with_bot(world)
    host.win()
    let_the_bot_draw(world)
    assert host.race.stage == "drawing"
    world.clock.pass_(15 * SECOND)  # its drawing is finished, and was not guessed
    assert host.race.stage == "reveal" or host.race.number > 1
    assert host.heard(Reveal)[0].winner == host.seat


def test_a_race_against_bots_alone_is_not_stored_as_a_game(world: World):
    host = race_with_bot(world)
    for _ in range(3):
        host.win()
        world.clock.pass_(20 * SECOND)
        world.clock.pass_(REVEAL)
    world.clock.pass_(30 * SECOND)
    assert host.race.stage == "over"
    assert [place.bot for place in host.race.podium] == [False, True]
    assert not host.heard(GameKept)
    assert host.race.seats[1].ready
    host.do(Begin())
    assert host.race.stage == "countdown"


def test_the_bots_race_ends_when_the_last_player_leaves(world: World):
    host = race_with_bot(world)
    let_the_bot_draw(world)
    host.do(Leave())
    assert (len(world.hub), world.clock.waiting) == (0, 0)


def test_a_player_who_waits_alone_may_race_a_bot_meanwhile(world: World):
    player = world.player()
    player.do(Quick())
    player.do(AddBot(strength="easy"))
    assert (len(player.race.seats), player.race.left) == (2, QUICK_WAIT)
    player.do(AddBot())
    assert player.problem == "not_now"
    stranger = world.player()
    stranger.do(Quick())
    assert len(player.race.seats) == 3
    world.clock.pass_(QUICK_WAIT + COUNTDOWN + SLACK)
    assert stranger.race.stage == "drawing"


def test_two_strangers_need_no_bot(world: World):
    player, other = world.player(), world.player()
    player.do(Quick())
    other.do(Quick())
    player.do(AddBot())
    assert player.problem == "not_now"
