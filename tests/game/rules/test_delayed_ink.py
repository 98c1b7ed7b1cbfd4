"""The delayed ink: nothing comes early, and what comes adds up to the pads as they were."""

from random import Random

from game.messages import InkLine, PadInk
from game.rules.delayed_ink import DELAY, Change, DelayedInk


def ink(at: float, stroke: int, *xs: float, seat: int = 0) -> Change:
    return Change(at, seat, stroke + 1, (stroke, [*xs], [x + 1 for x in xs]))


def erased(at: float, strokes: int, seat: int = 0) -> Change:
    return Change(at, seat, strokes, None)


def drawn(*changes: Change) -> DelayedInk:
    made = DelayedInk()
    for change in changes:
        made.add(change)
    return made


def seen(pads: dict[int, list[InkLine]], news: list[PadInk]) -> None:
    """Change pads as a page does that hears the news."""
    for each in news:
        pad = pads.setdefault(each.seat, [])
        del pad[each.keep :]
        for stroke, xs, ys in each.lines:
            if stroke == len(pad):
                pad.append((stroke, [], []))
            pad[stroke][1].extend(xs)
            pad[stroke][2].extend(ys)


def test_ink_comes_after_the_delay_and_never_earlier():
    delayed = drawn(ink(10, 0, 1, 2), ink(20, 0, 3))
    assert delayed.due == 10 + DELAY
    assert delayed.release(10 + DELAY - 0.01) == []
    assert delayed.release(10 + DELAY) == [PadInk(seat=0, keep=0, lines=[(0, [1, 2], [2, 3])])]
    assert delayed.whole() == [PadInk(seat=0, keep=0, lines=[(0, [1, 2], [2, 3])])]
    assert delayed.release(20 + DELAY) == [PadInk(seat=0, keep=1, lines=[(0, [3], [4])])]
    assert delayed.due is None


def test_what_was_told_stays_as_it_was():
    delayed = drawn(ink(0, 0, 1), ink(50, 0, 3))
    news, whole = delayed.release(DELAY), delayed.whole()
    delayed.release(DELAY + 50)
    assert news == whole == [PadInk(seat=0, keep=0, lines=[(0, [1], [2])])]
    assert delayed.whole() == [PadInk(seat=0, keep=0, lines=[(0, [1, 3], [2, 4])])]


def test_what_is_erased_before_it_is_released_is_never_told():
    delayed = drawn(ink(0, 0, 1), ink(1, 1, 5), erased(2, 1), ink(3, 1, 9))
    assert delayed.release(DELAY + 3) == [
        PadInk(seat=0, keep=0, lines=[(0, [1], [2]), (1, [9], [10])])
    ]


def test_an_undo_and_a_clear_are_told():
    delayed = drawn(ink(0, 0, 1), ink(1, 1, 5), erased(200, 1), erased(400, 0))
    delayed.release(DELAY + 1)
    assert delayed.release(DELAY + 200) == [PadInk(seat=0, keep=1, lines=[])]
    assert delayed.release(DELAY + 400) == [PadInk(seat=0, keep=0, lines=[])]
    assert delayed.whole() == [PadInk(seat=0, keep=0, lines=[])]


def test_news_add_up_to_the_whole_whenever_one_begins_to_listen():
    rng = Random(1)
    delayed, now, strokes = DelayedInk(), 0.0, dict.fromkeys(range(3), 0)
    early: dict[int, list[InkLine]] = {}
    late: dict[int, list[InkLine]] = {}
    for step in range(400):
        now += rng.uniform(1, 60)
        seat, kind = rng.randrange(3), rng.random()
        if kind < 0.8:
            new = kind < 0.3 or strokes[seat] == 0
            stroke = strokes[seat] - (not new)
            strokes[seat] = stroke + 1
            delayed.add(ink(now, stroke, rng.random(), rng.random(), seat=seat))
        else:
            strokes[seat] = 0 if kind > 0.97 else max(strokes[seat] - 1, 0)
            delayed.add(erased(now, strokes[seat], seat=seat))
        if step % 5 == 0:
            news = delayed.release(now)
            seen(early, news)
            if step > 200:
                seen(late, news)
            if step == 200:
                seen(late, delayed.whole())
    assert any(early.values())
    assert late == early
