"""A series: several races of one room with common standings. Pure."""

from collections.abc import Iterable

from game.messages import Placing


class Series:
    """The races of a series, and what everyone has collected in them.

    Points of all races are summed, as those of all rounds are in a race; equal points are ranked by
    the total drawing time. Players who come late take part with the races that they run; those who
    leave keep what they have.

    Attributes:
        races: number of races, at least 2.
        run: number of races that are over.
    """

    def __init__(self, races: int) -> None:
        self.races = races
        self.run = 0
        self._sums: dict[int, Placing] = {}

    @property
    def over(self) -> bool:
        return self.run >= self.races

    def count(self, podium: Iterable[Placing]) -> None:
        """Add a race that is over."""
        self.run += 1
        for placing in podium:
            before = self._sums.get(placing.seat)
            self._sums[placing.seat] = placing if before is None else _sum(before, placing)

    @property
    def standings(self) -> list[Placing]:
        """Everyone who ran in a race, best first, with the sums over all races."""
        ranked = sorted(self._sums.values(), key=lambda each: (-each.points, each.milliseconds))
        return [each.model_copy(update={"place": place}) for place, each in enumerate(ranked, 1)]


def _sum(before: Placing, now: Placing) -> Placing:
    points, milliseconds = before.points + now.points, before.milliseconds + now.milliseconds
    return now.model_copy(update={"points": points, "milliseconds": milliseconds})
