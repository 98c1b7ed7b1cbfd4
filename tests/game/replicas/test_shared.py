"""Players of one room on several replicas, with real servers, that die, stop and come back."""

import asyncio

import pytest
from sqlalchemy import NullPool, create_engine, text

from game.messages import (
    Begin,
    Clear,
    Finished,
    Join,
    Open,
    Problem,
    RaceStage,
    RaceState,
    React,
    Reveal,
    State,
)
from tests.game.replicas.conftest import Start
from tests.game.replicas.machines import Line, Postgres, Redis
from tests.game.serving import Client


async def stage(client: Client, stage: RaceStage, round: int = 1) -> RaceState:
    return await client.hear(RaceState, lambda s: s.stage == stage and s.round >= round)


async def meet(host: Client, *others: Client) -> str:
    """Sit down in a room."""
    await host.send(Open(name="Host"))
    code = (await host.hear(RaceState)).code
    for number, other in enumerate(others, 1):
        await other.send(Join(code=code, name=f"Guest {number}"))
        await other.hear(RaceState)
    await host.hear(RaceState, lambda s: len(s.seats) == 1 + len(others))
    return code


async def draw(client: Client, round: int) -> Reveal:
    state = await stage(client, "drawing", round)
    await client.draw(state.round, state.word or "")
    return await client.hear(Reveal, lambda r: r.round == round)


async def finish_what_is_left(client: Client) -> Finished:
    """Draw every word that comes, from wherever the race stands."""
    drawn = 0
    async with asyncio.timeout(60):
        while True:
            message = client.read(await client.socket.recv())
            match message:
                case RaceState(stage="drawing") if message.round > drawn:
                    drawn = message.round
                    await client.send(Clear(round=drawn))
                    await client.draw(drawn, message.word or "")
                case Finished():
                    return message
                case _:
                    pass


async def finish(client: Client, first: int = 1) -> Finished:
    """Draw every word."""
    for round in range(first, 4):
        await draw(client, round)
    return await client.hear(Finished)


class Kept:
    """How many tries and games the records have since the test began."""

    def __init__(self, postgres: Postgres) -> None:
        self._engine = create_engine(postgres.url, poolclass=NullPool)
        self._before = (0, 0)
        self._before = self()

    def __call__(self) -> tuple[int, int]:
        with self._engine.connect() as connection:
            tables = "replays", "games"
            if not connection.dialect.has_table(connection, "games"):
                return (0, 0)
            found = [connection.scalar(text(f"SELECT count(*) FROM {t}")) or 0 for t in tables]
        return found[0] - self._before[0], found[1] - self._before[1]


@pytest.fixture
def kept(postgres: Postgres) -> Kept:
    return Kept(postgres)


async def test_players_on_two_replicas_race_to_the_end(start: Start, kept: Kept):
    one, two = start(number=2)
    async with Client(one.address) as host, Client(two.address) as guest:
        await meet(host, guest)
        await host.send(Begin())
        told = await asyncio.gather(finish(host), finish(guest))
    assert all(finished.challenge for finished in told)
    assert kept() == (6, 2)


async def test_the_race_goes_on_when_the_owner_is_killed(start: Start, kept: Kept):
    one, two, three = start(number=3)
    async with Client(two.address) as guest, Client(three.address) as third:
        async with Client(one.address) as host:
            await meet(host, guest, third)
            await host.send(Begin())
            first = await asyncio.gather(*(draw(player, 1) for player in (host, guest, third)))
            await asyncio.gather(*(stage(player, "drawing", 2) for player in (guest, third)))
            began = asyncio.get_running_loop().time()
            one.kill()
        moved = await guest.hear(Problem)
        took = asyncio.get_running_loop().time() - began
        assert (moved.code, moved.fatal) == ("waiting", False)
        assert took < 5
        state = await guest.hear(RaceState)
        assert (state.stage, state.round, state.results[0].word) == ("drawing", 2, first[0].word)
        await third.hear(Problem)
        async with Client(two.address, host.welcome.token) as again:
            assert again.welcome.resumed
            back = await again.hear(RaceState)
            assert back.you == 0
            told = await asyncio.gather(*(finish(player, 2) for player in (again, guest, third)))
    assert all(finished.challenge for finished in told)
    assert kept() == (9, 3)


async def test_the_race_goes_on_when_redis_is_restarted(start: Start, redis: Redis, kept: Kept):
    one, two = start(number=2)
    async with Client(one.address) as host, Client(two.address) as guest:
        await meet(host, guest)
        await host.send(Begin())
        await asyncio.gather(draw(host, 1), draw(guest, 1))
        await asyncio.gather(stage(host, "drawing", 2), stage(guest, "drawing", 2))
        redis.kill()
        await host.send(React(reaction="wow"))  # whoever does something learns that it must wait
        assert (await host.hear(Problem)).code == "waiting"
        redis.start()
        told = await asyncio.gather(finish(host, 2), finish(guest, 2))
    assert all(finished.challenge for finished in told)
    assert kept() == (6, 2)


async def test_a_room_that_redis_has_forgotten_ends_with_a_word(
    start: Start, redis: Redis, kept: Kept
):
    one, two = start(number=2)
    async with Client(one.address) as host, Client(two.address) as guest:
        await meet(host, guest)
        await host.send(Begin())
        first, _ = await asyncio.gather(draw(host, 1), draw(guest, 1))
        redis.kill()
        redis.forget()
        redis.start()
        for player in (host, guest):
            await player.hear(Problem, lambda p: p.code == "room_lost")
            await player.hear(State, lambda s: s.stage == "home")
    assert all(drawing.replay for drawing in first.drawings)
    assert kept() == (2, 0)


async def test_results_wait_for_postgresql(start: Start, postgres: Postgres, kept: Kept):
    one, two = start(number=2)
    async with Client(one.address) as host, Client(two.address) as guest:
        await meet(host, guest)
        await host.send(Begin())
        states = await asyncio.gather(stage(host, "drawing"), stage(guest, "drawing"))
        postgres.stop()
        for player, state in zip((host, guest), states, strict=True):
            await player.draw(state.round, state.word or "")
        await host.hear(RaceState, lambda s: s.stage == "settling")
        postgres.start()
        for player in (host, guest):
            await player.hear(Reveal, lambda r: all(drawing.replay for drawing in r.drawings))
        told = await asyncio.gather(finish(host, 2), finish(guest, 2))
    assert all(finished.challenge for finished in told)
    assert kept() == (6, 2)


async def test_a_replica_that_is_cut_off_loses_its_rooms_and_finds_back(
    start: Start, redis: Redis, kept: Kept
):
    async with Line(redis.port) as line:
        two, one = await asyncio.to_thread(start, redis.url, line.url)
        async with Client(one.address) as host, Client(two.address) as guest:
            await meet(host, guest)
            await host.send(Begin())
            await asyncio.gather(stage(host, "drawing"), stage(guest, "drawing"))
            line.cut()
            assert (await guest.hear(Problem)).code == "waiting"  # it has moved
            await guest.hear(RaceState, lambda s: not s.seats[0].connected)
            line.mend()
            await guest.hear(RaceState, lambda s: s.seats[0].connected)
            told = await asyncio.gather(finish_what_is_left(host), finish_what_is_left(guest))
    assert all(finished.challenge for finished in told)
    tries, games = kept()
    assert games == 2
    assert tries <= 6
