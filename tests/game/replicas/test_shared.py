"""Players of one room on several replicas; Redis and PostgreSQL stop in mid-race and come back."""

import asyncio

from game.messages import Begin, Problem, RaceState, React, Reveal, State
from tests.game.replicas.conftest import Start
from tests.game.replicas.machines import Postgres, Redis
from tests.game.replicas.playing import Kept, Player, draw, finish, meet, readiness, ready, stage

READY = {"judge": True, "staying": True, "database": True, "redis": True}


async def test_players_on_two_replicas_race_to_the_end(start: Start, kept: Kept):
    one, two = start(number=2)
    assert await readiness(one) == READY
    async with Player(one) as host, Player(two) as guest:
        await meet(host, guest)
        await host.send(Begin())
        told = await asyncio.gather(finish(host), finish(guest))
    assert all(finished.challenge for finished in told)
    assert kept() == (6, 2)
    kept.agrees_with([host, guest])


async def test_the_race_goes_on_when_redis_is_restarted(start: Start, redis: Redis, kept: Kept):
    one, two = start(number=2)
    async with Player(one) as host, Player(two) as guest:
        await meet(host, guest)
        await host.send(Begin())
        await asyncio.gather(draw(host, 1), draw(guest, 1))
        await asyncio.gather(stage(host, "drawing", 2), stage(guest, "drawing", 2))
        redis.kill()
        await host.send(React(reaction="wow"))  # whoever does something learns that it must wait
        assert (await host.hear(Problem)).code == "waiting"
        await ready(one, "redis", False)
        redis.start()
        told = await asyncio.gather(finish(host, 2), finish(guest, 2))
        await ready(one, "redis", True)
    assert all(finished.challenge for finished in told)
    assert kept() == (6, 2)
    kept.agrees_with([host, guest])


async def test_a_room_that_redis_has_forgotten_ends_with_a_word(
    start: Start, redis: Redis, kept: Kept
):
    one, two = start(number=2)
    async with Player(one) as host, Player(two) as guest:
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
    kept.agrees_with([host, guest])


async def test_results_wait_for_postgresql(start: Start, postgres: Postgres, kept: Kept):
    one, two = start(number=2)
    async with Player(one) as host, Player(two) as guest:
        await meet(host, guest)
        await host.send(Begin())
        states = await asyncio.gather(stage(host, "drawing"), stage(guest, "drawing"))
        postgres.stop()
        for player, state in zip((host, guest), states, strict=True):
            await player.draw(state.round, state.word or "")
        await host.hear(RaceState, lambda s: s.stage == "settling")
        await ready(two, "database", False)
        postgres.start()
        for player in (host, guest):
            await player.hear(Reveal, lambda r: all(drawing.replay for drawing in r.drawings))
        told = await asyncio.gather(finish(host, 2), finish(guest, 2))
    assert all(finished.challenge for finished in told)
    assert kept() == (6, 2)
    kept.agrees_with([host, guest])
