"""Teams: players are spread evenly, and points are summed."""

from collections.abc import Sequence

from game.messages import RoomSettings, Team
from game.rules.modes import COUNTDOWN, SECOND
from game.rules.race import LATE, POINTS, STORE_WITHIN, Race
from game.rules.runner import Runner
from game.rules.seats import Seats
from game.rules.teams import deal, points_of, smaller


def teams_of(seats: Seats) -> list[Team | None]:
    return [seat.team for seat in seats]


def test_seats_are_spread_evenly_and_go_back_to_no_team():
    seats = Seats()
    for _ in range(5):
        seats.sit()
    deal(seats, on=True)
    assert teams_of(seats) == [0, 1, 0, 1, 0]
    deal(seats, on=False)
    assert teams_of(seats) == [None] * 5


def test_a_new_seat_goes_to_the_smaller_team_and_the_others_stay():
    seats = Seats()
    for _ in range(3):
        seats.sit()
    deal(seats, on=True)
    seats[1].team = 0
    seats.sit()
    deal(seats, on=True)
    assert teams_of(seats) == [0, 0, 0, 1]


def test_the_first_team_is_the_smaller_one_of_equals():
    assert smaller([]) == smaller([0, 1, None]) == 0
    assert smaller([0, 1, 0]) == 1


def race_won_by(order: Sequence[int]) -> Race:
    """A race whose first round is over, its seats guessed in this order."""
    race = Race(iter(["cat"] * 3), RoomSettings(teams=True), ["cat"], {"cat": 0.5}, 0.0)
    for seat in range(4):
        race.enter(Runner(seat))
    race.advance(COUNTDOWN)
    for place, seat in enumerate(order, 1):
        race.runners[seat].guessed(COUNTDOWN + place * SECOND)
    race.advance(COUNTDOWN + 20 * SECOND + LATE + STORE_WITHIN)
    return race


def test_points_are_summed_and_those_of_players_who_left_stay():
    race = race_won_by([3, 0, 1])
    teams: dict[int, Team | None] = {0: 0, 1: 1, 2: 0, 3: 1}
    first, second, third, _ = POINTS
    assert points_of(teams, race) == (second, first + third)
    race.leave(3, race.deadline or 0.0)
    assert points_of(teams, race) == (second, first + third)


def test_seats_without_a_team_count_for_none():
    assert points_of({0: None, 1: 1, 3: None}, race_won_by([0, 1])) == (0.0, POINTS[1])
