"""Ink of a running round for those who do not draw: late, whole, and only when the host allows."""

import pytest

from game.clock import SLACK
from game.judging.load import LONGEST
from game.messages import (
    Begin,
    Clear,
    Configure,
    Ink,
    InkLine,
    Join,
    LiveInk,
    PadInk,
    RoomSettings,
    Undo,
)
from game.rooms.live_pads import TELL_GAP
from game.rules.delayed_ink import DELAY
from game.rules.modes import COUNTDOWN
from tests.game.world import LINE, Player, World

LINE_0: InkLine = (0, [0, 100], [0, 0])
LINE_1: InkLine = (1, [0, 100], [0, 0])


def watcher_of(world: World, host: Player) -> Player:
    watcher = world.player()
    watcher.do(Join(code=host.race.code, watch=True))
    return watcher


def pads(player: Player) -> list[list[PadInk]]:
    """The ink of each message that a player received."""
    return [message.pads for message in player.heard(LiveInk)]


def test_a_watcher_sees_ink_late_and_never_earlier():
    world = World()
    host, _ = world.race_of(2)
    watcher = watcher_of(world, host)
    world.clock.pass_(200)
    host.ink()
    world.clock.pass_(DELAY - 1)
    assert pads(watcher) == []
    world.clock.pass_(1)
    assert pads(watcher) == [[PadInk(seat=0, keep=0, lines=[LINE_0])]]
    assert watcher.heard(LiveInk)[0].round == 1


def test_who_draws_sees_no_ink_of_others():
    world = World()
    host, guest = world.race_of(2)
    watcher_of(world, host)
    world.clock.pass_(200)
    host.ink()
    world.clock.pass_(DELAY + TELL_GAP)
    assert pads(host) == pads(guest) == []


def test_who_has_won_the_word_sees_the_others_draw():
    world = World()
    host, guest = world.race_of(2)
    world.clock.pass_(150)
    host.ink()
    world.judge.wanting.clear()  # the host's drawing stays unguessed
    world.clock.pass_(DELAY)
    assert pads(guest) == []
    guest.win()
    assert pads(guest) == [[PadInk(seat=0, keep=0, lines=[LINE_0])]]
    host.ink(stroke=1)
    world.clock.pass_(DELAY + TELL_GAP)
    assert PadInk(seat=0, keep=1, lines=[LINE_1]) in pads(guest)[-1]
    assert pads(host) == []


def test_a_late_watcher_and_one_who_is_back_get_all_ink_at_once():
    world = World()
    host, _ = world.race_of(2)
    early = watcher_of(world, host)
    world.clock.pass_(200)
    host.ink()
    world.clock.pass_(DELAY)
    late = watcher_of(world, host)
    early.vanish()
    early.back()
    whole = [[PadInk(seat=0, keep=0, lines=[LINE_0])]]
    assert pads(late) == pads(early) == whole


def test_undo_and_clear_arrive_too():
    world = World()
    host, _ = world.race_of(2)
    watcher = watcher_of(world, host)
    world.clock.pass_(200)
    host.ink()
    host.ink(stroke=1)
    world.clock.pass_(500)
    host.do(Undo(round=1))
    world.clock.pass_(500)
    host.do(Clear(round=1))
    world.clock.pass_(DELAY)
    assert [[(pad.keep, pad.lines) for pad in each] for each in pads(watcher)] == [
        [(0, [LINE_0, LINE_1])],
        [(1, [])],
        [(0, [])],
    ]


def test_refused_ink_is_not_shown():
    world = World()
    host, _ = world.race_of(2)
    watcher = watcher_of(world, host)
    world.clock.pass_(200)
    host.do(Ink(round=1, stroke=7, points=LINE))
    world.clock.pass_(DELAY + TELL_GAP)
    assert pads(watcher) == []


@pytest.mark.parametrize(("wait", "gap"), [(0.0, TELL_GAP), (60.0, LONGEST)])
def test_many_points_make_few_messages_and_fewer_while_guesses_take_long(wait: float, gap: float):
    world = World()
    world.judge.wait = wait
    host, _ = world.race_of(2)
    watcher = watcher_of(world, host)
    for step in range(100):
        world.clock.pass_(40)
        host.do(Ink(round=1, stroke=0, points=[(step, 0, 40.0 * step)]))
    world.clock.pass_(DELAY + gap)
    assert len(pads(watcher)) == pytest.approx(4_000 / gap, abs=2)
    told = [line for each in pads(watcher) for pad in each for line in pad.lines]
    assert sum(len(xs) for _, xs, _ in told) == 100


def test_a_host_may_hide_the_drawings():
    world = World()
    host, guest = world.room_of(2)
    host.do(Configure(settings=RoomSettings(live=False)))
    assert guest.race.settings.live is False
    watcher = watcher_of(world, host)
    host.do(Begin())
    world.clock.pass_(COUNTDOWN + SLACK)
    world.clock.pass_(200)
    host.ink()
    world.judge.wanting.clear()
    guest.win()
    world.clock.pass_(DELAY + TELL_GAP)
    late = watcher_of(world, host)
    assert pads(watcher) == pads(guest) == pads(late) == []


def test_a_new_round_shows_nothing_of_the_last_one():
    world = World()
    host, guest = world.race_of(2)
    watcher = watcher_of(world, host)
    host.win()
    guest.win()
    for _ in range(40):
        world.clock.pass_(250)
        if watcher.race.round == 2:
            break
    assert watcher.race.round == 2
    watcher.notes.sent.clear()
    world.clock.pass_(2 * DELAY)
    assert pads(watcher) == []
