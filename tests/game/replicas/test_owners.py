"""The owner of a room is killed, stopped or suspended during a race; another replica continues."""

import asyncio
import time

from game.messages import Guesses, Ink, Problem, RaceState, Reveal
from tests.game.fakes import bars
from tests.game.replicas.conftest import Start
from tests.game.replicas.playing import (
    Player,
    StoredResults,
    all_stored,
    draw_all,
    moved,
    racing,
    stage,
)
from tests.servers import Postgres

MOVES_WITHIN = 15.0  # seconds; the lease is 2.5 s, and a busy processor takes its time


async def test_the_race_goes_on_when_the_owner_is_killed(start: Start, stored: StoredResults):
    one, two, three = start(number=3)
    async with racing(one, two, three) as (host, guest, third):
        first = await draw_all([host, guest, third], 1)
        await asyncio.gather(stage(guest, "drawing", 2), stage(third, "drawing", 2))
        one.kill()
        killed = time.monotonic()
        await asyncio.gather(moved(guest), moved(third))
        assert time.monotonic() - killed < MOVES_WITHIN
        state = await guest.hear(RaceState)
        assert (state.stage, state.round, state.results[0].word) == ("drawing", 2, first[0].word)
        async with Player(two, host) as again:
            assert again.welcome.resumed
            assert (await again.hear(RaceState)).you == 0
            await stored.all_finish(again, guest, third, first=2)
    assert stored() == (9, 3)


async def test_one_owner_after_the_other_dies(start: Start, stored: StoredResults):
    one, two = start(number=2)
    async with racing(one, two) as (host, guest):
        await draw_all([host, guest], 1)
        one.kill()
        await moved(guest)
        [three] = await asyncio.to_thread(start, number=1)
        async with Player(three, host) as host:
            await host.hear(RaceState)
            await draw_all([host, guest], 2)
            two.kill()
            await moved(host)
            async with Player(three, guest) as guest:
                await guest.hear(RaceState)
                await stored.all_finish(host, guest, first=3)
    assert stored() == (6, 2)


async def test_a_drawing_outlives_the_owner_half_done(start: Start, stored: StoredResults):
    one, two = start(number=2)
    async with racing(one, two) as (host, guest):
        first, *rest = bars(guest.race.word or "")
        begun, others = first[: len(first) // 2], first[len(first) // 2 :]
        await guest.send(Ink(round=1, stroke=0, points=begun))
        await guest.hear(Guesses)
        one.kill()
        await moved(guest)
        again = await stage(guest, "drawing")
        assert [[*zip(*stroke, strict=True)] for stroke in again.strokes] == [begun]
        for stroke, points in enumerate([others, *rest]):
            await guest.send(Ink(round=1, stroke=stroke, points=points))
        reveal = await guest.hear(Reveal)
    assert [drawing.outcome for drawing in reveal.drawings if drawing.seat == 1] == ["guessed"]
    stored.agrees_with([host, guest])


async def test_a_result_on_its_way_outlives_the_owner(
    start: Start, stored: StoredResults, postgres: Postgres
):
    one, two = start(number=2)
    async with racing(one, two) as (host, guest):
        postgres.stop()
        await asyncio.gather(host.draw_it(), guest.draw_it())
        await guest.hear(RaceState, lambda s: s.stage == "settling")
        one.kill()
        postgres.start()
        await moved(guest)
        await all_stored([guest])
        async with Player(two, host) as again:
            await again.hear(RaceState)
            await stored.all_finish(again, guest, first=2)
    assert stored() == (6, 2)


async def test_an_owner_that_slept_finds_that_it_is_none(start: Start, stored: StoredResults):
    one, two = start(number=2)
    async with racing(one, two) as (host, guest):
        one.freeze()
        await moved(guest)
        await guest.hear(RaceState, lambda s: not s.seats[0].connected)
        one.thaw()
        await guest.hear(RaceState, lambda s: s.seats[0].connected)
        await stored.all_finish(host, guest)
    assert stored()[1] == 2


async def test_an_owner_that_stops_hands_the_race_over(start: Start, stored: StoredResults):
    one, two = start(number=2)
    async with racing(one, two) as (host, guest):
        await draw_all([host, guest], 1)
        stopping = asyncio.create_task(asyncio.to_thread(one.stop))
        assert (await host.hear(Problem)).code == "stopping"
        await moved(guest)
        async with Player(two, host) as again:
            await again.hear(RaceState)
            await stored.all_finish(again, guest, first=2)
        await stopping
    assert stored() == (6, 2)
