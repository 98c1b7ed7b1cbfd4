"""Lines and arcs that sketches are made of, in pad units (0 to 256). Pure."""

from itertools import pairwise
from math import ceil, cos, hypot, pi, sin

SketchLine = list[tuple[float, float]]


def arc(
    x: float, y: float, rx: float, ry: float, start: float = 0, end: float = 360, points: int = 28
) -> SketchLine:
    """Part of an ellipse, angles in degrees, clockwise from the right."""
    angles = [(start + (end - start) * i / (points - 1)) * pi / 180 for i in range(points)]
    return [(x + rx * cos(angle), y + ry * sin(angle)) for angle in angles]


def rays(x: float, y: float, inner: float, outer: float, count: int) -> list[SketchLine]:
    """Lines from a centre in all directions."""
    return [
        [
            (x + inner * cos(2 * pi * i / count), y + inner * sin(2 * pi * i / count)),
            (x + outer * cos(2 * pi * i / count), y + outer * sin(2 * pi * i / count)),
        ]
        for i in range(count)
    ]


def scallops(x: float, y: float, rx: float, ry: float, count: int, bump: float) -> SketchLine:
    """An outline of `count` round bumps around an ellipse, in one stroke: a fleece, a mane."""
    centres = arc(x, y, rx, ry, 0, 360, count + 1)[:-1]
    turn = 360 / count
    return [
        point
        for number, (along, down) in enumerate(centres)
        for point in arc(along, down, bump, bump, turn * number - 70, turn * number + 70, 8)
    ]


def spiral(x: float, y: float, radius: float, turns: float) -> SketchLine:
    """From the centre outwards, with the radius reached at the end."""
    steps = round(36 * turns)
    angles = [2 * pi * turns * step / steps for step in range(steps + 1)]
    return [
        (x + radius * angle / angles[-1] * cos(angle), y + radius * angle / angles[-1] * sin(angle))
        for angle in angles
    ]


def dense(line: SketchLine, gap: float = 4.0) -> SketchLine:
    """The line with points at most `gap` apart, as a hand draws it."""
    points = [line[0]]
    for (x, y), (to_x, to_y) in pairwise(line):
        steps = max(ceil(hypot(to_x - x, to_y - y) / gap), 1)
        points += [
            (x + (to_x - x) * i / steps, y + (to_y - y) * i / steps) for i in range(1, steps + 1)
        ]
    return points
