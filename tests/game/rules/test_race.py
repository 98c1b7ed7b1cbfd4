"""The race: places and points, the bell, link delay, leaving players, and random events."""

from collections.abc import Iterator
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as some

from game.messages import Ink, Point, Replay, RoomSettings
from game.rules.attempt import VERDICT_GAP, Frame
from game.rules.finishing import divided
from game.rules.modes import COUNTDOWN, SECOND
from game.rules.race import (
    BELL_POINTS,
    LATE,
    POINTS,
    REVEAL,
    STORE_WITHIN,
    NotNow,
    Race,
    Round,
    TooLate,
    score,
)
from game.rules.runner import MAX_COMPENSATION, AttemptResult, Recorded, Runner
from tests.game.fakes import THRESHOLDS, WORDS, row

LENGTH = 20 * SECOND
LINE: list[Point] = [(0, 0, 0), (100, 100, 100)]


def race_of(*runners: Runner, rounds: int = 3) -> Race:
    order: Iterator[str] = cycle(WORDS)
    race = Race(order, RoomSettings(), WORDS, THRESHOLDS, 0.0, rounds=rounds)
    for runner in runners:
        race.enter(runner)
    return race


def drawing_race(players: int = 2, rounds: int = 3) -> Race:
    """A race at the first moment of its first word, which is `COUNTDOWN`."""
    race = race_of(*(Runner(seat) for seat in range(players)), rounds=rounds)
    race.advance(COUNTDOWN)
    return race


def draw(race: Race, seat: int, now: float) -> None:
    race.pad(seat, race.round, now).draw(Ink(round=race.round, stroke=0, points=LINE), now)


def take_frame(race: Race, seat: int, now: float) -> Frame:
    frame = race.take_frame(seat, now)
    assert frame is not None
    return frame


def win(race: Race, seat: int, at: float) -> None:
    """Have a drawing guessed by a frame of time `at`."""
    draw(race, seat, at - VERDICT_GAP)
    assert race.word is not None
    for when in (at - VERDICT_GAP, at):
        race.judged(seat, take_frame(race, seat, when), row(race.word), when)


def settle(race: Race, now: float) -> Round:
    """The result that is stored and shown."""
    race.advance(now)
    assert (race.stage, race.scored) == ("settling", True)
    race.stored(now)
    assert race.stage == "reveal"
    return race.results[-1]


def points_of(result: Round) -> dict[int, float]:
    return {entry.result.seat: entry.points for entry in result.scored}


# -- points ----------------------------------------------------------------------------------------


def result(
    seat: int, guessed: bool, milliseconds: float, best: float, at: float = 0.0
) -> AttemptResult:
    return AttemptResult(seat, guessed, milliseconds, 1, best, at, None, 0.0, [], [])


def test_points_go_by_the_order_of_being_guessed():
    times = [900.0, 300.0, 700.0, 500.0, 1_000.0]
    scored = score([result(seat, True, ms, 0.9) for seat, ms in enumerate(times)])
    assert [(s.result.seat, s.place, s.points) for s in scored] == [
        (1, 1, 5),
        (3, 2, 3),
        (2, 3, 2),
        (0, 4, 1),
        (4, 5, 1),
    ]


def test_at_the_bell_the_best_probability_takes_half_the_points():
    scored = score([result(0, False, LENGTH, 0.3), result(1, False, LENGTH, 0.6)])
    assert [(s.result.seat, s.place, s.points) for s in scored] == [
        (1, 1, BELL_POINTS),
        (0, None, 0),
    ]


def test_the_best_at_the_bell_gets_half_of_a_winners_points():
    assert (BELL_POINTS, POINTS[0]) == (2.5, 5)


def test_what_is_given_back_is_less_than_the_shortest_win():
    race = race_of(Runner(0, delay=1e6), Runner(1))
    race.advance(COUNTDOWN)
    flick = Ink(round=1, stroke=0, points=[(0, 0, 0), (100, 0, 0)])
    race.pad(0, 1, COUNTDOWN).draw(flick, COUNTDOWN)
    for when in (COUNTDOWN, COUNTDOWN + VERDICT_GAP):
        race.judged(0, take_frame(race, 0, when), row(race.word or ""), when)
    won = race.progress(COUNTDOWN + VERDICT_GAP)[0].milliseconds
    assert won == VERDICT_GAP - MAX_COMPENSATION > 0


def test_equal_probabilities_are_ranked_by_when_they_were_reached():
    scored = score([result(0, False, LENGTH, 0.6, 9_000), result(1, False, LENGTH, 0.6, 4_000)])
    assert scored[0].result.seat == 1


def test_a_drawing_that_was_not_guessed_gets_no_points_if_another_was():
    scored = score([result(0, False, LENGTH, 0.99), result(1, True, 5_000, 0.9)])
    assert [(s.result.seat, s.points) for s in scored] == [(1, 5), (0, 0)]


def test_empty_pads_win_nothing():
    scored = score([result(0, False, LENGTH, 0), result(1, False, LENGTH, 0)])
    assert [(s.place, s.points) for s in scored] == [(None, 0), (None, 0)]
    assert Round(1, "one", tuple(scored)).winner is None
    assert score([]) == []


# -- the course ------------------------------------------------------------------------------------


def test_a_race_goes_from_countdown_to_podium_by_itself():
    race = race_of(Runner(0), Runner(1))
    stages = [race.stage]
    words: list[str | None] = []
    for now in range(0, 120_000, 50):
        race.advance(now)
        if race.stage != stages[-1]:
            stages.append(race.stage)
            words.append(race.word)
    assert stages == ["countdown", *["drawing", "settling", "reveal"] * 3, "over"]
    assert [result.word for result in race.results] == list(WORDS[:3])
    assert race.deadline is None


def test_the_first_verdict_wins_and_the_others_may_finish():
    race = drawing_race(3)
    win(race, 1, COUNTDOWN + 4_000)
    assert race.stage == "drawing"
    win(race, 0, COUNTDOWN + 9_000)
    assert race.stage == "drawing"
    result = settle(race, COUNTDOWN + LENGTH + LATE)
    assert points_of(result) == {1: POINTS[0], 0: POINTS[1], 2: 0}
    assert [s.result.milliseconds for s in result.scored] == [4_000, 9_000, LENGTH]
    assert result.winner == 1


def test_a_round_ends_early_when_all_are_guessed():
    race = drawing_race(2)
    win(race, 0, COUNTDOWN + 2_000)
    win(race, 1, COUNTDOWN + 3_000)
    assert settle(race, COUNTDOWN + 3_000).winner == 0
    race.advance(COUNTDOWN + 3_000 + REVEAL)
    assert (race.stage, race.round, race.number) == ("drawing", 2, 2)


@pytest.mark.parametrize(("word", "stage"), [("one", "settling"), ("two", "drawing")])
def test_each_word_has_its_own_threshold(word: str, stage: str):
    """At 0.7, a word with threshold 0.5 is guessed, which ends the round; one with 0.9 is not."""
    thresholds = dict.fromkeys(WORDS, 0.7) | {"one": 0.5, "two": 0.9}
    race = Race(iter([word]), RoomSettings(), WORDS, thresholds, 0.0, rounds=1)
    race.enter(Runner(0))
    race.advance(COUNTDOWN)
    start = COUNTDOWN + SECOND
    draw(race, 0, start)
    for when in (start, start + VERDICT_GAP):
        race.judged(0, take_frame(race, 0, when), row(word, 0.7), when)
    race.advance(start + VERDICT_GAP)
    assert race.stage == stage


def test_results_that_cannot_be_stored_do_not_stop_the_race():
    race = drawing_race()
    race.advance(COUNTDOWN + LENGTH + LATE + STORE_WITHIN)
    assert race.stage == "reveal"


def test_nothing_is_stored_twice_over():
    race = drawing_race()
    settle(race, COUNTDOWN + LENGTH + LATE)
    changes = race.changes
    race.stored(COUNTDOWN + LENGTH + LATE + 5)
    assert race.changes == changes


def test_podium_is_by_points_then_time():
    race = drawing_race(3, rounds=2)
    win(race, 2, COUNTDOWN + 1_000)
    win(race, 1, COUNTDOWN + 2_000)
    win(race, 0, COUNTDOWN + 3_000)
    settle(race, COUNTDOWN + 3_000)
    again = COUNTDOWN + 3_000 + REVEAL
    race.advance(again)
    win(race, 1, again + 1_500)
    win(race, 2, again + 1_600)
    win(race, 0, again + 1_700)
    settle(race, again + 1_700)
    race.advance(again + 1_700 + REVEAL)
    assert race.stage == "over"
    places = [(runner.seat, runner.points, runner.milliseconds) for runner in race.podium]
    assert places == [(2, 8, 2_600), (1, 8, 3_500), (0, 4, 4_700)]


# -- too early, too late ---------------------------------------------------------------------------


def test_the_pad_is_closed_in_the_countdown():
    race = race_of(Runner(0), Runner(1))
    with pytest.raises(NotNow):
        draw(race, 0, COUNTDOWN - 1)


def test_the_pad_is_closed_after_the_bell():
    race = drawing_race()
    draw(race, 0, COUNTDOWN + LENGTH)
    with pytest.raises(TooLate):
        draw(race, 0, COUNTDOWN + LENGTH + 1)


@pytest.mark.parametrize(("round", "error"), [(0, TooLate), (2, NotNow)])
def test_other_rounds_have_no_pad(round: int, error: type[Exception]):
    race = drawing_race()
    with pytest.raises(error):
        race.pad(0, round, COUNTDOWN + 100)


def test_a_seat_outside_the_race_has_no_pad():
    race = drawing_race()
    with pytest.raises(NotNow):
        draw(race, 7, COUNTDOWN + 100)


def test_an_answer_about_ink_before_the_bell_still_counts():
    race = drawing_race()
    draw(race, 0, COUNTDOWN + LENGTH - VERDICT_GAP - 100)
    backs = (VERDICT_GAP + 50, 20)
    frames = [take_frame(race, 0, COUNTDOWN + LENGTH - back) for back in backs]
    race.advance(COUNTDOWN + LENGTH)
    for frame in frames:
        race.judged(0, frame, row(race.word or ""), COUNTDOWN + LENGTH + LATE - 1)
    result = settle(race, COUNTDOWN + LENGTH + LATE)
    assert result.scored[0].result.milliseconds == LENGTH - 20


def test_a_frame_that_is_taken_after_the_bell_is_dated_at_the_bell():
    race = drawing_race()
    draw(race, 0, COUNTDOWN + LENGTH - 200)
    race.advance(COUNTDOWN + LENGTH)
    assert take_frame(race, 0, COUNTDOWN + LENGTH + LATE / 2).at == COUNTDOWN + LENGTH


def test_a_race_is_in_a_round_until_its_last_reveal_ends():
    race = drawing_race(rounds=2)
    now, seen = COUNTDOWN, [race.in_round]
    for _ in range(2):
        now += LENGTH + LATE
        settle(race, now)
        seen.append(race.in_round)
        now += REVEAL
        race.advance(now)
    assert (seen, race.stage, race.in_round) == ([True, False, True], "over", False)


def test_an_answer_after_that_does_not():
    race = drawing_race()
    draw(race, 0, COUNTDOWN + LENGTH - 200)
    frame = take_frame(race, 0, COUNTDOWN + LENGTH - 20)
    race.advance(COUNTDOWN + LENGTH)
    assert race.judged(0, frame, row(race.word or ""), COUNTDOWN + LENGTH + LATE) is None
    assert race.results[-1].scored[0].result.best == 0


def test_a_late_answer_does_not_touch_the_next_round():
    race = drawing_race()
    draw(race, 0, COUNTDOWN + 1_000)
    late = take_frame(race, 0, COUNTDOWN + 1_000)
    settle(race, COUNTDOWN + LENGTH + LATE)
    now = COUNTDOWN + LENGTH + LATE + REVEAL
    race.advance(now)
    draw(race, 0, now + 1_000)
    assert race.judged(0, late, row(race.word or ""), now + 1_000) is None
    assert race.progress(now)[0].target == 0


# -- link delay ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("delay", "given"), [(None, 0), (80, 80), (400, MAX_COMPENSATION)])
def test_the_link_delay_is_given_back(delay: float | None, given: float):
    race = race_of(Runner(0, delay), Runner(1))
    race.advance(COUNTDOWN)
    win(race, 0, COUNTDOWN + 3_000)
    win(race, 1, COUNTDOWN + 3_000)
    first = settle(race, COUNTDOWN + 3_000).scored[0].result
    assert (first.seat, first.milliseconds) == (0, 3_000 - given)
    assert (first.delay, first.compensated) == (delay, given)


def test_a_slow_link_has_its_pad_open_for_as_long_after_the_bell():
    race = race_of(Runner(0, 100), Runner(1))
    race.advance(COUNTDOWN)
    draw(race, 0, COUNTDOWN + LENGTH + 100)
    with pytest.raises(TooLate):
        draw(race, 0, COUNTDOWN + LENGTH + 101)
    with pytest.raises(TooLate):
        draw(race, 1, COUNTDOWN + LENGTH + 50)


def test_the_round_lasts_as_long_as_the_pad_of_the_slowest_link_is_open():
    race = race_of(Runner(0, 100), Runner(1))
    race.advance(COUNTDOWN)
    assert (race.bell, race.deadline) == (COUNTDOWN + LENGTH, COUNTDOWN + LENGTH + 100)
    race.advance(COUNTDOWN + LENGTH + 99)
    assert race.stage == "drawing"


# -- coming and leaving ----------------------------------------------------------------------------


def test_a_vanished_player_delays_no_one_and_comes_back_to_the_same_ink():
    race = drawing_race(3)
    draw(race, 2, COUNTDOWN + 1_000)
    race.connect(2, False, COUNTDOWN + 1_500)
    win(race, 0, COUNTDOWN + 2_000)
    race.connect(2, True, COUNTDOWN + 2_500)
    frame = take_frame(race, 2, COUNTDOWN + 2_500)
    assert len(frame.drawing.strokes[0].xy) == 2
    race.connect(2, False, COUNTDOWN + 2_600)
    win(race, 1, COUNTDOWN + 3_000)
    assert settle(race, COUNTDOWN + 3_000).winner == 0


def test_a_race_that_all_vanished_from_still_ends():
    race = drawing_race()
    race.connect(0, False, COUNTDOWN + 1)
    race.connect(1, False, COUNTDOWN + 2)
    assert race.stage == "drawing"
    race.advance(1e9)
    assert (race.stage, len(race.results)) == ("over", 3)


def test_a_player_who_leaves_keeps_the_points():
    race = drawing_race(3)
    win(race, 2, COUNTDOWN + 1_000)
    settle(race, COUNTDOWN + LENGTH + LATE)
    race.leave(2, COUNTDOWN + LENGTH + LATE + 10)
    result = settle(race, COUNTDOWN + 2 * (LENGTH + LATE) + REVEAL)
    assert set(points_of(result)) == {0, 1}
    race.advance(1e9)
    assert race.podium[0].seat == 2


def test_a_race_is_over_when_the_last_player_leaves():
    race = race_of(Runner(0), Recorded(1, (None,) * 3))
    race.advance(COUNTDOWN)
    race.leave(0, COUNTDOWN + 10)
    assert (race.stage, race.deadline) == ("over", None)


def test_a_late_player_runs_from_the_next_round_on():
    race = drawing_race()
    race.enter(Runner(5))
    with pytest.raises(NotNow):
        draw(race, 5, COUNTDOWN + 100)
    result = settle(race, COUNTDOWN + LENGTH + LATE)
    assert set(points_of(result)) == {0, 1}
    race.advance(COUNTDOWN + LENGTH + LATE + REVEAL)
    draw(race, 5, COUNTDOWN + LENGTH + LATE + REVEAL + 200)


# -- ghosts ----------------------------------------------------------------------------------------


def replay(milliseconds: float, outcome: str = "guessed") -> Replay:
    return Replay.model_validate(
        {
            "word": "one",
            "outcome": outcome,
            "milliseconds": milliseconds,
            "frame": 3,
            "best": 0.9,
            "points": 5,
            "strokes": [[[0, 9], [0, 9], [0, 9]]],
            "frames": [(1, 500.0, 0.2, "two"), (3, milliseconds, 0.9, "one")],
            "name": "Ghost",
            "colour": 1,
            "mode": "room",
            "model": "m",
        }
    )


def test_a_ghost_draws_at_its_own_speed():
    race = race_of(Runner(0), Recorded(1, (replay(5_000),) * 3))
    race.advance(COUNTDOWN)

    def target(at: float) -> tuple[float, float | None]:
        ghost = race.progress(COUNTDOWN + at)[1]
        return ghost.target, ghost.milliseconds

    assert [target(at) for at in (100, 600, 5_000)] == [(0, None), (0.2, None), (0.9, 5_000)]
    win(race, 0, COUNTDOWN + 6_000)
    result = settle(race, COUNTDOWN + 6_000)
    assert points_of(result) == {1: 5, 0: 3}
    assert result.scored[0].result.strokes == replay(0).strokes


def test_nobody_waits_for_a_ghost_but_its_time_counts():
    race = race_of(Runner(0), Recorded(1, (replay(15_000),) * 3))
    race.advance(COUNTDOWN)
    win(race, 0, COUNTDOWN + 6_000)
    assert points_of(settle(race, COUNTDOWN + 6_000)) == {0: 5, 1: 3}


def test_a_ghost_without_a_replay_of_the_word_gets_nothing():
    race = race_of(Runner(0), Recorded(1, (None,) * 3))
    race.advance(COUNTDOWN)
    win(race, 0, COUNTDOWN + 6_000)
    assert points_of(settle(race, COUNTDOWN + 6_000)) == {0: 5, 1: 0}


def test_a_ghost_that_was_guessed_at_the_bell_was_guessed():
    race = race_of(Runner(0), Recorded(1, (replay(LENGTH),) * 3))
    race.advance(COUNTDOWN)
    assert points_of(settle(race, COUNTDOWN + LENGTH + LATE)) == {1: 5, 0: 0}


def test_what_a_ghost_reached_after_the_bell_does_not_count():
    race = race_of(Runner(0), Recorded(1, (replay(LENGTH + 5_000),) * 3))
    race.advance(COUNTDOWN)
    ghost = settle(race, COUNTDOWN + LENGTH + LATE).scored[0].result
    assert (ghost.seat, ghost.guessed, ghost.frame) == (1, False, 1)
    assert (ghost.best, ghost.best_at, len(ghost.frames)) == (0.2, 500.0, 1)


# -- any order of events ---------------------------------------------------------------------------

KINDS = ["draw", "right", "wrong", "late", "leave", "away", "back", "enter", "stored", "erase"]
EVENTS = some.lists(
    some.tuples(some.sampled_from(KINDS), some.integers(0, 5), some.floats(0, 6_000)), max_size=80
)


class Crowd:
    """A race of three under random events, checked after each."""

    def __init__(self) -> None:
        self.race = race_of(*(Runner(seat, 60.0 * seat) for seat in range(3)))
        self.now = 0.0
        self.gone: set[int] = set()
        self.frames: list[tuple[int, Frame]] = []

    def do(self, event: str, seat: int, wait: float) -> None:
        self.now += wait
        race = self.race
        race.advance(self.now)
        if event == "enter" and seat not in race.runners:
            race.enter(Runner(seat))
        elif event == "stored":
            race.stored(self.now)
        elif event == "late" and self.frames:
            self.answer(*self.frames[0], "right")
        elif seat in race.runners and seat not in self.gone:
            self.act(event, seat)
        self.check()

    def act(self, event: str, seat: int) -> None:
        race = self.race
        if event == "leave":
            race.leave(seat, self.now)
            self.gone.add(seat)
        elif event in ("away", "back"):
            race.connect(seat, event == "back", self.now)
        elif event in ("draw", "erase"):
            try:
                attempt = race.pad(seat, race.round, self.now)
            except (NotNow, TooLate):
                return
            attempt.clear() if event == "erase" else attempt.sheet.add(0, LINE)
        elif event in ("right", "wrong") and (frame := race.take_frame(seat, self.now)):
            self.frames.append((seat, frame))
            self.answer(seat, frame, event)

    def answer(self, seat: int, frame: Frame, event: str) -> None:
        race = self.race
        stale = frame.attempt.round != race.round
        before = race.changes, len(race.results), frame.attempt.frame
        probabilities = row(frame.attempt.word or "", 0.9 if event == "right" else 0.3)
        message = race.judged(seat, frame, probabilities, self.now)
        if stale or seat in self.gone:
            assert message is None
            assert (race.changes, len(race.results), frame.attempt.frame) == before

    def check(self) -> None:
        race = self.race
        given_points = sum(entry.points for result in race.results for entry in result.scored)
        assert sum(runner.points for runner in race.runners.values()) == given_points
        assert (race.stage == "over") == (race.deadline is None)
        assert [result.round for result in race.results] == list(range(1, len(race.results) + 1))
        for result in race.results:
            seats = [entry.result.seat for entry in result.scored]
            assert len(set(seats)) == len(seats)
            assert points_as_promised(result)


def points_as_promised(result: Round) -> bool:
    """Check the points: 5/3/2/1/1... by time of the guess, or 2.5 for the best without one."""
    guessed = [entry for entry in result.scored if entry.result.guessed]
    times = [entry.result.milliseconds for entry in guessed]
    promised = [*POINTS, *[POINTS[-1]] * len(guessed)][: len(guessed)]
    others = [entry.points for entry in result.scored if not entry.result.guessed]
    bell = [BELL_POINTS, *[0.0] * (len(others) - 1)]
    return (
        times == sorted(times)
        and [entry.points for entry in guessed] == promised
        and (not any(others) or (not guessed and others == bell))
    )


@given(EVENTS)
def test_every_race_ends_and_its_points_add_up(events: list[tuple[str, int, float]]):
    crowd = Crowd()
    for event in events:
        crowd.do(*event)
    crowd.race.advance(crowd.now + 200 * SECOND)
    crowd.check()
    assert crowd.race.stage == "over"


# -- finishing a drawing ---------------------------------------------------------------------------


def more(race: Race, stroke: int, now: float) -> Ink:
    return Ink(round=race.round, stroke=stroke, points=[(9, 9, now - COUNTDOWN), (60, 9, 9_000)])


def test_a_winner_may_finish_the_drawing_and_neither_time_nor_guess_changes():
    race = drawing_race()
    win(race, 0, COUNTDOWN + 3_000)
    time = race.runners[0].finished
    later = COUNTDOWN + 9_000
    pad = race.pad(0, race.round, later)
    pad.draw(more(race, 1, later - 400), later)
    assert race.take_frame(0, later) is None  # nothing is judged any more
    win(race, 1, COUNTDOWN + 12_000)
    first = settle(race, COUNTDOWN + 12_000).scored[0].result
    assert (first.seat, first.milliseconds) == (0, time)
    assert len(first.strokes) == 2
    before, after = divided(first.strokes, first.frames[-1][1])
    assert (len(before), len(after)) == (1, 1)


def test_a_drawing_ends_when_everyone_is_done_and_nobody_knows_the_points_before_the_reveal():
    race = drawing_race()
    win(race, 0, COUNTDOWN + 3_000)
    win(race, 1, COUNTDOWN + 4_000)
    assert (race.stage, race.scored) == ("settling", True)
    with pytest.raises(TooLate):
        race.pad(0, race.round, COUNTDOWN + 4_100)
    assert (race.told, race.points(0)) == ([], 0)
    race.stored(COUNTDOWN + 4_200)
    assert (len(race.told), race.points(0)) == (1, POINTS[0])


def test_what_was_guessed_cannot_be_erased():
    race = drawing_race()
    win(race, 0, COUNTDOWN + 3_000)
    later = COUNTDOWN + 9_000
    pad = race.pad(0, race.round, later)
    with pytest.raises(TooLate):
        pad.undo()
    pad.draw(more(race, 1, later - 400), later)
    pad.undo()
    pad.draw(more(race, 1, later - 300), later)
    pad.clear()
    assert pad.sheet.strokes == 1


def test_a_drawing_ends_with_the_guess_if_the_host_chose_so():
    race = Race(cycle(WORDS), RoomSettings(finish=False), WORDS, THRESHOLDS, 0.0)
    for seat in range(2):
        race.enter(Runner(seat))
    race.advance(COUNTDOWN)
    win(race, 0, COUNTDOWN + 3_000)
    with pytest.raises(TooLate):
        race.pad(0, race.round, COUNTDOWN + 4_000)


def test_a_stroke_is_divided_at_the_moment_of_the_guess():
    strokes = [[[0.0, 1.0, 2.0], [5.0, 5.0, 5.0], [0.0, 10.0, 20.0]], [[9.0], [9.0], [30.0]]]
    before, after = divided(strokes, 10.0)
    assert before == [[[0.0, 1.0], [5.0, 5.0], [0.0, 10.0]]]
    assert after == [[[1.0, 2.0], [5.0, 5.0], [10.0, 20.0]], [[9.0], [9.0], [30.0]]]
    assert divided(strokes, float("inf")) == (strokes, [])
