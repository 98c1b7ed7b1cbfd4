"""A series: several races of one room with common standings. Pure."""

from collections.abc import Iterable

from game.messages import Placing


class Series:
    """The races of a series, and what everyone has collected in them.

    Points of all races are summed, as those of all rounds are in a race; equal points are ranked by
    the total drawing time. Players who come late take part with the races that they run; those who
    leave keep what they have, also when they come back to another seat.

    Attributes:
        races: number of races, at least 2.
        run: number of races that are over.
        team_points: each team's sum over the races that had teams; None when none had.
    """

    def __init__(self, races: int) -> None:
        self.races = races
        self.run = 0
        self.team_points: tuple[float, float] | None = None
        self._sums: dict[int, Placing] = {}  # by a player's first seat
        self._first: dict[int, int] = {}  # seat -> the same player's first seat

    @property
    def over(self) -> bool:
        return self.run >= self.races

    def came_back(self, former: int, seat: int) -> None:
        """Note that a player who left the seat `former` has taken another one."""
        first = self._first[seat] = self._first.get(former, former)
        if first in self._sums:
            self._sums[first] = self._sums[first].model_copy(update={"seat": seat})

    def count(
        self, podium: Iterable[Placing], team_points: tuple[float, float] | None = None
    ) -> None:
        """Add a race that is over; `team_points`: each team's, None in a race without teams."""
        self.run += 1
        if team_points is not None:
            one, two = self.team_points or (0.0, 0.0)
            self.team_points = one + team_points[0], two + team_points[1]
        for placing in podium:
            first = self._first.get(placing.seat, placing.seat)
            before = self._sums.get(first)
            self._sums[first] = placing if before is None else _sum(before, placing)

    @property
    def standings(self) -> list[Placing]:
        """Everyone who ran in a race, best first, with the sums over all races."""
        ranked = sorted(self._sums.values(), key=lambda each: (-each.points, each.milliseconds))
        return [each.model_copy(update={"place": place}) for place, each in enumerate(ranked, 1)]


def _sum(before: Placing, now: Placing) -> Placing:
    points, milliseconds = before.points + now.points, before.milliseconds + now.milliseconds
    latest = now if now.seat >= before.seat else before  # seats are numbered as they are taken
    return latest.model_copy(update={"points": points, "milliseconds": milliseconds})
