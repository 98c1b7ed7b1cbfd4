"""Messages about drawings in progress, for those in a room who do not draw."""

from typing import Literal

from game.messages.base import Message

InkLine = tuple[int, list[float], list[float]]


class PadInk(Message):
    """What has changed on the pad of one seat.

    Attributes:
        keep: number of strokes told before that are still there; later ones have been removed.
        lines: new points, as (index of the stroke, x, y); a stroke with a new index is a new one.
    """

    seat: int
    keep: int
    lines: list[InkLine]


class LiveInk(Message):
    """Ink of a running round, for watchers and for players whose drawing is guessed.

    It is sent 1.5 s after the server took the ink, so that nobody can copy it in time. The first
    one that a member gets holds all of it. None is sent in a room whose host hides the drawings
    (`RoomSettings.live`).
    """

    type: Literal["live_ink"] = "live_ink"
    round: int
    pads: list[PadInk]
