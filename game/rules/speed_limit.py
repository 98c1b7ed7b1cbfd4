"""The speed limit against cheating: how fast a line may grow, and which times its points may have.

A page sends a time with every point, so that ink which a broken connection held back still counts.
The times must lie within the round so far, and between two of them no line may be longer than a
hand can draw. A whole drawing that arrives in one message is therefore accepted if it can have been
drawn in the time, and refused otherwise.
"""

import math

from game.messages import Point

# None of 595 raw Quick, Draw! drawings had 1,150 pad units of line in 300 ms, or 400 in 50 ms.
SPEED = 3.0  # pad units per ms
FLICK = 250.0  # pad units that may come at once
AHEAD = 50.0  # ms that the page's clock may be ahead of the server's


class TooQuick(Exception):
    """The line is longer than a hand can draw in the time."""


class FromTheFuture(Exception):
    """A point has a time that is still to come."""


class SpeedLimit:
    """The speed limit of one player in one round."""

    def __init__(self) -> None:
        self._time = 0.0
        self._reach = FLICK

    def draw(self, points: list[Point], spot: tuple[float, float] | None, elapsed: float) -> None:
        """Check new points of a line, and count them if they are accepted.

        Args:
            points: x, y in pad units and t in ms since the round began; at least one.
            spot: end of the line that they continue; None when they begin a line.
            elapsed: ms since the round began, by the server's clock.

        Raises:
            TooQuick, FromTheFuture: the points are refused; none of them is counted.
        """
        if max(t for _, _, t in points) > elapsed + AHEAD:
            raise FromTheFuture
        time, reach = self._time, self._reach
        for x, y, t in points:
            if t > time:
                reach, time = max(reach, min(reach + (t - time) * SPEED, FLICK)), t
            if spot is not None:
                reach -= math.dist(spot, (x, y))
            if reach < 0:
                raise TooQuick
            spot = x, y
        self._time, self._reach = time, reach

    def give_back(self, length: float) -> None:
        """Allow `length` pad units of line again, after a stroke of that length was removed."""
        self._reach += length
