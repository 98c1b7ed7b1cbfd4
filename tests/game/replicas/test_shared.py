"""Players of one room on several replicas; Redis and PostgreSQL stop and restart during a race."""

import asyncio

from game.messages import Problem, RaceState, React, State
from tests.game.replicas.conftest import Start
from tests.game.replicas.playing import (
    BADGE,
    StoredResults,
    all_stored,
    draw_all,
    racing,
    readiness,
    ready,
    stage,
)
from tests.servers import Postgres, Redis

CHECKS = ("judge", "staying", "page", "database", "disk", "results", "redis", "results of rooms")
READY = dict.fromkeys(CHECKS, True)


async def test_players_on_two_replicas_race_to_the_end(start: Start, stored: StoredResults):
    one, two = start(number=2)
    await ready(one, "page", True)
    assert await readiness(one) == READY
    async with racing(one, two) as (host, guest):
        assert [seat.badge for seat in guest.race.seats] == [BADGE, None]
        await stored.all_finish(host, guest, first=1)
    assert stored() == (6, 2)


async def test_the_race_goes_on_when_redis_is_restarted(
    start: Start, redis: Redis, stored: StoredResults
):
    one, two = start(number=2)
    async with racing(one, two) as (host, guest):
        await draw_all([host, guest], 1)
        await asyncio.gather(stage(host, "drawing", 2), stage(guest, "drawing", 2))
        redis.kill()
        await host.send(React(reaction="wow"))  # a player who does something is told to wait
        assert (await host.hear(Problem)).code == "waiting"
        await ready(one, "redis", False)
        redis.start()
        await stored.all_finish(host, guest, first=2)
        await ready(one, "redis", True)
    assert stored() == (6, 2)


async def test_a_room_that_redis_has_forgotten_ends_with_a_word(
    start: Start, redis: Redis, stored: StoredResults
):
    one, two = start(number=2)
    async with racing(one, two) as players:
        first, _ = await draw_all(players, 1)
        redis.kill()
        redis.forget()
        redis.start()
        for player in players:
            await player.hear(Problem, lambda p: p.code == "room_lost")
            await player.hear(State, lambda s: s.stage == "home")
    assert all(drawing.replay for drawing in first.drawings)
    assert stored() == (2, 0)
    stored.agrees_with(players)


async def test_results_wait_for_postgresql(start: Start, postgres: Postgres, stored: StoredResults):
    one, two = start(number=2)
    async with racing(one, two) as (host, guest):
        postgres.stop()
        await asyncio.gather(host.draw_it(), guest.draw_it())
        await host.hear(RaceState, lambda s: s.stage == "settling")
        await ready(two, "database", False)
        postgres.start()
        await all_stored([host, guest])
        await stored.all_finish(host, guest, first=2)
    assert stored() == (6, 2)
