"""What bots draw: words as strokes of points in pad units (0 to 256), made for this game by hand.

A word without a sketch is scribbled (`game.rules.bots`). A new sketch is one entry of `DRAWINGS` in
one of the modules.
"""

from game.rules.sketches import animals, everyday, home, outdoors
from game.rules.sketches.lines import SketchLine, dense

__all__ = ["DRAWINGS", "SketchLine", "dense"]

DRAWINGS: dict[str, list[SketchLine]] = (
    everyday.DRAWINGS | animals.DRAWINGS | home.DRAWINGS | outdoors.DRAWINGS
)
