"""The house: takes what guests say, and knows all rooms by their codes.

A guest is at home, at a table alone (`game.solo`) or in a room (`game.rooms.room`); what is about
the place goes there, and what leads to another place is done here. Everything runs on one event
loop; only what asks the records is awaited, in the background.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from game.archive import DailyDone, Plan, Unknown
from game.guests.guest import Account, Guest, Place
from game.guests.limits import Buckets
from game.guests.names import clean
from game.guests.presence import Guests
from game.guests.refusals import (
    BAD_NAME,
    DAILY_DONE,
    KICKED,
    NO_RECORDS,
    NOT_NOW,
    ROOM_FULL,
    TOO_FAST,
    TOO_MANY,
    TOO_MANY_TRIES,
    UNKNOWN,
    UNKNOWN_ROOM,
)
from game.messages import (
    Challenge,
    Clear,
    Daily,
    Echo,
    GhostRace,
    Hello,
    Hidden,
    Ink,
    Join,
    Leave,
    Message,
    Open,
    Person,
    Ping,
    Pong,
    Problem,
    Profile,
    Quick,
    RaceKind,
    Report,
    Skip,
    Start,
    Undo,
)
from game.rooms.codes import new_code, tidied
from game.rooms.room import Kicked, Room
from game.rules.seats import RoomFull
from game.solo import Solo
from game.venue import Link, Venue

MAX_ROOMS = 2_000
TRIES = (0.2, 20.0)  # wrong codes an address may try: a second, and at once
OPENS = (0.5, 100.0)  # rooms an address may open: a second, and at once
REPORTS = (0.1, 10.0)  # drawings an address may report: a second, and at once

log = logging.getLogger(__name__)

T = TypeVar("T")


class Rooms:
    """All guests and all rooms of one server."""

    def __init__(self, venue: Venue) -> None:
        self.clock = venue.clock
        self.guests = Guests(venue)
        self._venue = venue
        self._rooms: dict[str, Room] = {}
        self._tries, self._opens = Buckets(*TRIES), Buckets(*OPENS)
        self._reports = Buckets(*REPORTS)

    def __len__(self) -> int:
        return len(self._rooms)

    def join(
        self, hello: Hello, link: Link, address: str = "", account: Account | None = None
    ) -> Guest:
        """Welcome a player on a link."""
        return self.guests.join(hello, link, address, account)

    def vanish(self, guest: Guest, link: Link) -> None:
        """A guest's link was lost."""
        self.guests.vanish(guest, link)

    def stop(self) -> None:
        """Tell everyone that the server goes away, and end all games."""
        self.guests.stop()

    def receive(self, guest: Guest, message: Message) -> None:
        """Take a guest's message."""
        match message:
            case Ping():
                guest.say(Pong(sent=message.sent))
            case Echo():
                self._measure(guest, message)
            case Ink() | Undo() | Clear() | Skip():
                self._to_place(guest, message)
            case _ if not guest.commands.take(1, self.clock.now()):
                guest.say(TOO_FAST)
            case Leave():
                guest.go_home()
            case Start():
                self._start(guest, message)
            case Report():
                self._report(guest, message)
            case Person():
                self._person(guest, message)
            case _:
                self._to_place(guest, message)

    def _to_place(self, guest: Guest, message: Message) -> None:
        if guest.place is None:
            guest.say(NOT_NOW)
        else:
            guest.place.receive(guest, message)

    def _measure(self, guest: Guest, echo: Echo) -> None:
        guest.delay.echo(echo.number, self.clock.now())
        if isinstance(guest.place, Room):
            guest.place.measured(guest)

    def _start(self, guest: Guest, start: Start) -> None:
        solo = Solo(self._venue, guest, start.mode)
        guest.go(solo)
        solo.follow()

    # -- names -------------------------------------------------------------------------------------

    def _person(self, guest: Guest, message: Person) -> None:
        self._rename(guest, message)
        match message:
            case Open():
                self._open(guest, "room")
            case Join():
                self._join(guest, message)
            case Quick():
                self._quick(guest)
            case GhostRace() | Challenge() | Daily():
                self._venue.spawn(self._ask(guest, guest.place, message))
            case Profile() if guest.place is not None:
                guest.place.renamed(guest)
            case _:
                pass

    def _rename(self, guest: Guest, person: Person) -> None:
        """Take the name and colour that were given; a bad name is told, and is none."""
        name = clean(person.name)
        if person.name and name is None:
            guest.say(BAD_NAME)
        guest.name = name or guest.name
        guest.colour = guest.colour if person.colour is None else person.colour

    # -- into rooms --------------------------------------------------------------------------------

    def _open(self, guest: Guest, kind: RaceKind, plan: Plan | None = None) -> None:
        """Make a room and sit down in it; a race against recorded players begins at once."""
        now = self.clock.now()
        if len(self._rooms) >= MAX_ROOMS:
            guest.say(TOO_MANY)
            return
        if not self._opens.of(guest.address, now).take(1, now):
            guest.say(TOO_FAST)
            return
        code = next(code for code in iter(new_code, "") if code not in self._rooms)
        room = Room(self._venue, kind, code, plan=plan, closed=self._close)
        self._rooms[code] = room
        self._admit(guest, room)
        if plan is not None:
            room.begin()

    def _close(self, room: Room) -> None:
        del self._rooms[room.code]

    def _join(self, guest: Guest, join: Join) -> None:
        now = self.clock.now()
        tries = self._tries.of(guest.address, now)
        room = self._rooms.get(tidied(join.code))
        if not tries.has(1, now):
            guest.say(TOO_MANY_TRIES)
        elif room is None or room.kind not in ("room", "quick"):
            tries.take(1, now)
            guest.say(UNKNOWN_ROOM)
        else:
            self._admit(guest, room, join.watch)

    def _quick(self, guest: Guest) -> None:
        """Join strangers who wait, else strangers who race, else wait for some."""
        open_rooms = [r for r in self._rooms.values() if r.open and r is not guest.place]
        room = min(open_rooms, key=lambda room: room.racing, default=None)
        if room is None:
            self._open(guest, "quick")
        else:
            self._admit(guest, room)

    def _admit(self, guest: Guest, room: Room, watch: bool = False) -> None:
        try:
            room.check(guest, watch)
        except Kicked:
            guest.say(KICKED)
        except RoomFull:
            guest.say(ROOM_FULL)
        else:
            if guest.place is room:
                room.renamed(guest)
            else:
                guest.go(room)
            room.admit(guest, watch)
            room.tell(guest)

    # -- what the records know ---------------------------------------------------------------------

    async def _ask(
        self, guest: Guest, place: Place | None, wish: GhostRace | Challenge | Daily
    ) -> None:
        """Have a race laid out by the records; it begins unless the guest went elsewhere."""
        plan = await self._answer(guest, lambda: self._plan(guest, wish))
        if plan is not None and guest.place is place and guest.link is not None:
            kind: RaceKind = wish.type
            self._open(guest, kind, plan)

    def _plan(self, guest: Guest, wish: GhostRace | Challenge | Daily) -> Awaitable[Plan]:
        archive, words = self._venue.archive, self._venue.model.words
        match wish:
            case GhostRace():
                return archive.ghosts(guest.key, wish.of, wish.replay, words)
            case Challenge():
                return archive.challenge(wish.id)
            case Daily():
                return archive.daily(guest.key, words)

    async def _answer(self, guest: Guest, ask: Callable[[], Awaitable[T]]) -> T | None:
        """What the records answer, or None and the guest is told why."""
        problem: Problem = NO_RECORDS
        try:
            return await ask()
        except Unknown:
            problem = UNKNOWN
        except DailyDone:
            problem = DAILY_DONE
        except Exception:
            log.exception("the records gave no answer")
        guest.say(problem)
        return None

    def _report(self, guest: Guest, report: Report) -> None:
        now = self.clock.now()
        if self._reports.of(guest.address, now).take(1, now):
            self._venue.spawn(self._hide(guest, report.replay))
        else:
            guest.say(TOO_FAST)

    async def _hide(self, guest: Guest, replay: str) -> None:
        hidden = await self._answer(guest, lambda: self._venue.archive.hide(replay))
        if hidden is False:
            guest.say(UNKNOWN)
        elif hidden:
            self.guests.say_all(Hidden(replay=replay))
            for room in self._rooms.values():
                room.hide(replay)
