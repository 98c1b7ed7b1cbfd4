"""Races with a plan: ghosts, challenges and the daily game."""

import pytest

from game.background import Work
from game.clock import SLACK
from game.messages import (
    Begin,
    Bests,
    Challenge,
    CountBests,
    Daily,
    GhostRace,
    Join,
    Leave,
    Message,
    RaceProgress,
    Reveal,
    Start,
    State,
)
from game.rules.modes import COUNTDOWN, SECOND
from game.rules.race import PLAN_ROUNDS, PROGRESS_GAP, REVEAL
from tests.game.fakes import WORDS
from tests.game.memory import at_once
from tests.game.world import Player, World


@pytest.fixture
def world() -> World:
    return World()


def finished_race(world: World) -> Player:
    """A player who has won all three words of a race in a room."""
    host, guest = world.race_of(2)
    for _ in range(3):
        guest.win()
        host.win()
        world.clock.pass_(REVEAL + SLACK)
    assert guest.race.stage == "over"
    host.do(Leave())
    return guest


@pytest.mark.parametrize(
    "wish", [GhostRace(of="best"), GhostRace(of="replay", replay="x"), Challenge(id="y")]
)
def test_nobody_to_race(world: World, wish: Message):
    player = world.player()
    player.do(wish)
    assert player.problem == "unknown"
    assert player.guest.activity is None


def test_a_player_learns_how_many_drawings_there_are_to_race_against(world: World):
    nobody = world.player()
    nobody.do(CountBests())
    assert nobody.heard(Bests) == [Bests(words=0)]
    player = finished_race(world)
    player.do(CountBests())
    assert player.heard(Bests) == [Bests(words=3)]
    world.storage.broken = True
    player.do(CountBests())
    assert player.problem == "unknown"


def test_a_race_against_the_own_best(world: World):
    player = finished_race(world)
    best = next(t.replay for t in world.storage.attempts if t.key == player.guest.key)
    player.do(GhostRace(of="best"))
    state = player.race
    assert (state.kind, state.stage, state.rounds, state.round) == (
        "ghost",
        "countdown",
        PLAN_ROUNDS,
        1,
    )
    assert [(s.name, s.ghost, s.host) for s in state.seats] == [
        ("Guest 1", False, True),
        ("Ghost", True, False),
    ]
    world.clock.pass_(COUNTDOWN + SLACK)
    while player.race.word != best.word:
        player.win()
        world.clock.pass_(REVEAL + 2 * SLACK)
    world.clock.pass_(best.milliseconds + 2 * PROGRESS_GAP)
    ghost = player.heard(RaceProgress)[-1].seats[-1]
    assert ghost.milliseconds == best.milliseconds
    assert player.race.stage == "drawing"
    player.win()
    drawings = player.heard(Reveal)[-1].drawings
    assert [(d.ghost, d.points) for d in drawings] == [(True, 5), (False, 3)]
    assert drawings[0].strokes == best.strokes


def test_a_challenge_has_the_same_words_and_the_challenger(world: World):
    challenger = finished_race(world)
    words = world.storage.games[0].words
    rival = world.player()
    rival.do(Challenge(id="challenge-0", name="Rival"))
    assert [s.name for s in rival.race.seats] == ["Rival", "Guest 1"]
    world.clock.pass_(COUNTDOWN + SLACK)
    for word in words:
        assert rival.race.word == word
        rival.win()
        world.clock.pass_(REVEAL + 2 * SLACK)
    state = rival.race
    assert state.stage == "over"
    assert {p.name for p in state.podium} == {"Rival", "Guest 1"}
    game = world.storage.games[-1]
    assert (game.source, game.mode, game.key) == (
        "challenge:challenge-0",
        "challenge",
        rival.guest.key,
    )
    assert game.key != challenger.guest.key


def test_the_daily_is_five_words_and_one_try(world: World):
    player = world.player()
    player.do(Daily())
    assert (player.race.kind, player.race.rounds, len(player.race.seats)) == ("daily", 5, 1)
    world.clock.pass_(COUNTDOWN + 5 * 30 * SECOND)
    assert player.race.stage == "over"
    assert world.storage.games[-1].source == "daily:2026-11-21"
    assert world.storage.games[-1].words == WORDS[:5]
    player.do(Begin())
    assert player.problem == "not_now"
    player.do(Daily())
    assert player.problem == "daily_done"
    assert player.race.stage == "over"


def test_a_race_alone_is_nobody_elses(world: World):
    player, other = world.player(), world.player()
    player.do(Daily())
    other.do(Join(code=player.race.code))
    assert other.problem == "unknown_room"
    player.do(Leave())
    assert player.heard(State)[-1].stage == "home"
    assert (len(world.hub), world.clock.waiting) == (0, 0)


def test_a_guest_who_has_moved_on_meanwhile_stays_there():
    held: list[Work] = []
    world = World(held.append)
    player = world.player()
    player.do(Daily())
    player.do(Start(mode="practise"))
    at_once(held[0])
    assert player.heard(State)[-1].mode == "practise"
    assert len(world.hub) == 0


def test_records_that_fail_are_reported(world: World):
    world.storage.broken = True
    player = world.player()
    player.do(Daily())
    assert player.problem == "unknown"
