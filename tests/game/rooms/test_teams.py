"""Teams in a room: the host switches them on, players change sides, the state tells the sums."""

from game.clock import SLACK
from game.messages import (
    AddBot,
    Begin,
    ChangeTeam,
    Configure,
    Join,
    RoomSettings,
)
from game.rules.modes import COUNTDOWN, SECOND
from game.rules.race import POINTS
from tests.game.world import Player, World

TEAMS = Configure(settings=RoomSettings(teams=True))


def teams(player: Player) -> list[int | None]:
    return [seat.team for seat in player.race.seats]


def test_the_host_switches_teams_on_and_off():
    host, guest = World().room_of(2)
    assert teams(host) == [None, None]
    guest.do(TEAMS)
    assert (guest.problem, teams(host)) == ("not_host", [None, None])
    host.do(TEAMS)
    assert teams(guest) == [0, 1]
    host.do(Configure(settings=RoomSettings()))
    assert teams(guest) == [None, None]


def test_newcomers_and_bots_join_the_smaller_team():
    world = World()
    host, guest = world.room_of(2)
    host.do(TEAMS)
    guest.do(ChangeTeam(team=0))
    assert teams(host) == [0, 0]
    world.player().do(Join(code=host.race.code))
    host.do(AddBot())
    assert teams(host) == [0, 0, 1, 1]


def test_nobody_changes_sides_during_a_race_or_without_teams():
    world = World()
    host, guest = world.room_of(2)
    guest.do(ChangeTeam(team=0))
    assert guest.problem == "not_now"
    host.do(TEAMS)
    host.do(Begin())
    world.clock.pass_(COUNTDOWN + SLACK)
    guest.do(ChangeTeam(team=0))
    assert teams(host) == [0, 1]


def test_points_are_summed_in_the_state():
    world = World()
    host, guest = world.room_of(2)
    host.do(TEAMS)
    assert host.race.team_points is None
    host.do(Begin())
    assert host.race.team_points == (0, 0)
    world.clock.pass_(COUNTDOWN + SLACK)
    guest.win()
    assert host.race.team_points == (0, 0)
    for _ in range(25):
        world.clock.pass_(SECOND)
        if host.race.stage == "reveal":
            break
    assert host.race.team_points == (0, POINTS[0])


def test_a_race_without_teams_has_no_sums():
    assert World().race_of(2)[0].race.team_points is None
