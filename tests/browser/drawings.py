"""Drawings of the ten classic words: strokes of points in pad units (0 to 256)."""

from itertools import pairwise
from math import ceil, cos, hypot, pi, sin

Line = list[tuple[float, float]]


def arc(
    x: float, y: float, rx: float, ry: float, start: float = 0, end: float = 360, points: int = 28
) -> Line:
    """Part of an ellipse, angles in degrees, clockwise from the right."""
    angles = [(start + (end - start) * i / (points - 1)) * pi / 180 for i in range(points)]
    return [(x + rx * cos(angle), y + ry * sin(angle)) for angle in angles]


def rays(x: float, y: float, inner: float, outer: float, count: int) -> list[Line]:
    """Lines from a centre in all directions."""
    return [
        [
            (x + inner * cos(2 * pi * i / count), y + inner * sin(2 * pi * i / count)),
            (x + outer * cos(2 * pi * i / count), y + outer * sin(2 * pi * i / count)),
        ]
        for i in range(count)
    ]


DRAWINGS: dict[str, list[Line]] = {
    "banana": [
        [*arc(104, 60, 120, 130, 100, 18), (226, 84), *arc(112, 40, 92, 116, 30, 104), (84, 186)],
    ],
    "bicycle": [
        arc(66, 160, 42, 42),
        arc(192, 160, 42, 42),
        [(66, 160), (104, 92), (168, 92), (126, 160), (66, 160)],
        [(126, 160), (98, 78), (84, 78), (114, 78)],
        [(192, 160), (162, 68), (186, 62)],
    ],
    "bird": [
        arc(176, 82, 30, 28),
        [(204, 76), (232, 86), (203, 92)],
        [(150, 96), *arc(112, 130, 62, 48, 330, 60, 8), *arc(112, 130, 62, 48, 60, 190, 10)],
        [(50, 122), (20, 100), (26, 128), (16, 142), (56, 142)],
        [(50, 122), (96, 92), (148, 92)],
        arc(110, 122, 34, 24, 0, 190),
        [(182, 74), (183, 76)],
        [(104, 178), (100, 210), (88, 214)],
        [(126, 177), (126, 210), (116, 215)],
    ],
    "cake": [
        [(40, 130), (40, 210), (216, 210), (216, 130), (40, 130)],
        [(84, 130), (84, 86)],
        [(128, 130), (128, 86)],
        [(172, 130), (172, 86)],
        arc(84, 74, 5, 10),
        arc(128, 74, 5, 10),
        arc(172, 74, 5, 10),
        [(40, 168), (216, 168)],
    ],
    "car": [
        [
            (20, 158),
            (20, 122),
            (66, 116),
            (92, 76),
            (164, 76),
            (192, 116),
            (236, 124),
            (236, 158),
            (20, 158),
        ],
        arc(70, 160, 24, 24),
        arc(186, 160, 24, 24),
        [(78, 114), (100, 86), (124, 86), (124, 114), (78, 114)],
        [(134, 114), (134, 86), (158, 86), (180, 114), (134, 114)],
    ],
    "cat": [
        arc(128, 142, 78, 68),
        [(62, 104), (56, 40), (102, 78)],
        [(154, 78), (200, 40), (194, 104)],
        arc(98, 126, 8, 10),
        arc(158, 126, 8, 10),
        [(120, 152), (136, 152), (128, 162), (120, 152)],
        [(128, 162), (128, 172), *arc(114, 170, 14, 10, 0, 150, 8)],
        arc(142, 170, 14, 10, 180, 30, 8),
        [(92, 152), (28, 142)],
        [(92, 160), (28, 166)],
        [(164, 152), (228, 142)],
        [(164, 160), (228, 166)],
    ],
    "fish": [
        arc(110, 128, 84, 48),
        [(190, 120), (238, 84), (230, 128), (238, 172), (188, 138)],
        arc(62, 116, 7, 7),
        arc(84, 128, 16, 36, -60, 60, 8),
    ],
    "house": [
        [(56, 118), (56, 222), (200, 222), (200, 118)],
        [(34, 124), (128, 38), (222, 124), (34, 124)],
        [(112, 222), (112, 164), (146, 164), (146, 222)],
        [(72, 140), (96, 140), (96, 164), (72, 164), (72, 140)],
    ],
    "sun": [arc(128, 128, 52, 52), *rays(128, 128, 68, 108, 12)],
    "tree": [
        [(110, 232), (112, 150)],
        [(146, 232), (144, 150)],
        arc(128, 64, 44, 40, 150, 390)
        + arc(176, 112, 38, 36, 290, 470)
        + arc(128, 130, 40, 26, 20, 160)
        + arc(80, 112, 38, 36, 70, 250),
    ],
}


def dense(line: Line, gap: float = 4.0) -> Line:
    """The line with points at most `gap` apart, as a hand draws it."""
    points = [line[0]]
    for (x, y), (to_x, to_y) in pairwise(line):
        steps = max(ceil(hypot(to_x - x, to_y - y) / gap), 1)
        points += [
            (x + (to_x - x) * i / steps, y + (to_y - y) * i / steps) for i in range(1, steps + 1)
        ]
    return points
