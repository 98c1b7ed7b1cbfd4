"""Bots in a room: how strong they are, what they are called, and how they draw. Pure.

A bot draws a sketch of the word (`game.rules.sketches`) with a hand of its own: at the speed of
a person, a little crooked, never twice the same. The judge sees its pad as it sees a player's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from math import cos, dist, radians, sin, tau
from random import Random
from typing import get_args

from game.messages import PAD, BotStrength, Strokes
from game.rules.sketches import DRAWINGS, SketchLine, dense

NAMES = ("Bolt", "Pixel", "Gizmo", "Widget", "Cog", "Sprocket", "Blip", "Zap")
STRANGER_WAIT = 8_000.0  # ms after which a player who waits for a stranger is offered a bot
MIDDLE = PAD / 2
LOOPS = 3  # in a scribble


@dataclass(frozen=True)
class Hand:
    """How a bot draws.

    Attributes:
        thinks: ms from the start of the round to the first line, on average.
        speed: pad units a ms. In the median, people draw 0.25 to 0.3 in Quick, Draw!.
        lifts: ms between two strokes, on average.
        wobble: pad units by which a line strays.
    """

    thinks: float
    speed: float
    lifts: float
    wobble: float


HANDS: dict[BotStrength, Hand] = {
    "easy": Hand(thinks=2_600, speed=0.13, lifts=700, wobble=6.0),
    "medium": Hand(thinks=1_600, speed=0.22, lifts=450, wobble=3.5),
    "strong": Hand(thinks=900, speed=0.36, lifts=280, wobble=1.5),
}
STRENGTHS: tuple[BotStrength, ...] = get_args(BotStrength)


def free_name(taken: Collection[str]) -> str:
    """A bot's name that nobody in the room has."""
    return next((name for name in NAMES if name not in taken), NAMES[0])


def drawing_of(word: str, strength: BotStrength, rng: Random) -> Strokes:
    """A bot's drawing of a word, or a scribble where it has no sketch of it.

    Returns:
        Strokes with x and y in pad units, and t in ms since the round began.
    """
    hand = HANDS[strength]
    lines = DRAWINGS.get(word) or [_scribble(rng)]
    move = _Crooked(hand, rng)
    at = hand.thinks * rng.uniform(0.7, 1.3)
    strokes: Strokes = []
    for line in lines:
        points = [move.point(x, y) for x, y in dense(line)]
        times = _times(points, at, hand.speed * rng.uniform(0.85, 1.15))
        strokes.append(
            [[round(x, 1) for x, _ in points], [round(y, 1) for _, y in points], times],
        )
        at = times[-1] + hand.lifts * rng.uniform(0.7, 1.3)
    return strokes


class _Crooked:
    """Turns, scales and bends all points of one drawing in the same way."""

    def __init__(self, hand: Hand, rng: Random) -> None:
        turn = radians(rng.gauss(0, hand.wobble * 0.8))
        self._turn = cos(turn), sin(turn)
        self._scale = rng.uniform(0.8, 0.95), rng.uniform(0.8, 0.95)
        self._waves = [(rng.uniform(0, tau), rng.uniform(50, 110)) for _ in range(2)]
        self._bend = hand.wobble

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = (x - MIDDLE) * self._scale[0], (y - MIDDLE) * self._scale[1]
        (turn_x, turn_y), ((phase_x, wave_x), (phase_y, wave_y)) = self._turn, self._waves
        bent_x = x + self._bend * sin(phase_x + tau * y / wave_x)
        bent_y = y + self._bend * sin(phase_y + tau * x / wave_y)
        return (
            MIDDLE + bent_x * turn_x - bent_y * turn_y,
            MIDDLE + bent_x * turn_y + bent_y * turn_x,
        )


def _times(points: SketchLine, start: float, speed: float) -> list[float]:
    times = [round(start, 1)]
    for one, other in pairwise(points):
        times.append(round(times[-1] + dist(one, other) / speed, 1))
    return times


def _scribble(rng: Random) -> SketchLine:
    """Loops that drift across the pad."""
    x, y = (rng.uniform(PAD * 0.3, PAD * 0.7) for _ in range(2))
    size, drift = rng.uniform(20, 60), rng.uniform(-20, 20)
    turns = [LOOPS * step / 60 for step in range(61)]
    return [(x + size * cos(tau * t) + drift * t, y + size * sin(tau * t)) for t in turns]
