"""Sample drawings for trying the commands: `*.ndjson` in Quick, Draw!'s simplified form, `*.npy`.

The drawings are our own, made of lines and arcs, and come from no data set. `python -m
models.samples` writes the files; `cats.npy` holds the cats as bitmaps, by `models.raster`.
"""

from collections.abc import Callable
from math import cos, pi, sin
from pathlib import Path

from models.drawing import Drawing

FOLDER = Path(__file__).parent
SampleStroke = list[list[float]]
"""One stroke: its x and its y coordinates, in 0..255, y down."""


def line(*points: tuple[float, float]) -> SampleStroke:
    """A stroke through some points."""
    return [[float(x) for x, _ in points], [float(y) for _, y in points]]


def arc(
    x: float, y: float, wide: float, high: float, begin: float = 0.0, end: float = 360.0
) -> SampleStroke:
    """A part of an ellipse around (x, y), from one angle in degrees to another, clockwise."""
    count = max(6, round(abs(end - begin) / 15))
    angles = [(begin + (end - begin) * i / count) * pi / 180 for i in range(count + 1)]
    return line(*((round(x + wide * cos(a)), round(y + high * sin(a))) for a in angles))


def cat(wide: float) -> list[SampleStroke]:
    """A cat's face: head with ears, whiskers, eyes, nose and mouth."""
    left, right = 128 - wide, 128 + wide
    head = arc(128, 150, wide, 88, -50, 230)
    ears = line((left + 34, 84), (left + 16, 14), (108, 66), (148, 66), (right - 16, 14))
    return [
        head,
        line(*zip(*ears, strict=True), (right - 34, 84)),
        line((110, 172), (18, 158)),
        line((110, 182), (16, 190)),
        line((146, 172), (238, 158)),
        line((146, 182), (240, 190)),
        arc(98, 132, 8, 10),
        arc(158, 132, 8, 10),
        line((118, 162), (138, 162), (128, 174), (118, 162)),
        line((128, 174), (128, 190)),
        arc(114, 190, 14, 12, 0, 180),
        arc(142, 190, 14, 12, 180, 0),
    ]


def house(width: float) -> list[SampleStroke]:
    """A house: walls, roof, door and window."""
    left, right = 128 - width, 128 + width
    return [
        line((left, 110), (left, 250), (right, 250), (right, 110), (left, 110)),
        line((left - 16, 112), (128, 10), (right + 16, 112)),
        line((112, 250), (112, 180), (148, 180), (148, 250)),
        line((left + 20, 136), (left + 56, 136), (left + 56, 168), (left + 20, 168)),
    ]


def sun(radius: float) -> list[SampleStroke]:
    """The sun: a disc and twelve rays."""
    rays = [k * pi / 6 for k in range(12)]
    near, far = radius + 14, 120.0
    return [
        arc(128, 128, radius, radius),
        *(
            line(*((round(128 + r * cos(a)), round(128 + r * sin(a))) for r in (near, far)))
            for a in rays
        ),
    ]


SHAPES: dict[str, tuple[Callable[[float], list[SampleStroke]], tuple[float, ...]]] = {
    "cat": (cat, (78.0, 92.0, 104.0)),
    "house": (house, (80.0, 92.0, 104.0)),
    "sun": (sun, (52.0, 62.0, 72.0)),
}
"""Word -> its shape, and the sizes in which it is drawn."""


def samples(word: str) -> list[Drawing]:
    """The sample drawings of a word."""
    shape, sizes = SHAPES[word]
    return [
        Drawing.from_lists(shape(size), word, f"sample-{word}-{number}")
        for number, size in enumerate(sizes)
    ]
