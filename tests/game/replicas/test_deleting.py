"""A player has everything deleted at one server while results wait at another."""

import asyncio

import httpx

from game.messages import RaceState, Reveal, Saving
from tests.game.replicas.conftest import Start
from tests.game.replicas.machines import Replica
from tests.game.replicas.playing import Player, StoredResults, racing
from tests.game.serving import PATIENCE


async def forget(replica: Replica, player: Player) -> None:
    async with httpx.AsyncClient(base_url=f"http://{replica.address}", timeout=PATIENCE) as client:
        answer = await client.post("/forget", json={"key": player.welcome.key})
    assert answer.is_success


async def settling(player: Player) -> None:
    await player.hear(RaceState, lambda state: state.stage == "settling")


async def test_a_result_in_the_log_of_a_room_is_not_stored_later(
    start: Start, stored: StoredResults
):
    one, two = start(number=2)
    async with racing(one, two) as (host, guest):
        with stored.refusing():
            await asyncio.gather(host.draw_it(), guest.draw_it())
            for player in (host, guest):
                assert (await player.hear(Saving)).state == "saving"
            await forget(two, host)
        assert (await guest.hear(Saving)).state == "saved"
        assert (await host.hear(Saving)).state == "deleted"
        reveal = await guest.hear(Reveal)
    assert {each.seat: each.replay is None for each in reveal.drawings} == {0: True, 1: False}
    assert stored() == (1, 0)


async def test_a_result_that_waits_at_another_server_is_not_stored_later(
    start: Start, stored: StoredResults
):
    one, two = start(number=2)
    async with Player(one) as player:
        state = await player.begin("quick_six")
        with stored.refusing():
            await player.draw(1, state.word or "")
            await player.hear(Saving, lambda saving: saving.state == "saving")
            await forget(two, player)
        assert (await player.hear(Saving)).state == "deleted"
    assert stored() == (0, 0)


async def test_a_result_that_is_being_stored_meanwhile_is_deleted(
    start: Start, stored: StoredResults
):
    one, two = start(number=2)
    async with racing(one, two) as (host, guest):
        with stored.closed():
            await asyncio.gather(host.draw_it(), guest.draw_it())
            await settling(guest)
            deleting = asyncio.create_task(forget(two, host))
            await asyncio.sleep(0.3)
        await deleting
        await guest.hear(Reveal)
    assert stored() == (1, 0)
