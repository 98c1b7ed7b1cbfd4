"""Badges: what their text can say, and that anything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from game.rules.badges import (
    GRID,
    LONGEST,
    MAX_POINTS,
    MAX_STROKES,
    BadBadge,
    GridStroke,
    strokes_of,
)
from tests.game.fakes import badge_of

places = some.integers(0, GRID - 1)
drawn = some.lists(
    some.lists(some.tuples(places, places), min_size=1, max_size=20),
    min_size=1,
    max_size=MAX_STROKES,
).filter(lambda strokes: sum(map(len, strokes)) <= MAX_POINTS)


@given(drawn)
def test_the_text_of_a_badge_tells_its_strokes(strokes: list[list[tuple[int, int]]]):
    told: tuple[GridStroke, ...] = tuple(map(tuple, strokes))
    assert strokes_of(badge_of(strokes)) == told


def test_the_largest_badge_is_allowed():
    strokes = [[(0, 0)]] * (MAX_STROKES - 1) + [[(63, 63)] * (MAX_POINTS - MAX_STROKES + 1)]
    assert len(badge_of(strokes)) == LONGEST
    assert sum(map(len, strokes_of(badge_of(strokes)))) == MAX_POINTS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "AAB",
        ".",
        "AA.",
        ".AA",
        "AA..BB",
        "AA BB",
        "AA\n",
        "ÄÄ",
        "<svg>",
        "data:image/png;base64,AAAA",
        ".".join(["AA"] * (MAX_STROKES + 1)),
        "AA" * (MAX_POINTS + 1),
        "A" * 100_000,
    ],
)
def test_what_is_no_badge_is_refused(text: str):
    with pytest.raises(BadBadge):
        strokes_of(text)


@given(some.text(max_size=2 * LONGEST))
def test_any_text_is_read_or_refused(text: str):
    try:
        strokes = strokes_of(text)
    except BadBadge:
        return
    assert badge_of(strokes) == text
