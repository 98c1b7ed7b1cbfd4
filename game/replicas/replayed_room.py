"""A replayed room: the state of a room, computed from its log and equal on every replica.

`ReplayedRoom` only applies the log. The messages for its members are collected in
`notices`, the work for its owner in `effects` and `pads`; both are ignored while a replica still
reads old entries.
"""

import base64
import logging
from dataclasses import replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from game.guests.refusals import KICKED, ROOM_FULL
from game.messages import Problem, State
from game.replicas.effects import Effects, PadRequests
from game.replicas.events import (
    AnyEvent,
    AttemptsStored,
    Back,
    Came,
    Claimed,
    FromGateway,
    GameStored,
    GatewayLost,
    HiddenNow,
    Judged,
    Left,
    Measured,
    Opened,
    Renamed,
    ResultDelayed,
    ResultLost,
    Said,
    Ticked,
    Unreadable,
    Vanished,
)
from game.replicas.log_clock import LogClock
from game.replicas.member import Member, Notice
from game.rooms.room import Kicked, Room
from game.rules.attempt import Frame
from game.rules.seats import RoomFull
from game.rules.word_memory import WordMemory
from game.services import Services
from models.drawing import Drawing, Stroke

HOME = State(stage="home")
MOVED = Problem(code="waiting", text="The race has moved to another server and goes on.")
LOST = Problem(code="room_lost", text="The race is lost. Results shown as saved are safe.")

log = logging.getLogger(__name__)


class ReplayedRoom:
    """One room, computed from its log.

    Args:
        opened: the log's first event.
        at: its time in ms.

    Attributes:
        notices: messages for members that have not been taken yet.
        owner: name of the replica that owns the room by the newest entry.
        fence: that owner's fencing token.
        clock: shows the time of the last entry.
        effects, pads: requests that wait for the storage and for the judge.
        closed: whether the last member has left.
    """

    def __init__(self, services: Services, opened: Opened, at: float) -> None:
        self.opened = opened
        self.notices: list[Notice] = []
        self.owner, self.fence = opened.owner, 1
        self.clock = LogClock(at)
        self.effects, self.pads = Effects(), PadRequests()
        self.closed = False
        inside = replace(
            services,
            judge=self.pads,
            clock=self.clock,
            storage=self.effects,
            keeper=self.effects,  # for which the room's owner stores results with retries
            rng=Random(opened.secret),
            spawn=self.effects.spawn,
            memory=WordMemory(),  # the replica's own would give each replica other words
        )
        self.room = Room(
            inside, opened.kind, opened.code, plan=opened.plan, closed=self._close, probes=False
        )
        self._members: dict[str, Member] = {}  # by token
        self._numbers: dict[str, int] = {}  # of the last event from each gateway
        self._session = self.room.session

    @property
    def gateways(self) -> set[str]:
        """Names of the replicas to which members are connected."""
        return {member.wire.gateway for member in self._members.values() if member.link}

    def take(self, event: AnyEvent | Unreadable, at: float) -> None:
        """Apply the next event, written at the time `at` (ms, by the clock of Redis)."""
        try:
            self.clock.pass_to(at)
            if isinstance(event, FromGateway):
                self._from_gateway(event)
            else:
                self._from_owner(event)
        except Exception:  # skip it: every replica that replays the log would fail here too
            log.exception("an event in a room's log could not be applied")
        self._drop_departed()

    def farewell(self, why: Problem) -> list[Notice]:
        """The messages to the members of a room that ends because of a failure."""
        members = [member.wire for member in self._members.values() if member.link]
        return [Notice(wire.gateway, wire.token, news) for wire in members for news in (why, HOME)]

    def _tell(self, notice: Notice) -> None:
        self.notices.append(notice)

    def _close(self, _: Room) -> None:
        self.closed = True

    def _drop_departed(self) -> None:
        """Forget members who have left, and the pads of a race that is over."""
        gone = [token for token, member in self._members.items() if member.activity is None]
        for token in gone:
            del self._members[token]
        if self.room.session is not self._session:  # a new race has begun, with new pads
            self._session = self.room.session
            self.pads.forget()

    # -- from gateways -----------------------------------------------------------------------------

    def _from_gateway(self, event: FromGateway) -> None:
        if event.number <= self._numbers.get(event.gateway, 0):
            return  # it was sent twice
        self._numbers[event.gateway] = event.number
        member = self._members.get(event.token)
        if isinstance(event, Came):
            self._let_in(event, member)
        elif member is None:
            self.notices.append(Notice(event.gateway, event.token, HOME))
        else:
            self._of_member(member, event)

    def _let_in(self, came: Came, known: Member | None) -> None:
        member = known or Member(came, self._tell)
        member.connect(came.gateway)
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
        member.renamed(came)
        if known is None:
            member.go(self.room)
        else:
            self.room.renamed(member)
        member.wire.tell("admitted")
        self.room.admit(member, came.watch)
        self._tell_all(member)
        if self.opened.plan is not None and self.room.session is None:
            self.room.begin()

    def _turn_away(self, member: Member, came: Came) -> None:
        if came.quick:
            member.wire.tell("elsewhere")
        else:
            member.say(ROOM_FULL)

    def _of_member(self, member: Member, event: FromGateway) -> None:
        match event:
            case Said():
                self.room.receive(member, event.message)
            case Vanished() if event.gateway == member.wire.gateway:
                self._vanish(member)
            case Back():
                self._back(member, event)
            case Renamed():
                member.renamed(event)
                self.room.renamed(member)
            case Measured():
                member.delay.milliseconds = event.delay
                self.room.measured(member)
            case Left():
                member.link = None
                member.leave()
                member.link = member.wire  # to hear what becomes of results that wait
            case _:
                pass

    def _vanish(self, member: Member) -> None:
        if member.link is not None:
            member.link = None
            self.room.vanish(member)

    def _back(self, member: Member, back: Back) -> None:
        was_away = member.link is None
        member.connect(back.gateway)
        if was_away:
            member.delay.milliseconds = back.delay
            self.room.back(member)
        self._tell_all(member)

    def _tell_all(self, member: Member) -> None:
        """Send the whole state to a member, and whether results wait."""
        self.room.tell(member)
        member.tell_saving()

    # -- from the owner ----------------------------------------------------------------------------

    def _from_owner(self, event: AnyEvent | Unreadable) -> None:
        match event:
            case Claimed():
                self._claimed(event)
            case GatewayLost():
                for member in [*self._members.values()]:
                    if member.wire.gateway == event.gateway:
                        self._vanish(member)
            case Judged():
                self._judged(event)
            case AttemptsStored() | GameStored() | ResultDelayed() | ResultLost():
                self._of_result(event)
            case HiddenNow():
                self.room.hide(event.replay)
            case Ticked() | Unreadable() | _:
                pass

    def _of_result(self, event: AttemptsStored | GameStored | ResultDelayed | ResultLost) -> None:
        match event:
            case AttemptsStored():
                self.effects.answer(event.ask, event.ids)
            case GameStored():
                self.effects.answer(event.ask, event.finished)
            case ResultDelayed():
                self.effects.delay(event.ask)
            case ResultLost():
                self.effects.give_up(event.ask)

    def _claimed(self, claimed: Claimed) -> None:
        """Send everything again, as messages of the former owner may have been lost."""
        self.owner, self.fence = claimed.owner, claimed.fence
        self.notices.clear()
        for member in self._members.values():
            member.say(MOVED)
            self._tell_all(member)

    def _judged(self, answer: Judged) -> None:
        pad = self.pads[answer.pad]
        frame = pad.take_frame() if pad is not None else None
        if frame is None or frame.drawing.points == answer.points:
            self.pads.wanting.discard(answer.pad)
        if pad is None or frame is None or frame.attempt.round != answer.round:
            return
        pad.judged(_as_judged(frame, answer), _row(answer.row))


def packed(row: NDArray[np.float32]) -> str:
    """Probabilities (K,) in the format of `Judged.row`."""
    return base64.b64encode(row.astype("<f4").tobytes()).decode()


def _row(text: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(text), "<f4").astype(np.float32)


def _as_judged(frame: Frame, answer: Judged) -> Frame:
    """The frame that was judged, rebuilt with the number of points it had then."""
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
