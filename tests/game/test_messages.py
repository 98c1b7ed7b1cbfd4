"""Messages: valid and invalid ones, and that a message survives serialisation unchanged."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import ValidationError

from game.messages import (
    MAX_MESSAGE_BYTES,
    MAX_POINTS_A_MESSAGE,
    Guess,
    Guesses,
    Ink,
    Join,
    Open,
    Problem,
    Profile,
    RaceState,
    RoomSettings,
    RoundResult,
    SeatState,
    State,
    Welcome,
    client_message,
    server_message,
)
from game.messages.race import MAX_BADGE

INK = {"type": "ink", "round": 1, "stroke": 0, "points": [[1, 2, 3]]}


@pytest.mark.parametrize(
    "message",
    [
        {"type": "hello"},
        {"type": "hello", "token": "abc"},
        {"type": "start", "mode": "sprint"},
        INK,
        {"type": "undo", "round": 1},
        {"type": "clear", "round": 1},
        {"type": "skip", "round": 1},
        {"type": "leave"},
        {"type": "ping", "sent": 12.5},
        {"type": "join", "code": "ABCDEF", "name": "Mia", "colour": 3, "badge": "AA__.A__A"},
        {"type": "profile", "badge": ""},
    ],
)
def test_valid_client_messages(message: dict[str, Any]):
    read = client_message.validate_json(json.dumps(message))
    assert read.model_dump(exclude_unset=True) == message | (
        {"points": [(1, 2, 3)]} if message is INK else {}
    )


@pytest.mark.parametrize(
    "change",
    [
        {"points": []},
        {"points": [[1, 2]]},
        {"points": [[1, 2, 3, 4]]},
        {"points": [[1, "two", 3]]},
        {"points": [[1, None, 3]]},
        {"points": [[float("nan"), 2, 3]]},
        {"points": [[float("inf"), 2, 3]]},
        {"points": [[1e9, 2, 3]]},
        {"points": [[1, 2, -3]]},
        {"points": [[1, 2, 3]] * (MAX_POINTS_A_MESSAGE + 1)},
        {"points": "1,2,3"},
        {"stroke": -1},
        {"stroke": 500},
        {"stroke": 0.5},
        {"round": "first"},
        {"round": None},
        {"won": True},
        {"type": "guess"},
        {"type": None},
    ],
)
def test_ink_that_breaks_the_form_is_refused(change: dict[str, Any]):
    with pytest.raises(ValidationError):
        client_message.validate_json(json.dumps(INK | change))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "7", '"hello"', "{}", "[" * 9_000])
def test_what_is_no_message_is_refused(text: str):
    with pytest.raises(ValidationError):
        client_message.validate_json(text)


def test_the_largest_ink_fits_a_message():
    longest = Ink(round=999, stroke=499, points=[(-123.45, -123.45, 123456.7)] * 1_000)
    assert len(longest.model_dump_json()) <= MAX_MESSAGE_BYTES


numbers = some.floats(0, 1e6)
columns = some.lists(
    some.lists(some.lists(numbers, max_size=3), min_size=3, max_size=3), max_size=2
)
words = some.text(max_size=9)
guesses = some.lists(some.builds(Guess, word=words, probability=some.floats(0, 1)), max_size=5)
results = some.builds(
    RoundResult,
    word=words,
    outcome=some.sampled_from(["guessed", "bell", "skipped"]),
    milliseconds=numbers,
    points=numbers,
    best=some.floats(0, 1),
    strokes=columns,
    guesses=guesses,
)
badges = some.none() | some.text(max_size=MAX_BADGE)
seats = some.builds(
    SeatState,
    seat=some.integers(0, 29),
    name=words,
    colour=some.integers(0, 7),
    badge=badges,
    delay=some.none() | numbers,
    points=numbers,
)
people = some.one_of(
    some.builds(Open, name=some.none() | words, badge=badges),
    some.builds(Profile, name=some.none() | words, badge=badges),
    some.builds(Join, code=words, badge=badges),
)
messages = some.one_of(
    some.builds(
        Guesses,
        round=some.integers(),
        frame=some.integers(),
        guesses=guesses,
        target=some.floats(0, 1),
        hold=some.sampled_from([0, 1]),
    ),
    some.builds(
        State,
        stage=some.sampled_from(["home", "countdown", "drawing", "reveal", "over"]),
        mode=some.sampled_from(["sprint", "quick_six", "practise", None]),
        left=some.none() | numbers,
        total=some.none() | numbers,
        points=numbers,
        strokes=columns,
        results=some.lists(results, max_size=2),
    ),
    some.builds(
        Welcome,
        thresholds=some.dictionaries(words, some.floats(0, 1)),
        words=some.lists(words),
    ),
    some.builds(
        RaceState,
        kind=some.just("room"),
        code=words,
        stage=some.just("lobby"),
        you=some.none() | some.integers(0, 29),
        seats=some.lists(seats, max_size=3),
        settings=some.just(RoomSettings()),
        rounds=some.just(3),
    ),
    some.builds(Problem, code=some.sampled_from(["malformed", "stopping"]), text=words),
)


@given(messages)
def test_server_messages_survive_serialisation(
    message: State | Guesses | Welcome | Problem | RaceState,
):
    assert server_message.validate_json(message.model_dump_json()) == message


@given(people)
def test_who_comes_survives_serialisation(message: Open | Profile | Join):
    assert client_message.validate_json(message.model_dump_json()) == message


def test_a_badge_beyond_all_measure_is_malformed():
    with pytest.raises(ValidationError):
        client_message.validate_json(json.dumps({"type": "open", "badge": "A" * (MAX_BADGE + 1)}))
