"""Two teams in a room: who is in which, and their points. Pure."""

from collections.abc import Iterable, Mapping

from game.messages import Team
from game.rules.race import Race
from game.rules.seats import Seats


def smaller(teams: Iterable[Team | None]) -> Team:
    """The team with fewer members; the first one when both are equal."""
    there = [*teams]
    return 1 if there.count(1) < there.count(0) else 0


def deal(seats: Seats, on: bool) -> None:
    """Spread the seats evenly over two teams, in order; with `on` false, no seat has a team.

    A seat that has a team keeps it.
    """
    for seat in seats:
        if not on:
            seat.team = None
        elif seat.team is None:
            seat.team = smaller(other.team for other in seats)


def points_of(teams: Mapping[int, Team | None], race: Race) -> tuple[float, float]:
    """Each team's points in the rounds that players may see, those of players who left included.

    Args:
        teams: seat -> team, for all seats that ran in the race.
    """
    sums = [0.0, 0.0]
    for seat, team in teams.items():
        if team is not None:
            sums[team] += race.points(seat)
    return sums[0], sums[1]
