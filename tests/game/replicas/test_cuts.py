"""A line between a replica and Redis or PostgreSQL is cut in mid-race: nothing arrives, nothing
fails."""

import asyncio

from game.messages import Begin, Ink, Problem, RaceState, Reveal
from tests.game.fakes import bars
from tests.game.replicas.conftest import Start
from tests.game.replicas.machines import Line, Postgres, Redis
from tests.game.replicas.playing import (
    Kept,
    Player,
    finish,
    finish_what_is_left,
    meet,
    ready,
    stage,
)


async def test_an_owner_that_is_cut_off_loses_its_rooms_and_finds_back(
    start: Start, redis: Redis, kept: Kept
):
    async with Line(redis.port) as line:
        two, one = await asyncio.to_thread(start, redis.url, line.through(redis.url))
        async with Player(one) as host, Player(two) as guest:
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
    kept.agrees_with([host, guest])


async def test_ink_of_a_player_who_is_cut_off_arrives_later(start: Start, redis: Redis, kept: Kept):
    async with Line(redis.port) as line:
        one, two = await asyncio.to_thread(start, redis.url, line.through(redis.url))
        async with Player(one) as host, Player(two) as guest:
            await meet(host, guest)
            await host.send(Begin())
            state = await stage(guest, "drawing")
            line.cut()
            for stroke, points in enumerate(bars(state.word or "")):
                await guest.send(Ink(round=1, stroke=stroke, points=points))
            assert (await guest.hear(Problem)).code == "waiting"
            line.mend()
            reveal = await guest.hear(Reveal)
            assert [d.outcome for d in reveal.drawings if d.seat == 1] == ["guessed"]
            told = await asyncio.gather(finish_what_is_left(host), finish_what_is_left(guest))
    assert all(finished.challenge for finished in told)
    kept.agrees_with([host, guest])


async def test_results_wait_for_a_line_to_postgresql(
    start: Start, redis: Redis, postgres: Postgres, kept: Kept
):
    async with Line(postgres.port) as line:
        [one] = await asyncio.to_thread(start, number=1, database=line.through(postgres.url))
        [two] = await asyncio.to_thread(start, number=1)
        async with Player(one) as host, Player(two) as guest:
            await meet(host, guest)
            await host.send(Begin())
            states = await asyncio.gather(stage(host, "drawing"), stage(guest, "drawing"))
            line.cut()
            for player, state in zip((host, guest), states, strict=True):
                await player.draw(state.round, state.word or "")
            await ready(one, "database", False)
            line.mend()
            for player in (host, guest):
                await player.hear(Reveal, lambda r: all(drawing.replay for drawing in r.drawings))
            told = await asyncio.gather(finish(host, 2), finish(guest, 2))
    assert all(finished.challenge for finished in told)
    assert kept() == (6, 2)
    kept.agrees_with([host, guest])


async def test_what_only_a_cut_off_owner_has_kept_is_kept_once(
    start: Start, redis: Redis, kept: Kept
):
    """The records have the round, but its owner can tell nobody, so its heir keeps it again."""
    async with Line(redis.port) as line:
        two, one = await asyncio.to_thread(start, redis.url, line.through(redis.url))
        async with Player(one) as host, Player(two) as guest:
            await meet(host, guest)
            await host.send(Begin())
            states = await asyncio.gather(stage(host, "drawing"), stage(guest, "drawing"))
            with kept.closed():
                for player, state in zip((host, guest), states, strict=True):
                    await player.draw(state.round, state.word or "")
                await guest.hear(RaceState, lambda s: s.stage == "settling")
                line.cut()
            while kept() != (2, 0):
                await asyncio.sleep(0.02)
            assert (await guest.hear(Problem)).code == "waiting"  # it has moved
            await guest.hear(Reveal, lambda r: all(drawing.replay for drawing in r.drawings))
            line.mend()
            told = await asyncio.gather(finish_what_is_left(host), finish_what_is_left(guest))
    assert all(finished.challenge for finished in told)
    kept.agrees_with([host, guest])
