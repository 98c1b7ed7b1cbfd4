"""The connection from a replica to Redis or PostgreSQL hangs during a race."""

import asyncio

from game.messages import Ink, Problem, RaceState, Reveal
from tests.game.fakes import bars
from tests.game.replicas.conftest import Start
from tests.game.replicas.machines import Line
from tests.game.replicas.playing import StoredResults, all_stored, moved, racing, ready
from tests.servers import Postgres, Redis


async def test_an_owner_that_is_cut_off_loses_its_rooms_and_finds_back(
    start: Start, redis: Redis, stored: StoredResults
):
    async with Line(redis.port) as line:
        two, one = await asyncio.to_thread(start, redis.url, line.through(redis.url))
        async with racing(one, two) as (host, guest):
            line.cut()
            await moved(guest)
            await guest.hear(RaceState, lambda s: not s.seats[0].connected)
            line.mend()
            await guest.hear(RaceState, lambda s: s.seats[0].connected)
            await stored.all_finish(host, guest)
    attempts, games = stored()
    assert games == 2
    assert attempts <= 6


async def test_ink_of_a_player_who_is_cut_off_arrives_later(
    start: Start, redis: Redis, stored: StoredResults
):
    async with Line(redis.port) as line:
        one, two = await asyncio.to_thread(start, redis.url, line.through(redis.url))
        async with racing(one, two) as (host, guest):
            line.cut()
            for stroke, points in enumerate(bars(guest.race.word or "")):
                await guest.send(Ink(round=1, stroke=stroke, points=points))
            assert (await guest.hear(Problem)).code == "waiting"
            line.mend()
            reveal = await guest.hear(Reveal)
            assert [d.outcome for d in reveal.drawings if d.seat == 1] == ["guessed"]
            await stored.all_finish(host, guest)


async def test_results_wait_for_a_line_to_postgresql(
    start: Start, postgres: Postgres, stored: StoredResults
):
    async with Line(postgres.port) as line:
        [one] = await asyncio.to_thread(start, number=1, database=line.through(postgres.url))
        [two] = await asyncio.to_thread(start, number=1)
        async with racing(one, two) as (host, guest):
            line.cut()
            await asyncio.gather(host.draw_it(), guest.draw_it())
            await ready(one, "database", False)
            line.mend()
            await all_stored([host, guest])
            await stored.all_finish(host, guest, first=2)
    assert stored() == (6, 2)


async def test_what_only_a_cut_off_owner_has_kept_is_kept_once(
    start: Start, redis: Redis, stored: StoredResults
):
    """The round is stored, but its owner cannot log that, so the next owner stores it again."""
    async with Line(redis.port) as line:
        two, one = await asyncio.to_thread(start, redis.url, line.through(redis.url))
        async with racing(one, two) as (host, guest):
            with stored.closed():
                await asyncio.gather(host.draw_it(), guest.draw_it())
                await guest.hear(RaceState, lambda s: s.stage == "settling")
                line.cut()
            while stored() != (2, 0):
                await asyncio.sleep(0.02)
            await moved(guest)
            await all_stored([guest])
            line.mend()
            await stored.all_finish(host, guest)
