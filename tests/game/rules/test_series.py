"""A series: points of all races are summed, and whoever comes late or leaves is ranked as well."""

from game.messages import Placing
from game.rules.series import Series


def placing(seat: int, points: float, milliseconds: float = 1_000) -> Placing:
    return Placing(
        place=1, seat=seat, name=f"P{seat}", colour=seat, points=points, milliseconds=milliseconds
    )


def ranked(series: Series) -> list[tuple[int, int, float]]:
    return [(each.place, each.seat, each.points) for each in series.standings]


def test_points_of_all_races_are_summed():
    series = Series(3)
    series.count([placing(0, 5), placing(1, 3)])
    series.count([placing(1, 4), placing(0, 1)])
    assert ranked(series) == [(1, 1, 7), (2, 0, 6)]
    assert (series.run, series.over) == (2, False)
    series.count([placing(0, 2), placing(1, 0)])
    assert ranked(series) == [(1, 0, 8), (2, 1, 7)]
    assert series.over


def test_equal_points_are_ranked_by_the_drawing_time_of_all_races():
    series = Series(3)
    series.count([placing(0, 5, 9_000), placing(1, 3, 2_000)])
    series.count([placing(1, 5, 4_000), placing(0, 3, 1_000)])
    assert ranked(series) == [(1, 1, 8), (2, 0, 8)]


def test_who_leaves_keeps_the_points_and_who_comes_starts_at_none():
    series = Series(3)
    series.count([placing(0, 5), placing(1, 3)])
    series.count([placing(2, 4), placing(1, 3)])
    assert ranked(series) == [(1, 1, 6), (2, 0, 5), (3, 2, 4)]


def test_a_name_is_the_latest_one():
    series = Series(3)
    series.count([placing(0, 5)])
    series.count([placing(0, 5).model_copy(update={"name": "Anna"})])
    assert series.standings[0].name == "Anna"


def test_before_the_first_race_nobody_is_ranked():
    assert Series(3).standings == []


def test_who_comes_back_to_another_seat_goes_on_with_the_same_points():
    series = Series(5)
    series.count([placing(0, 5), placing(1, 3)])
    series.came_back(1, 2)
    assert ranked(series) == [(1, 0, 5), (2, 2, 3)]
    series.count([placing(2, 5), placing(0, 1)])
    series.came_back(2, 3)
    series.count([placing(3, 2), placing(2, 1)])  # left and came back during this race
    assert ranked(series) == [(1, 3, 11), (2, 0, 6)]


def test_team_points_are_summed_over_the_races_that_had_teams():
    series = Series(3)
    series.count([placing(0, 5)])
    assert series.team_points is None
    series.count([placing(0, 5)], (5.0, 3.0))
    series.count([placing(0, 5)], (1.0, 4.0))
    assert series.team_points == (6.0, 7.0)
