"""A graceful stop: rounds end, results are stored, players are told, and the exit code is 0."""

import asyncio
import json
import signal
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from game.clock import SLACK
from game.messages import AttemptKept, Begin, Hello, Open, Problem, Start
from game.operations.drain import drain
from game.records import open_records
from game.rules.modes import COUNTDOWN, MODES
from game.rules.race import REVEAL
from tests.game.fakes import CountsBars
from tests.game.forks import Fork
from tests.game.operations.stopping import LOG, main
from tests.game.serving import PATIENCE, Client
from tests.game.world import Player, World

SOON = 10.0  # seconds for a stop without running rounds, on a busy machine
LONG = 120.0

Stopping = Callable[[float], AbstractContextManager[Fork]]


@pytest.fixture
def stopping(tmp_path: Path) -> Stopping:
    """A server in a process of its own, whose page is ready."""

    @contextmanager
    def run(seconds: float) -> Generator[Fork]:
        process = Fork(main, tmp_path, seconds)
        try:
            httpx.get(f"http://{process.address}", timeout=LONG)
            yield process
        finally:
            process.kill()

    return run


async def ended(process: Fork, seconds: float) -> int:
    """The outcome of a process that was stopped."""
    return await asyncio.to_thread(process.wait, seconds)


async def until_draining(address: str) -> None:
    """Wait until a server tells its machines that it is about to stop."""
    async with asyncio.timeout(LONG), httpx.AsyncClient(timeout=PATIENCE) as client:
        while (await client.get(f"http://{address}/readyz")).json()["checks"]["staying"]:
            pass


def logged(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / LOG).read_text("utf-8").splitlines()]


async def test_a_round_ends_and_is_kept_before_the_server_goes(stopping: Stopping, tmp_path: Path):
    with stopping(LONG) as process:
        async with Client(process.address) as drawer, Client(process.address) as idle:
            state = await drawer.begin("quick_six")
            process.send_signal(signal.SIGTERM)
            assert (await idle.hear(Problem)).code == "stopping"
            assert await idle.closed() == 1012
            async with httpx.AsyncClient(timeout=PATIENCE) as client:
                ready = await client.get(f"http://{process.address}/readyz")
                assert (ready.status_code, ready.json()["checks"]["staying"]) == (503, False)
            assert state.word is not None
            await drawer.draw(1, state.word)
            result = (await drawer.stage("reveal")).results[0]
            kept = await drawer.hear(AttemptKept)
            problem = await drawer.hear(Problem)
            assert (problem.code, problem.fatal, await drawer.closed()) == ("stopping", True, 1012)
        assert await ended(process, PATIENCE) == 0
    assert [entry["event"] for entry in logged(tmp_path)] == ["stopping"]
    records = open_records(f"sqlite:///{tmp_path}/records.sqlite3", CountsBars(), "bars")
    replay = await records.replay(kept.replay)
    records.close()
    assert replay is not None
    assert (replay.word, replay.outcome) == (result.word, "guessed")


async def test_new_players_are_refused_but_a_drawing_player_may_come_back(stopping: Stopping):
    with stopping(LONG) as process:
        drawer = await Client(process.address).__aenter__()
        await drawer.begin("quick_six")
        process.send_signal(signal.SIGTERM)
        async with connect(f"ws://{process.address}/race") as stranger:
            await until_draining(process.address)
            await stranger.send(Hello().model_dump_json())
            said = Client.read(await stranger.recv())
            assert isinstance(said, Problem)
            assert said.code == "stopping"
        drawer.socket.transport.abort()
        async with Client(process.address, drawer.welcome.token) as again:
            assert again.welcome.resumed
            await again.send(Start(mode="sprint"))
            assert (await again.hear(Problem)).code == "stopping"
        assert await ended(process, PATIENCE) == 0


async def test_a_round_that_takes_too_long_is_cut(stopping: Stopping, tmp_path: Path):
    with stopping(0.5) as process:
        async with Client(process.address) as drawer:
            await drawer.begin("quick_six")
            process.send_signal(signal.SIGTERM)
            assert (await drawer.hear(Problem)).code == "stopping"
        assert await ended(process, SOON) == 0
    begun, cut = logged(tmp_path)
    assert (begun["event"], begun["playing"]) == ("stopping", 1)
    assert (cut["event"], cut["playing"]) == ("stopped while rounds were running", 1)


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
async def test_a_second_signal_ends_the_wait(stopping: Stopping, second: signal.Signals):
    with stopping(LONG) as process:
        async with Client(process.address) as drawer, Client(process.address) as idle:
            await drawer.begin("quick_six")
            process.send_signal(signal.SIGTERM)
            await idle.hear(Problem)
            process.send_signal(second)
            assert (await drawer.hear(Problem)).code == "stopping"
        assert await ended(process, SOON) == 0


async def test_practice_and_empty_rooms_are_not_waited_for(stopping: Stopping):
    with stopping(LONG) as process:
        async with Client(process.address) as alone, Client(process.address) as host:
            await alone.begin("practise")
            await host.send(Open())
            process.send_signal(signal.SIGTERM)
            for player in (alone, host):
                assert (await player.hear(Problem)).code == "stopping"
        assert await ended(process, SOON) == 0


async def test_ctrl_c_does_not_wait_for_players(stopping: Stopping):
    with stopping(LONG) as process:
        async with Client(process.address) as drawer:
            await drawer.begin("quick_six")
            process.send_signal(signal.SIGINT)
            with pytest.raises(ConnectionClosed):
                await drawer.stage("never")
        assert await ended(process, SOON) != 0


# -- when players may be disconnected --------------------------------------------------------------


@pytest.fixture
def world() -> World:
    return World()


def gone(player: Player) -> bool:
    return player.guest.link is None and player.problem == "stopping"


def test_a_race_ends_with_its_round_and_nothing_begins(world: World):
    host, guest = world.race_of(2)
    world.hub.drain()
    assert world.hub.dismiss() == 2
    for player in (host, guest):
        player.win()
    assert host.race.stage == "reveal"
    assert world.hub.dismiss() == 0
    assert gone(host)
    assert gone(guest)
    assert len(world.storage.attempts) == 2
    assert len(world.hub) == 0


def test_a_race_in_its_last_round_is_played_to_its_end(world: World):
    host, guest = players = world.race_of(2)
    for _ in range(host.race.rounds - 1):
        host.win()
        guest.win()
        world.clock.pass_(REVEAL + SLACK)
    world.hub.drain()
    for player in players:
        player.win()
    assert (host.race.stage, world.hub.dismiss()) == ("reveal", 2)
    world.clock.pass_(REVEAL + SLACK)
    assert world.hub.dismiss() == 0
    assert len(world.storage.games) == 2
    assert all(map(gone, players))


def test_a_countdown_is_not_waited_for(world: World):
    players = world.room_of(2)
    players[0].do(Begin())
    world.hub.drain()
    assert world.hub.dismiss() == 0
    assert all(map(gone, players))


def test_a_drawing_player_with_a_lost_connection_is_waited_for(world: World):
    player = world.player()
    player.do(Start(mode="quick_six"))
    world.clock.pass_(COUNTDOWN + SLACK)
    world.hub.drain()
    player.vanish()
    assert world.hub.dismiss() == 1
    world.clock.pass_((MODES["quick_six"].round_time or 0) + SLACK)
    assert world.hub.dismiss() == 0


def test_a_game_of_one_clock_is_played_to_its_end(world: World):
    player = world.player()
    player.do(Start(mode="sprint"))
    world.clock.pass_(COUNTDOWN + SLACK)
    world.hub.drain()
    time = MODES["sprint"].game_time or 0
    world.clock.pass_(time - 1_000)
    assert world.hub.dismiss() == 1
    world.clock.pass_(5_000)
    assert world.hub.dismiss() == 0
    assert gone(player)


def test_a_result_on_its_way_is_waited_for():
    late: list[Any] = []
    world = World(spawn=late.append)
    player = world.player()
    player.do(Start(mode="quick_six"))
    world.clock.pass_(COUNTDOWN + SLACK)
    player.ink(round=1)
    world.hub.drain()
    world.clock.pass_((MODES["quick_six"].round_time or 0) + SLACK)
    assert world.hub.dismiss() == 1
    [work] = late
    with pytest.raises(StopIteration):
        work.send(None)
    assert world.hub.dismiss() == 0
    assert len(world.storage.attempts) == 1


async def test_the_wait_has_an_end(world: World):
    world.race_of(2)
    async with asyncio.timeout(PATIENCE):
        await drain(world.hub, 0.25, lambda: False)
        await drain(world.hub, LONG, lambda: True)
    assert world.hub.draining
