"""The kept reveals of a race: exactly what was sent, in order, small, and hidden when reported."""

from hypothesis import given
from hypothesis import strategies as some

from game.messages import Reveal, RevealedDrawing, Strokes
from game.rooms.reveals import Reveals, packed, unpacked

DRAWN: Strokes = [[[0.1, 1 / 3], [2.0, 255.9], [0.0, 16.7]]]
NUMBERS = some.floats(allow_nan=False, allow_infinity=False)


def drawing(seat: int, strokes: Strokes = DRAWN, best: float = 0.5) -> RevealedDrawing:
    return RevealedDrawing(
        seat=seat,
        name="Zoë 🎈",
        colour=seat,
        place=None,
        outcome="bell",
        points=2.5,
        milliseconds=20_000,
        frame=3,
        best=best,
        delay=None,
        compensated=0,
        strokes=strokes,
        frames=[(1, 100.5, 0.1234, "the Eiffel Tower")],
        replay=f"replay-{seat}",
    )


def reveal(round: int, *drawings: RevealedDrawing) -> Reveal:
    return Reveal(round=round, word="cat", winner=None, drawings=[*drawings])


@given(some.lists(NUMBERS, min_size=1), NUMBERS)
def test_every_number_is_kept_exactly(numbers: list[float], best: float):
    before = reveal(1, drawing(0, [[numbers, numbers, numbers]], best))
    after = unpacked(packed(before))
    assert after == before
    assert after.model_dump_json() == before.model_dump_json()


def test_reveals_come_back_in_order_and_a_later_one_replaces_an_earlier():
    reveals = Reveals()
    for made in (reveal(1, drawing(0)), reveal(2, drawing(1)), reveal(1, drawing(5))):
        reveals.keep(made)
    assert [*reveals] == [reveal(1, drawing(5)), reveal(2, drawing(1))]
    assert (2 in reveals, 3 in reveals) == (True, False)


def test_a_reported_drawing_is_hidden_and_no_other():
    reveals = Reveals()
    for round in (1, 2):
        reveals.keep(reveal(round, drawing(2 * round), drawing(2 * round + 1)))
    reveals.hide("replay-3")
    first, second = reveals
    assert [(d.hidden, d.strokes) for d in first.drawings] == [(False, DRAWN), (True, [])]
    assert second == reveal(2, drawing(4), drawing(5))
