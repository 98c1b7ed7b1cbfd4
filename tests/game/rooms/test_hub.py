"""The hub under random events: seats are unique, points add up, late answers change nothing."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as some

from game.judging.judge import FrameSource
from game.messages import (
    Begin,
    Configure,
    Join,
    Kick,
    Leave,
    Open,
    Profile,
    Quick,
    RaceState,
    Ready,
    Reveal,
    RoomSettings,
    Start,
)
from game.rooms.room import Room
from game.rules.attempt import Frame
from game.rules.modes import SECOND
from game.rules.race import BELL_POINTS, POINTS
from tests.game.fakes import row
from tests.game.world import Player, World

PLAYERS = 5
ACTS = [
    *("open", "join", "watch", "quick", "alone", "leave", "vanish", "back", "ready", "begin"),
    *("kick", "settings", "recolour", "ink", "ink", "ink", "right", "right", "wrong", "late"),
]
EVENTS = some.lists(
    some.tuples(some.sampled_from(ACTS), some.integers(0, PLAYERS - 1), some.floats(0, 5_000)),
    max_size=60,
)

BEGUN = [("open", 0, 0.0), ("join", 1, 0.0), ("join", 2, 0.0), ("begin", 0, 0.0), ("ink", 1, 3_100)]


class Party:
    """Guests who do random things; all their messages are checked."""

    def __init__(self) -> None:
        self.world = World()
        self.players = [self.world.player() for _ in range(PLAYERS)]
        self.late: list[tuple[FrameSource, Frame]] = []
        self._acts: dict[str, Callable[[Player, int], None]] = {
            "open": lambda player, _: player.do(Open()),
            "join": lambda player, number: player.do(Join(code=self._code(number))),
            "watch": lambda player, number: player.do(Join(code=self._code(number), watch=True)),
            "quick": lambda player, _: player.do(Quick()),
            "alone": lambda player, _: player.do(Start(mode="sprint")),
            "leave": lambda player, _: player.do(Leave()),
            "vanish": lambda player, _: player.vanish(),
            "back": lambda player, _: player.back(),
            "ready": lambda player, _: player.do(Ready()),
            "begin": lambda player, _: player.do(Begin()),
            "kick": lambda player, number: player.do(Kick(seat=number)),
            "settings": lambda player, _: player.do(Configure(settings=RoomSettings(seconds=10))),
            "recolour": lambda player, number: player.do(Profile(colour=number)),
            "ink": lambda player, _: self._ink(player),
            "right": lambda player, _: self._judge(player, 0.9),
            "wrong": lambda player, _: self._judge(player, 0.3),
            "late": lambda player, _: self._answer_late(),
        }

    def do(self, act: str, number: int, wait: float) -> None:
        self.world.clock.pass_(wait)
        self._acts[act](self.players[number], int(wait) % PLAYERS)
        for player in self.players:
            self.check(player)

    def _code(self, number: int) -> str:
        states = self.players[number].heard(RaceState)
        return states[-1].code if states else "AAAAAA"

    def _ink(self, player: Player) -> None:
        if player.heard(RaceState):
            player.ink()

    def _judge(self, player: Player, probability: float) -> None:
        """Answer all waiting requests, and hold one answer back for much later."""
        for waiting in self.world.judge.wanting[:1]:
            if frame := waiting.take_frame():
                self.late.append((waiting, frame))
        states = player.heard(RaceState)
        word = states[-1].word if states else None
        self.world.judge.answer(row(word or "one", probability))

    def _answer_late(self) -> None:
        """An answer about a drawing that is no longer judged must send and change nothing."""
        if not self.late:
            return
        pad, frame = self.late.pop(0)
        now = pad.take_frame()
        told = sum(len(player.notes.sent) for player in self.players)
        pad.judged(frame, row(frame.attempt.word or "one"))
        if now is None or now.attempt is not frame.attempt:
            assert sum(len(player.notes.sent) for player in self.players) == told

    def check(self, player: Player) -> None:
        for state in player.heard(RaceState)[-1:]:
            check_state(state)
        for reveal in player.heard(Reveal):
            check_reveal(reveal)


def check_state(state: RaceState) -> None:
    seats = [seat.seat for seat in state.seats]
    assert len(set(seats)) == len(seats) <= 8
    assert len({seat.colour for seat in state.seats}) == len(seats)
    assert state.you is None or state.you in seats
    hosts = [seat for seat in state.seats if seat.host]
    assert len(hosts) <= 1
    if any(seat.connected for seat in state.seats):
        assert hosts
        assert hosts[0].connected
    told = [sum(r.points.get(seat.seat, 0) for r in state.results) for seat in state.seats]
    assert [seat.points for seat in state.seats] == told
    assert (state.word is None) == (state.stage in ("lobby", "countdown", "over"))
    assert len(state.results) <= state.rounds


def check_reveal(reveal: Reveal) -> None:
    points = [drawing.points for drawing in reveal.drawings]
    guessed = sum(drawing.outcome == "guessed" for drawing in reveal.drawings)
    others = sorted(points[guessed:], reverse=True)
    assert points[:guessed] == [*POINTS, 1, 1, 1, 1][:guessed]
    assert not any(others) or (not guessed and others[0] == BELL_POINTS and not any(others[1:]))


@settings(max_examples=200, deadline=None)
@given(some.booleans(), EVENTS)
def test_whatever_guests_do_rooms_hold_together(racing: bool, events: list[tuple[str, int, float]]):
    party = Party()
    for event in BEGUN if racing else ():
        party.do(*event)
    for event in events:
        party.do(*event)
    world = party.world
    world.clock.pass_(500 * SECOND)
    for player in party.players:
        if isinstance(player.guest.activity, Room) and player.guest.link is not None:
            assert player.race.stage in ("lobby", "over")
    for player in party.players:
        player.do(Leave())
    assert len(world.hub) == 0
    party.late.clear()
    world.clock.pass_(400 * SECOND)  # those who have vanished are forgotten
    assert world.clock.waiting == 0
