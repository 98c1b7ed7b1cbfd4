"""A hub with a clock and a judge that tests control, and guests who record their messages."""

from collections.abc import Callable
from random import Random
from typing import TypeVar

from game.background import Work
from game.clock import SLACK
from game.guests.guest import Guest
from game.messages import (
    Begin,
    Hello,
    Ink,
    Join,
    Message,
    Open,
    Point,
    Problem,
    RaceState,
)
from game.records.result_keeper import ResultKeeper
from game.rooms.hub import Hub
from game.rules.attempt import VERDICT_GAP
from game.rules.modes import COUNTDOWN
from game.services import Services
from tests.game.fakes import CountsBars, ManualClock, ManualJudge, Notes, row
from tests.game.memory import Memory, at_once

LINE: list[Point] = [(0, 0, 0), (100, 0, 30)]

M = TypeVar("M")


class Player:
    """A guest with all messages received."""

    def __init__(self, world: "World", key: str | None = None, address: str = "") -> None:
        self.world = world
        self.notes = Notes()
        self.guest: Guest = world.hub.join(Hello(key=key), self.notes, address)

    def do(self, message: Message) -> None:
        self.world.hub.receive(self.guest, message)

    def heard(self, kind: type[M]) -> list[M]:
        """All received messages of a kind."""
        return [message for message in self.notes.sent if isinstance(message, kind)]

    @property
    def race(self) -> RaceState:
        """The last state of the room."""
        return self.heard(RaceState)[-1]

    @property
    def seat(self) -> int:
        assert self.race.you is not None
        return self.race.you

    @property
    def problem(self) -> str:
        """The code of the last problem received."""
        return self.heard(Problem)[-1].code

    def ink(self, round: int | None = None, stroke: int = 0) -> None:
        self.do(Ink(round=self.race.round if round is None else round, stroke=stroke, points=LINE))

    def win(self) -> None:
        """Draw the word, and have it guessed after some time."""
        self.world.clock.pass_(150)
        self.ink()
        self.world.judge.answer(row(self.race.word or ""))
        self.world.clock.pass_(VERDICT_GAP + SLACK)
        self.world.judge.answer(row(self.race.word or ""))

    def vanish(self) -> None:
        self.world.hub.vanish(self.guest, self.notes)

    def back(self) -> None:
        """Connect again with a new link."""
        self.notes = Notes()
        assert self.world.hub.join(Hello(token=self.guest.token), self.notes) is self.guest


class World:
    """A hub and its guests; with `keeping`, results that cannot be stored are tried again."""

    def __init__(self, spawn: Callable[[Work], None] = at_once, keeping: bool = False) -> None:
        self.clock, self.judge, self.storage = ManualClock(), ManualJudge(), Memory()
        services = Services(
            CountsBars(),
            self.judge,
            self.clock,
            self.storage,
            "bars",
            Random(1),
            spawn,
            keeper=ResultKeeper(self.storage) if keeping else None,
        )
        self.hub = Hub(services)

    def player(self, key: str | None = None, address: str = "") -> Player:
        return Player(self, key, address)

    def room_of(self, players: int) -> list[Player]:
        """Players in one room, the first its host."""
        here = [self.player() for _ in range(players)]
        here[0].do(Open(name="Host"))
        for number, player in enumerate(here[1:], 1):
            player.do(Join(code=here[0].race.code, name=f"Guest {number}"))
        return here

    def race_of(self, players: int) -> list[Player]:
        """Players at the first moment of a race's first word."""
        here = self.room_of(players)
        here[0].do(Begin())
        self.clock.pass_(COUNTDOWN + SLACK)
        return here
