"""Badges: a tiny doodle that a player draws once, written as a short text. Pure.

A point is two characters of `ALPHABET`, its x and its y on a grid of `GRID` by `GRID` lines; a
stroke is its points one after the other; `SEPARATOR` stands between strokes. `AA__.A__A` is a cross
from corner to corner. The text can hold nothing but ink, and is short enough to travel with every
state of a room. `game/web/pad/js/badge_ink.js` writes and draws it.
"""

from collections.abc import Iterator
from string import ascii_lowercase, ascii_uppercase, digits

ALPHABET = ascii_uppercase + ascii_lowercase + digits + "-_"
SEPARATOR = "."
GRID = len(ALPHABET)
MAX_STROKES = 16
MAX_POINTS = 120
LONGEST = 2 * MAX_POINTS + MAX_STROKES - 1  # characters

GridStroke = tuple[tuple[int, int], ...]  # x and y of each point, 0 to `GRID` - 1


class BadBadge(Exception):
    """The text is not a badge, or it has too many strokes or points."""


def strokes_of(text: str) -> tuple[GridStroke, ...]:
    """The strokes that the text of a badge stands for.

    Raises:
        BadBadge: the text is longer than `LONGEST`, a stroke is empty or not made of whole points,
            a character is not in `ALPHABET`, or there are too many strokes or points.
    """
    if len(text) > LONGEST:
        raise BadBadge
    strokes = tuple(tuple(_points(part)) for part in text.split(SEPARATOR))
    if len(strokes) > MAX_STROKES or sum(map(len, strokes)) > MAX_POINTS or not all(strokes):
        raise BadBadge
    return strokes


def _points(part: str) -> Iterator[tuple[int, int]]:
    places = [ALPHABET.find(character) for character in part]
    if len(places) % 2 or -1 in places:
        raise BadBadge
    yield from zip(places[::2], places[1::2], strict=True)
