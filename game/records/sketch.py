"""Makes the ghosts that ship with the game: draws sketches like a hand, and judges them.

    python -m game.records.sketch

writes the file of the shipped ghosts. The sketches are lines and arcs; a simulated hand that is not
quite steady, slows down at corners and lifts the pen between lines draws them (`HAND`).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

from game.judging.judge import Model
from game.messages import Point, Replay, Strokes
from game.records.recorder import record
from game.records.shipped_ghosts import READS, SHIPPED, hands_file
from models.command import run, whole_file
from models.shelf import DEFAULT, open_judge

NAME = "Doodle bot"
STRAIGHT = 20.0  # pad units; shorter pieces are parts of a bend, drawn without slowing down

Route = Sequence[tuple[float, float]]
"""Corners (x, y) of a line in pad units, drawn without lifting the pen."""


@dataclass(frozen=True)
class Steadiness:
    """The movement of a simulated hand.

    Attributes:
        speed: pad units per ms.
        corner: additional ms for each straight piece, spent near its corners.
        lift: ms between two lines, on average.
        sample: ms between two recorded points.
        wobble: pad units by which the hand strays, at most, in x and in y.
    """

    speed: float = 0.3
    corner: float = 55.0
    lift: float = 320.0
    sample: float = 16.0
    wobble: float = 1.6


HAND = Steadiness()


def arc(
    x: float, y: float, width: float, height: float, begin: float, end: float, parts: int = 24
) -> Route:
    """An arc of an ellipse around (x, y).

    Args:
        width, height: semi-axes in pad units.
        begin, end: angles in turns; 0 is to the right, 0.25 is down.
        parts: number of straight pieces.
    """
    turns = [begin + (end - begin) * part / parts for part in range(parts + 1)]
    return [
        (x + width * math.cos(2 * math.pi * turn), y + height * math.sin(2 * math.pi * turn))
        for turn in turns
    ]


def ray(turn: float) -> Route:
    """A ray of the sun, at an angle in turns."""
    dx, dy = math.cos(2 * math.pi * turn), math.sin(2 * math.pi * turn)
    return [(128 + 62 * dx, 128 + 62 * dy), (128 + 100 * dx, 128 + 100 * dy)]


SKETCHES: dict[str, tuple[Route, ...]] = {
    "house": (
        [(56, 120), (58, 214), (200, 212), (198, 118), (56, 120)],
        [(40, 124), (126, 44), (216, 120)],
        [(112, 212), (113, 160), (146, 160), (146, 212)],
        [(70, 142), (94, 142), (94, 166), (70, 166), (70, 142)],
    ),
    "sun": (
        arc(128, 128, 48, 48, 0.75, 1.77),
        *(ray(0.75 + part / 10) for part in range(10)),
    ),
    "fish": (
        [
            *arc(112, 128, 74, 44, 0.07, 0.93),
            (214, 166),
            (206, 90),
            *arc(112, 128, 74, 44, 0.07, 0.09, 2),
        ],
        arc(70, 116, 5, 5, 0, 1, 8),
    ),
}


def drawn(routes: Sequence[Route], rng: Random, hand: Steadiness = HAND) -> Strokes:
    """The routes as a hand draws them: `[[x...], [y...], [t...]]` each, in pad units and ms."""
    strokes: Strokes = []
    now = READS
    for route in routes:
        phase = rng.uniform(0, 2 * math.pi)
        points = [_strayed(point, phase, hand) for point in _followed(route, now, hand)]
        strokes.append(
            [[round(number, 1) for number in column] for column in zip(*points, strict=True)]
        )
        now = points[-1][2] + hand.lift * rng.uniform(0.7, 1.4)
    return strokes


def recorded(model: Model, model_name: str) -> list[Replay]:
    """Replays of all sketches; the same on every call."""
    return [
        record(model, model_name, drawn(routes, Random(word)), word, NAME)
        for word, routes in SKETCHES.items()
    ]


def _followed(route: Route, now: float, hand: Steadiness) -> Iterator[Point]:
    """Points of a line that begins at `now` (ms); the hand slows down at the corners."""
    for (x0, y0), (x1, y1) in pairwise(route):
        length = math.dist((x0, y0), (x1, y1))
        straight = length > STRAIGHT
        lasts = length / hand.speed + (hand.corner if straight else 0.0)
        steps = max(round(lasts / hand.sample), 1)
        for share in (step / steps for step in range(steps)):
            way = share * share * (3 - 2 * share) if straight else share
            yield x0 + (x1 - x0) * way, y0 + (y1 - y0) * way, now + share * lasts
        now += lasts
    yield (*route[-1], now)


def _strayed(point: Point, phase: float, hand: Steadiness) -> Point:
    x, y, t = point
    return (
        x + hand.wobble * math.sin(t / 170 + phase),
        y + hand.wobble * math.sin(t / 210 + 2 * phase),
        t,
    )


@dataclass(frozen=True)
class Options:
    """Record the ghosts that ship with the game."""

    model: str = DEFAULT
    """Name of the published model that judges the drawings."""
    out: Path = SHIPPED
    """File to write."""


def main(options: Options) -> None:
    """Draw and judge the sketches, and write the file."""
    replays = recorded(open_judge(options.model), options.model)
    with whole_file(options.out) as file:
        file.write(hands_file.dump_json(replays))
    for replay in replays:
        print(f"{replay.word}: {replay.outcome} at {replay.milliseconds / 1000:.1f} s")


if __name__ == "__main__":
    run(Options, main)
