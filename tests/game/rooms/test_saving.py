"""Players learn how their delayed results turned out, also after they have left the game."""

import pytest

from game.background import Background
from game.clock import SLACK
from game.messages import Ink, Join, Leave, Saving, Skip, Start
from game.records import result_keeper
from game.rules.modes import COUNTDOWN
from tests.game.waiting import until
from tests.game.world import LINE, Player, World


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A hub whose storage is broken, and is tried again at short intervals."""
    monkeypatch.setattr(result_keeper, "AGAIN", (0.01, 0.02))
    made = World(Background(), keeping=True)
    made.storage.broken = True
    return made


def states(player: Player) -> list[str]:
    return [saving.state for saving in player.heard(Saving)]


async def draw_alone(player: Player) -> None:
    """Begin a game, and end its first word; the player hears that its result waits."""
    before = len(states(player))
    player.do(Start(mode="quick_six"))
    player.world.clock.pass_(COUNTDOWN + SLACK)
    player.do(Ink(round=1, stroke=0, points=LINE))
    player.do(Skip(round=1))
    await until(lambda: len(states(player)) > before)


@pytest.mark.parametrize("act", [Start(mode="quick_six"), Leave(), None])
async def test_a_player_who_goes_on_hears_how_it_ended(world: World, act: Start | Leave | None):
    player = world.player()
    await draw_alone(player)
    assert states(player) == ["saving"]
    if act:
        player.do(act)
    world.storage.broken = False
    await until(lambda: states(player) == ["saving", "saved"])


async def test_a_player_who_connects_again_hears_how_it_ended(world: World):
    player = world.player()
    await draw_alone(player)
    player.vanish()
    player.back()
    assert states(player) == ["saving"]
    world.storage.broken = False
    await until(lambda: states(player) == ["saving", "saved"])


@pytest.mark.parametrize("lost", [True, False])
async def test_what_was_decided_while_a_player_was_away_is_told_once(
    world: World, monkeypatch: pytest.MonkeyPatch, lost: bool
):
    monkeypatch.setattr(result_keeper, "WITHIN", 0.05 if lost else 60.0)
    player = world.player()
    await draw_alone(player)
    player.vanish()
    world.storage.broken = lost
    activity = player.guest.activity
    await until(lambda: activity is not None and not activity.busy)
    player.back()
    assert states(player) == ["not_saved" if lost else "saved"]
    player.vanish()
    player.back()
    assert states(player) == []


async def test_saved_is_said_once_for_two_games(world: World):
    player = world.player()
    await draw_alone(player)
    await draw_alone(player)
    world.storage.broken = False
    await until(lambda: len(world.storage.attempts) == 2)
    await until(lambda: "saved" in states(player))
    assert states(player) == ["saving", "saving", "saved"]


async def test_a_lost_result_is_told_to_a_player_who_has_left(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(result_keeper, "WITHIN", 0.05)
    player = world.player()
    await draw_alone(player)
    player.do(Leave())
    await until(lambda: states(player) == ["saving", "not_saved"])


async def test_only_those_who_drew_hear_of_a_race_also_after_it(world: World):
    players, watcher = world.race_of(2), world.player()
    watcher.do(Join(code=players[0].race.code, watch=True))
    for player in players:
        player.win()
    await until(lambda: all(states(player) == ["saving"] for player in players))
    players[1].do(Leave())
    world.storage.broken = False
    await until(lambda: all(states(player) == ["saving", "saved"] for player in players))
    assert states(watcher) == []
