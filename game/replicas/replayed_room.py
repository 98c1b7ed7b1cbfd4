"""A room as its log tells it: the same entries make the same room on every replica.

Nothing is done here but to follow the log. `Story.told` holds what members are to be told, and
`asks` and `pads` what the owner is to do; on a replica that only catches up, nobody listens.
"""

import base64
import logging
from dataclasses import replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from game.guests.refusals import KICKED, ROOM_FULL
from game.messages import Problem, State
from game.replicas.effects import Asks, Pads
from game.replicas.events import (
    AnyEntry,
    Back,
    Came,
    Claimed,
    EdgeLost,
    FromEdge,
    GameKept,
    HiddenNow,
    Judged,
    Kept,
    Left,
    Measured,
    Opened,
    Renamed,
    Said,
    Ticked,
    Vanished,
)
from game.replicas.log_clock import LogClock
from game.replicas.member import Member, Told
from game.rooms.room import Kicked, Room
from game.rules.attempt import Frame
from game.rules.seats import RoomFull
from game.services import Venue
from models.drawing import Drawing, Stroke

HOME = State(stage="home")
MOVED = Problem(code="waiting", text="The race has moved to another machine, and goes on.")
LOST = Problem(code="room_lost", text="The race is lost. What you were told was kept, is kept.")

log = logging.getLogger(__name__)


class Story:
    """One room.

    Attributes:
        told: what members are to be told since somebody last took it.
        owner, fence: whose the room is, by the newest claim.
        asks, pads: what waits for the records and for the judge.
        closed: whether the last member has left.
    """

    def __init__(self, venue: Venue, opened: Opened, at: float) -> None:
        self.opened = opened
        self.told: list[Told] = []
        self.owner, self.fence = opened.owner, 1
        self.clock = LogClock(at)
        self.asks, self.pads = Asks(), Pads()
        self.closed = False
        inside = replace(
            venue,
            judge=self.pads,
            clock=self.clock,
            archive=self.asks,
            rng=Random(opened.secret),
            spawn=self.asks.spawn,
        )
        self.room = Room(
            inside, opened.kind, opened.code, plan=opened.plan, closed=self._close, probes=False
        )
        self._members: dict[str, Member] = {}  # by token
        self._numbers: dict[str, int] = {}  # of the last entry of each edge
        self._heat = self.room.heat

    @property
    def edges(self) -> set[str]:
        """Replicas to which members are connected."""
        return {member.wire.edge for member in self._members.values() if member.link}

    def take(self, entry: AnyEntry, at: float) -> None:
        """Go on to the time of the next entry (ms, as Redis counts), and do what it says."""
        try:
            self.clock.pass_to(at)
            if isinstance(entry, FromEdge):
                self._from_edge(entry)
            else:
                self._from_owner(entry)
        except Exception:  # it comes again on every replica, so the room would never go on
            log.exception("an entry of a room's log could not be followed")
        self._see_who_is_left()

    def farewell(self, why: Problem) -> list[Told]:
        """What members are told when the room ends by no doing of theirs."""
        members = [member.wire for member in self._members.values() if member.link]
        return [Told(wire.edge, wire.token, news) for wire in members for news in (why, HOME)]

    def _tell(self, told: Told) -> None:
        self.told.append(told)

    def _close(self, _: Room) -> None:
        self.closed = True

    def _see_who_is_left(self) -> None:
        gone = [token for token, member in self._members.items() if member.place is None]
        for token in gone:
            del self._members[token]
        if self.room.heat is not self._heat:  # the first pads of a race ask after it began
            self._heat = self.room.heat
            self.pads.forget()

    # -- from edges --------------------------------------------------------------------------------

    def _from_edge(self, entry: FromEdge) -> None:
        if entry.number <= self._numbers.get(entry.edge, 0):
            return  # it was sent twice
        self._numbers[entry.edge] = entry.number
        member = self._members.get(entry.token)
        if isinstance(entry, Came):
            self._come(entry, member)
        elif member is None:
            self.told.append(Told(entry.edge, entry.token, HOME))
        else:
            self._of_member(member, entry)

    def _come(self, came: Came, known: Member | None) -> None:
        member = known or Member(came, self._tell)
        member.connect(came.edge)
        try:
            self.room.check(member, came.watch)
        except Kicked:
            member.say(KICKED)
            return
        except RoomFull:
            self._turn_away(member, came)
            return
        if came.quick and known is None and len(self._members) and not self.room.open:
            member.wire.tell("elsewhere")
            return
        self._members[came.token] = member
        member.renamed(came.name, came.colour)
        if known is None:
            member.go(self.room)
        else:
            self.room.renamed(member)
        member.wire.tell("admitted")
        self.room.admit(member, came.watch)
        self.room.tell(member)
        if self.opened.plan is not None and self.room.heat is None:
            self.room.begin()

    def _turn_away(self, member: Member, came: Came) -> None:
        if came.quick:
            member.wire.tell("elsewhere")
        else:
            member.say(ROOM_FULL)

    def _of_member(self, member: Member, entry: FromEdge) -> None:
        match entry:
            case Said():
                self.room.receive(member, entry.message)
            case Vanished() if entry.edge == member.wire.edge:
                self._vanish(member)
            case Back():
                self._back(member, entry)
            case Renamed():
                member.renamed(entry.name, entry.colour)
                self.room.renamed(member)
            case Measured():
                member.delay.milliseconds = entry.delay
                self.room.measured(member)
            case Left():
                member.link = None
                member.leave()
            case _:
                pass

    def _vanish(self, member: Member) -> None:
        if member.link is not None:
            member.link = None
            self.room.vanish(member)

    def _back(self, member: Member, back: Back) -> None:
        was_away = member.link is None
        member.connect(back.edge)
        if was_away:
            member.delay.milliseconds = back.delay
            self.room.back(member)
        self.room.tell(member)

    # -- from the owner ----------------------------------------------------------------------------

    def _from_owner(self, entry: AnyEntry) -> None:
        match entry:
            case Claimed():
                self._claimed(entry)
            case EdgeLost():
                for member in [*self._members.values()]:
                    if member.wire.edge == entry.edge:
                        self._vanish(member)
            case Judged():
                self._judged(entry)
            case Kept():
                self.asks.answer(entry.ask, entry.ids)
            case GameKept():
                self.asks.answer(entry.ask, entry.finished)
            case HiddenNow():
                self.room.hide(entry.replay)
            case Ticked() | _:
                pass

    def _claimed(self, claimed: Claimed) -> None:
        """What was told before may or may not have arrived: tell everyone everything."""
        self.owner, self.fence = claimed.owner, claimed.fence
        self.told.clear()
        for member in self._members.values():
            member.say(MOVED)
            self.room.tell(member)

    def _judged(self, answer: Judged) -> None:
        pad = self.pads[answer.pad]
        frame = pad.look() if pad is not None else None
        if frame is None or frame.drawing.points == answer.points:
            self.pads.wanting.discard(answer.pad)
        if pad is None or frame is None or frame.turn.round != answer.round:
            return
        pad.judged(_as_judged(frame, answer), _row(answer.row))


def packed(row: NDArray[np.float32]) -> str:
    """Probabilities (K,) as an entry holds them."""
    return base64.b64encode(row.astype("<f4").tobytes()).decode()


def _row(text: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(text), "<f4").astype(np.float32)


def _as_judged(frame: Frame, answer: Judged) -> Frame:
    """The frame that was looked at, of which only the number of points still matters."""
    drawing = _first(frame.drawing, answer.points)
    return replace(frame, drawing=drawing, at=answer.at, erased=answer.erased)


def _first(drawing: Drawing, points: int) -> Drawing:
    strokes: list[Stroke] = []
    for stroke in drawing.strokes:
        strokes.append(Stroke(stroke.xy[:points]))
        points -= len(strokes[-1].xy)
        if not points:
            break
    return Drawing(tuple(strokes))
