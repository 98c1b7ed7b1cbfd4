"""What a hand can do: how fast a line may grow, and when it can have been drawn.

A client tells the times of its points, so that ink held back by a lost line is still the player's.
They must lie in the round so far, and between them no more line may grow than a hand draws. So a
drawing that comes in one message was either drawn in time, or is refused.
"""

import math

from game.messages import Point

SPEED = 3.0  # pad units a ms. Of 595 raw Quick, Draw! drawings none drew 1,150 in 300 ms,
FLICK = 250.0  # or 400 in 50 ms; this much may come at once
AHEAD = 50.0  # ms that the page's clock may be ahead of ours


class TooQuick(Exception):
    """More line than a hand draws in the time."""


class FromTheFuture(Exception):
    """A point of a time that has not come."""


class SpeedLimit:
    """The hand of one player in one round."""

    def __init__(self) -> None:
        self._time = 0.0
        self._reach = FLICK

    def draw(self, points: list[Point], spot: tuple[float, float] | None, elapsed: float) -> None:
        """Follow new points of a line.

        Args:
            points: in pad units and ms since the round began.
            spot: where the line ends that they go on with; None when they begin one.
            elapsed: ms since the round began, by the server's clock.

        Raises:
            TooQuick, FromTheFuture: then nothing was followed.
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
        """Allow so much line once more, as it was taken back: what is on the sheet counts."""
        self._reach += length
