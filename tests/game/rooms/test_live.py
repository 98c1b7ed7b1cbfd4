"""Races over real sockets: to the podium, with a lost connection, and with a watcher."""

import asyncio
import time
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from game.clock import LoopClock
from game.messages import (
    Begin,
    Echo,
    GameKept,
    Guesses,
    Join,
    Leave,
    LiveInk,
    Open,
    Probe,
    RaceProgress,
    RaceStage,
    RaceState,
    Replay,
    Reveal,
    State,
)
from game.records import open_records
from game.rules import race
from game.rules.delayed_ink import DELAY
from tests.game.fakes import CountsBars, bars
from tests.game.serving import PATIENCE, Client, running


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race, "COUNTDOWN", 100.0)
    monkeypatch.setattr(race, "REVEAL", 100.0)


@pytest.fixture
def address() -> Generator[str]:
    with running() as address:
        yield address


@pytest.fixture
def recorded(tmp_path: Path) -> Generator[str]:
    """A server with real records."""
    url = f"sqlite:///{tmp_path}/records.sqlite3"
    with running(storage=open_records(url, CountsBars(), "bars")) as address:
        yield address


async def stage(client: Client, stage: RaceStage, round: int = 1) -> RaceState:
    return await client.hear(RaceState, lambda s: s.stage == stage and s.round >= round)


async def meet(host: Client, *others: Client, watch: bool = False) -> str:
    """Take seats in a room; with `watch`, the last one only watches."""
    await host.send(Open(name="Host"))
    code = (await host.hear(RaceState)).code
    for number, other in enumerate(others, 1):
        last = number == len(others)
        await other.send(Join(code=code, name=f"Guest {number}", watch=watch and last))
        await other.hear(RaceState)
    return code


async def finish(client: Client) -> GameKept:
    """Draw every word."""
    for round in (1, 2, 3):
        state = await stage(client, "drawing", round)
        await client.draw(state.round, state.word or "")
        await stage(client, "reveal", round)
    return await client.hear(GameKept)


async def test_a_whole_race_is_kept_in_the_records(recorded: str):
    async with Client(recorded) as host, Client(recorded) as guest:
        await meet(host, guest)
        await host.send(Begin())
        kept, _ = await asyncio.gather(finish(host), finish(guest))
        assert kept.challenge is not None
    async with httpx.AsyncClient(base_url=f"http://{recorded}", timeout=PATIENCE) as http:
        told = (await http.get(f"/challenges/{kept.challenge}")).json()
        assert (told["name"], told["words"]) == ("Host", 3)


async def test_a_reveal_names_replays_that_can_be_fetched(recorded: str):
    async with Client(recorded) as host, Client(recorded) as guest:
        await meet(host, guest)
        await host.send(Begin())
        state = await stage(host, "drawing")
        for player in (host, guest):
            await player.draw(state.round, state.word or "")
        reveal = await host.hear(Reveal)
    async with httpx.AsyncClient(base_url=f"http://{recorded}", timeout=PATIENCE) as http:
        for drawing in reveal.drawings:
            replay = Replay.model_validate((await http.get(f"/replays/{drawing.replay}")).json())
            assert (replay.word, replay.strokes) == (reveal.word, drawing.strokes)
            assert (replay.points, replay.frames) == (drawing.points, drawing.frames)


async def test_a_lost_line_finds_its_seat_and_ink_again(address: str):
    async with Client(address) as host, Client(address) as guest:
        await meet(host, guest)
        await host.send(Begin())
        state = await stage(guest, "drawing")
        if state.word == "one":  # every drawing here begins with one bar, which would win at once
            for player in (host, guest):
                await player.draw(state.round, "one")
            state = await stage(guest, "drawing", 2)
        await guest.draw(state.round, "one")
        points = sum(len(stroke) for stroke in bars("one"))
        await guest.hear(Guesses, lambda guess: guess.points == points)  # it has all arrived
        guest.socket.transport.abort()
        await host.hear(RaceState, lambda s: not s.seats[1].connected)
        async with Client(address, guest.welcome.token) as again:
            assert again.welcome.resumed
            back = await again.hear(RaceState)
            assert (back.you, back.stage, back.word) == (1, "drawing", state.word)
            assert len(back.strokes) == 1
            assert (await again.hear(Guesses)).round == state.round
            await host.hear(RaceState, lambda s: s.seats[1].connected)


async def test_a_watcher_sees_progress_at_once_and_ink_later(address: str):
    async with Client(address) as host, Client(address) as guest, Client(address) as watcher:
        await meet(host, guest, watcher, watch=True)
        await host.send(Begin())
        state = await stage(watcher, "drawing")
        assert (state.you, state.strokes) == (None, [])
        sent = time.monotonic()
        await host.draw(state.round, state.word or "")
        progress = await watcher.hear(RaceProgress, lambda p: p.seats[0].milliseconds is not None)
        assert progress.seats[1].target == 0
        ink = await watcher.hear(LiveInk)
        assert time.monotonic() - sent >= DELAY / 1000
        assert [(pad.seat, pad.keep) for pad in ink.pads] == [(0, 0)]
        assert any(xs for _, xs, _ in ink.pads[0].lines)
        await host.send(Leave())
        await host.hear(State)


async def test_the_link_delay_is_measured(address: str, monkeypatch: pytest.MonkeyPatch):
    async with Client(address) as host, Client(address) as guest:
        await meet(host, guest)
        probe = await guest.hear(Probe)
        now = LoopClock.now
        monkeypatch.setattr(LoopClock, "now", lambda clock: now(clock) + 1_000)
        await guest.send(Echo(number=probe.number))
        state = await host.hear(RaceState, lambda s: s.seats[1].delay is not None)
        assert (state.seats[1].delay or 0) >= 1_000
