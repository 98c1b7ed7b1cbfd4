"""Clients that cheat gain no points, are told why, and do not disturb others."""

import asyncio
import json
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import pytest

from game.messages import (
    MAX_MESSAGE_BYTES,
    MAX_POINTS_A_MESSAGE,
    Begin,
    Join,
    Open,
    Problem,
    RaceStage,
    RaceState,
    Reveal,
)
from game.rules import race
from tests.game.fakes import bars
from tests.game.serving import Client, running

Json = dict[str, Any]


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    """A server whose rounds last a fifth of the time."""
    monkeypatch.setattr(race, "SECOND", 200.0)
    monkeypatch.setattr(race, "COUNTDOWN", 300.0)
    with running() as address:
        yield address


def ink(round: int, word: str, **changes: object) -> Json:
    """The whole drawing of a word as one stroke, with the times of a hand."""
    points = [point for stroke in bars(word) for point in stroke]
    return {"type": "ink", "round": round, "stroke": 0, "points": points, **changes}


def bar(round: int, x: float, *ts: float) -> Json:
    """A line across the middle."""
    points = [[x, 20 + 200 * i / (len(ts) - 1), t] for i, t in enumerate(ts)]
    return {"type": "ink", "round": round, "stroke": 0, "points": points}


def all_at_once(asked: str) -> list[Json]:
    """Five bars at the moment the round begins, each in a message.

    For the word "one" they are a single stroke instead, because a hand may draw one bar at once.
    """
    strokes = [[[x, y, 0] for x, y, _ in stroke] for stroke in bars("five")]
    if asked == "one":
        strokes = [[point for stroke in strokes for point in stroke]]
    return [
        {"type": "ink", "round": 1, "stroke": number, "points": points}
        for number, points in enumerate(strokes)
    ]


@dataclass(frozen=True)
class Trick:
    """The messages of a cheating client in a stage, and the expected answers.

    Attributes:
        send: makes the messages from the word and the victim's seat.
        codes: codes of problems, of which the client must get one.
    """

    name: str
    send: Any
    codes: tuple[str, ...]
    stage: RaceStage = "drawing"


TRICKS = [
    Trick("claims a win", lambda w, s: [{"type": "win", "round": 1}], ("malformed",)),
    Trick(
        "claims progress",
        lambda w, s: [
            {"type": "progress", "round": 1, "seats": [{"seat": 1, "target": 1, "milliseconds": 1}]}
        ],
        ("malformed",),
    ),
    Trick(
        "claims a guess",
        lambda w, s: [{"type": "guess", "round": 1, "frame": 9, "guesses": [], "target": 1.0}],
        ("malformed",),
    ),
    Trick("inks another seat", lambda w, s: [ink(1, w, seat=s)], ("malformed",)),
    Trick("inks as another", lambda w, s: [{**ink(1, w), "token": "x"}], ("malformed",)),
    Trick("inks before the start", lambda w, s: [ink(1, "two")], ("not_now",), "countdown"),
    Trick("inks after the bell", lambda w, s: [ink(1, w)], ("too_late",), "reveal"),
    Trick("inks the next round", lambda w, s: [ink(2, w)], ("not_now",)),
    Trick("inks an earlier round", lambda w, s: [ink(0, w)], ("too_late",)),
    Trick(
        "draws all at once",
        lambda w, s: all_at_once(w),
        ("too_quick",),
    ),
    Trick(
        "draws a long line at once",
        lambda w, s: [{**bar(1, 9, 0, 0), "points": [[9, 20, 0], [9, 220, 0], [9, 20, 1]]}],
        ("too_quick",),
    ),
    Trick("draws in the future", lambda w, s: [bar(1, 100, 0, 900, 1_800)], ("from_the_future",)),
    Trick("draws NaN", lambda w, s: [bar(1, float("nan"), 0, 50)], ("malformed",)),
    Trick("draws at no time", lambda w, s: [bar(1, 100, 0, float("nan"))], ("malformed",)),
    Trick("draws for ever", lambda w, s: [bar(1, 100, 0, float("inf"))], ("malformed",)),
    Trick("draws before time", lambda w, s: [bar(1, 100, -500, 0)], ("malformed",)),
    Trick("draws far away", lambda w, s: [bar(1, 1e9, 0, 50)], ("malformed",)),
    Trick(
        "draws too many points",
        lambda w, s: [bar(1, 100, *[0.0] * (MAX_POINTS_A_MESSAGE + 1))],
        ("malformed",),
    ),
    Trick(
        "draws too much",
        lambda w, s: [{**bar(1, 100, 0, 0), "points": [[9, 9, 0]] * 1_000}] * 25,
        ("too_fast", "too_much_ink"),
    ),
    Trick(
        "sends too much",
        lambda w, s: [{"type": "ping", "sent": 0, "more": "x" * MAX_MESSAGE_BYTES}],
        ("too_large",),
    ),
    Trick("ends the race", lambda w, s: [{"type": "begin"}], ("not_host",)),
    Trick("kicks the other", lambda w, s: [{"type": "kick", "seat": s}], ("not_host",)),
]


async def stage(client: Client, stage: RaceStage) -> RaceState:
    return await client.hear(RaceState, lambda state: state.stage == stage)


async def honest(client: Client) -> Reveal:
    """Draw the word at the speed of a hand."""
    state = await stage(client, "drawing")
    await client.draw(state.round, state.word or "")
    return await client.hear(Reveal)


async def cheats(client: Client, trick: Trick, seat: int) -> Problem:
    """Play the trick, and return the answers."""
    state = await stage(client, trick.stage)
    for message in trick.send(state.word or "two", seat):
        await client.socket.send(json.dumps(message))
    return await client.hear(Problem)


async def against(address: str, trick: Trick) -> None:
    """Let a cheating client race against an honest player."""
    async with Client(address) as host, Client(address) as cheat:
        await host.send(Open(name="Honest"))
        code = (await host.hear(RaceState)).code
        await cheat.send(Join(code=code, name="Cheat"))
        await host.hear(RaceState, lambda state: len(state.seats) == 2)
        await host.send(Begin())
        reveal, problem = await asyncio.gather(honest(host), cheats(cheat, trick, 0))
    assert problem.code in trick.codes
    assert {drawing.name: drawing.points for drawing in reveal.drawings} == {
        "Honest": 5,
        "Cheat": 0,
    }


async def test_no_trick_gains_a_point(address: str):
    outcomes = await asyncio.gather(
        *(against(address, trick) for trick in TRICKS), return_exceptions=True
    )
    failed = {t.name: repr(o) for t, o in zip(TRICKS, outcomes, strict=True) if o is not None}
    assert failed == {}
