"""The race benchmark: its meter counts correctly, and it runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import race
from benchmarks.tools.meter import Meter
from game.messages import (
    Clear,
    Guess,
    Guesses,
    Ink,
    Point,
    Problem,
    RaceStage,
    RaceState,
    Reveal,
    RevealedDrawing,
    RoomSettings,
    Strokes,
)
from models.command import UserError
from tests import made

STATE = RaceState(
    kind="room", code="A", stage="drawing", you=3, seats=[], settings=RoomSettings(), rounds=3
)
LINE: list[Point] = [(0, 0, 0), (20, 0, 50), (40, 0, 100), (60, 0, 150)]


@pytest.fixture
def meter() -> Meter:
    """The meter of a bot in seat 3 that has drawn a line."""
    meter = Meter()
    meter.heard(STATE)
    for point in LINE:
        meter.said(Ink(round=1, stroke=0, points=[point]))
    return meter


def guess(points: int, round: int = 1) -> Guesses:
    best = Guess(word="house", probability=0.5)
    return Guesses(round=round, frame=1, points=points, guesses=[best], target=0.1)


def reveal(strokes: Strokes, milliseconds: float = 1_000, seat: int = 3) -> Reveal:
    drawing = RevealedDrawing(
        seat=seat,
        name="Bot",
        colour=0,
        place=1,
        outcome="guessed",
        points=5,
        milliseconds=milliseconds,
        frame=1,
        best=0.9,
        delay=None,
        compensated=0,
        strokes=strokes,
        frames=[],
    )
    return Reveal(round=1, word="house", winner=seat, drawings=[drawing])


def columns(points: list[Point]) -> Strokes:
    return [list(map(list, zip(*points, strict=True)))]


def test_each_point_waits_for_the_first_guess_that_knows_it(meter: Meter):
    meter.heard(guess(3))  # the first two points are too little to be judged
    assert len(meter.seen.waits) == 1
    meter.heard(guess(3))
    meter.heard(guess(4))
    meter.heard(guess(4, round=9))
    assert (len(meter.seen.waits), meter.seen.guesses) == (2, 3)
    assert all(wait >= 0 for wait in meter.seen.waits)


def test_what_is_revealed_as_sent_is_judged_again(meter: Meter):
    meter.heard(guess(4))
    meter.heard(reveal(columns(LINE)))
    seen = meter.seen
    assert (seen.rounds, seen.won, seen.missing, seen.altered) == (1, 1, 0, 0)
    assert [(f.word, f.probability, f.strokes) for f in seen.finals] == [
        ("house", 0.5, columns(LINE))
    ]


def test_lost_points_are_missing_but_not_those_of_the_last_moment(meter: Meter):
    meter.heard(reveal(columns(LINE[:2]), milliseconds=600))
    assert (meter.seen.missing, meter.seen.altered) == (1, 0)


def test_other_ink_is_altered(meter: Meter):
    meter.heard(reveal(columns([*LINE[:2], (9, 9, 100)])))
    meter.heard(reveal(columns([(1, 1, 1)]), seat=2))
    assert meter.seen.altered == 1


def test_a_cleared_pad_is_a_new_one(meter: Meter):
    meter.said(Clear(round=1))
    meter.heard(guess(4))
    assert meter.seen.waits == []
    meter.heard(reveal(columns(LINE)))  # the bell was before
    assert meter.seen.altered == 0


def test_problems_are_counted(meter: Meter):
    for _ in range(2):
        meter.heard(Problem(code="too_late", text=""))
    assert meter.seen.problems == {"too_late": 2}


@pytest.mark.parametrize(
    ("stages", "races"),
    [(["drawing"], 0), (["over", "over", "drawing"], 1), (["over", "countdown", "over"], 2)],
)
def test_ends_of_races_are_counted(meter: Meter, stages: list[RaceStage], races: int):
    for stage in stages:
        meter.heard(STATE.model_copy(update={"stage": stage}))
    assert meter.seen.races == races


def test_growth_of_memory_is_told_a_minute():
    growing = [(float(at), 300 + at / 10) for at in range(0, 60, 5)]
    assert race.a_minute(growing) == pytest.approx(6)
    assert race.a_minute(growing[:2]) is None


def test_bots_race_and_nothing_is_lost(tmp_path: Path):
    made.publish(tmp_path, "small")
    out = tmp_path / "race.json"
    options = race.Options(
        rooms=2, players=2, seconds=18, round_seconds=10, model="small", shelf=tmp_path, out=out
    )
    race.main(options)
    result: dict[str, Any] = json.loads(out.read_text("utf-8"))
    assert (result["players"], result["dropped"], result["wrong"]) == (4, 0, 0)
    assert result["rounds"] >= 4
    assert result["ink_to_guess"]["n"] > 0
    assert result["ink_to_guess"]["median_ms"] <= result["ink_to_guess"]["p99_ms"]
    assert 0 < result["ink_to_guess_settled"]["n"] < result["ink_to_guess"]["n"]
    assert result["memory_mib"]["start"] > 0
    assert result["memory_mib_a_minute"]["after_first_race"] is None  # it is still running


@pytest.mark.parametrize(("rooms", "players"), [(0, 4), (1, 1), (1, 31)])
def test_what_is_no_race_is_refused(rooms: int, players: int):
    with pytest.raises(UserError, match="no race"):
        race.main(race.Options(rooms=rooms, players=players))
