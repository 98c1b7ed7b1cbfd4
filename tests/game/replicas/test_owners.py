"""The owner of a room is killed, told to stop, or sleeps in mid-race; another one goes on."""

import asyncio
import time

from game.messages import Begin, Guesses, Ink, Problem, RaceState, Reveal
from tests.game.fakes import bars
from tests.game.replicas.conftest import Start
from tests.game.replicas.machines import Postgres, Replica
from tests.game.replicas.playing import Kept, Player, draw, finish, finish_what_is_left, meet, stage

MOVES_WITHIN = 5.0  # seconds


async def moved(player: Player, since: float) -> None:
    """Hear that the race has moved, in time."""
    problem = await player.hear(Problem)
    assert (problem.code, problem.fatal) == ("waiting", False)
    assert time.monotonic() - since < MOVES_WITHIN


def killed(owner: Replica) -> float:
    """When it was."""
    owner.kill()
    return time.monotonic()


async def test_the_race_goes_on_when_the_owner_is_killed(start: Start, kept: Kept):
    one, two, three = start(number=3)
    async with Player(two) as guest, Player(three) as third:
        async with Player(one) as host:
            await meet(host, guest, third)
            await host.send(Begin())
            first = await asyncio.gather(*(draw(player, 1) for player in (host, guest, third)))
            await asyncio.gather(*(stage(player, "drawing", 2) for player in (guest, third)))
            since = killed(one)
        await asyncio.gather(moved(guest, since), moved(third, since))
        state = await guest.hear(RaceState)
        assert (state.stage, state.round, state.results[0].word) == ("drawing", 2, first[0].word)
        async with Player(two, host) as again:
            assert again.welcome.resumed
            assert (await again.hear(RaceState)).you == 0
            told = await asyncio.gather(*(finish(player, 2) for player in (again, guest, third)))
    assert all(finished.challenge for finished in told)
    assert kept() == (9, 3)
    kept.agrees_with([host, guest, third])


async def test_one_owner_after_the_other_dies(start: Start, kept: Kept):
    one, two = start(number=2)
    async with Player(two) as guest, Player(one) as host:
        await meet(host, guest)
        await host.send(Begin())
        await asyncio.gather(draw(host, 1), draw(guest, 1))
        await moved(guest, killed(one))
    [three] = await asyncio.to_thread(start, number=1)
    async with Player(two, guest) as guest, Player(three, host) as host:
        await asyncio.gather(draw(host, 2), draw(guest, 2))
        await moved(host, killed(two))
        async with Player(three, guest) as guest:
            told = await asyncio.gather(finish(host, 3), finish(guest, 3))
    assert all(finished.challenge for finished in told)
    assert kept() == (6, 2)
    kept.agrees_with([host, guest])


async def test_a_drawing_outlives_the_owner_half_done(start: Start, kept: Kept):
    one, two = start(number=2)
    async with Player(one) as host, Player(two) as guest:
        await meet(host, guest)
        await host.send(Begin())
        state = await stage(guest, "drawing")
        first, *rest = bars(state.word or "")
        begun, others = first[: len(first) // 2], first[len(first) // 2 :]
        await guest.send(Ink(round=1, stroke=0, points=begun))
        await guest.hear(Guesses)
        await moved(guest, killed(one))
        again = await stage(guest, "drawing")
        assert [[*zip(*stroke, strict=True)] for stroke in again.strokes] == [begun]
        for stroke, points in enumerate([others, *rest]):
            await guest.send(Ink(round=1, stroke=stroke, points=points))
        reveal = await guest.hear(Reveal)
    assert [drawing.outcome for drawing in reveal.drawings if drawing.seat == 1] == ["guessed"]
    kept.agrees_with([host, guest])


async def test_a_result_on_its_way_outlives_the_owner(start: Start, kept: Kept, postgres: Postgres):
    one, two = start(number=2)
    async with Player(one) as host, Player(two) as guest:
        await meet(host, guest)
        await host.send(Begin())
        states = await asyncio.gather(stage(host, "drawing"), stage(guest, "drawing"))
        postgres.stop()
        for player, state in zip((host, guest), states, strict=True):
            await player.draw(state.round, state.word or "")
        await guest.hear(RaceState, lambda s: s.stage == "settling")
        since = killed(one)
        postgres.start()
        await moved(guest, since)
        await guest.hear(Reveal, lambda r: all(drawing.replay for drawing in r.drawings))
        async with Player(two, host) as again:
            told = await asyncio.gather(finish(again, 2), finish(guest, 2))
    assert all(finished.challenge for finished in told)
    assert kept() == (6, 2)
    kept.agrees_with([host, guest])


async def test_an_owner_that_slept_finds_that_it_is_none(start: Start, kept: Kept):
    one, two = start(number=2)
    async with Player(one) as host, Player(two) as guest:
        await meet(host, guest)
        await host.send(Begin())
        await asyncio.gather(stage(host, "drawing"), stage(guest, "drawing"))
        one.freeze()
        await moved(guest, time.monotonic())
        await guest.hear(RaceState, lambda s: not s.seats[0].connected)
        one.thaw()
        await guest.hear(RaceState, lambda s: s.seats[0].connected)
        told = await asyncio.gather(finish_what_is_left(host), finish_what_is_left(guest))
    assert all(finished.challenge for finished in told)
    assert kept()[1] == 2
    kept.agrees_with([host, guest])


async def test_an_owner_that_is_told_to_stop_hands_the_race_over(start: Start, kept: Kept):
    one, two = start(number=2)
    async with Player(one) as host, Player(two) as guest:
        await meet(host, guest)
        await host.send(Begin())
        await asyncio.gather(draw(host, 1), draw(guest, 1))
        stopping = asyncio.create_task(asyncio.to_thread(one.stop))
        assert (await host.hear(Problem)).code == "stopping"
        since = time.monotonic()
        await moved(guest, since)
        async with Player(two, host) as again:
            told = await asyncio.gather(finish(again, 2), finish(guest, 2))
        await stopping
    assert all(finished.challenge for finished in told)
    assert kept() == (6, 2)
    kept.agrees_with([host, guest])
