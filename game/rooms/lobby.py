"""How guests come into rooms: the `Lobby` that the house asks, and the one of a single process.

`game.replicas` has another, for rooms that several processes share.
"""

from typing import Protocol

from game.clock import Clock
from game.guests.guest import Guest
from game.guests.limits import Buckets
from game.guests.presence import Guests
from game.guests.refusals import (
    BUSY,
    KICKED,
    ROOM_FULL,
    TOO_FAST,
    TOO_MANY,
    TOO_MANY_TRIES,
    UNKNOWN_ROOM,
)
from game.judging.judge import JudgeQueue
from game.messages import Hello, Hidden, Join, RaceKind
from game.records.storage import RacePlan
from game.rooms.codes import new_code, tidied
from game.rooms.room import Kicked, Room
from game.rules.seats import RoomFull
from game.services import Services

MAX_ROOMS = 2_000
TRIES = (0.2, 20.0)  # wrong codes an address may try: a second, and at once
OPENS = (0.5, 100.0)  # rooms an address may open: a second, and at once
JOINED = ("room", "quick")  # kinds that others may come into


class Lobby(Protocol):
    """Where rooms are made and found. Whatever cannot be done, the guest is told."""

    def __len__(self) -> int:
        """How many rooms are kept here."""
        ...

    async def recall(self, hello: Hello) -> None:
        """Make a guest known who was last seen elsewhere.

        Raises:
            ConnectionError: when that cannot be found out now.
        """
        ...

    def known(self, guest: Guest) -> None:
        """A guest was welcomed, or has another name or colour."""
        ...

    def open(self, guest: Guest, kind: RaceKind, plan: RacePlan | None = None) -> None:
        """Make a room and sit down in it; a race against recorded players begins at once."""
        ...

    def join(self, guest: Guest, join: Join) -> None:
        """Sit down, or watch, in the room of a code."""
        ...

    def quick(self, guest: Guest) -> None:
        """Join strangers who wait, else strangers who race, else wait for some."""
        ...

    def hide(self, replay: str) -> None:
        """Show a reported drawing no more, to anyone."""
        ...

    def stop(self) -> None:
        """From now on, guests leave because the server stops."""
        ...


class RoomLimits:
    """How many rooms there may be, and how many an address may open or guess the codes of."""

    def __init__(self, clock: Clock, judge: JudgeQueue) -> None:
        self._clock, self._judge = clock, judge
        self._tries, self._opens = Buckets(*TRIES), Buckets(*OPENS)

    def may_open(self, guest: Guest, rooms: int) -> bool:
        """Whether a guest may open one more room; if not, it is told."""
        now = self._clock.now()
        if rooms >= MAX_ROOMS:
            guest.say(TOO_MANY)
            return False
        if self._judge.busy:  # one more race would slow down those that run
            guest.say(BUSY)
            return False
        if not self._opens.of(guest.address, now).take(1, now):
            guest.say(TOO_FAST)
            return False
        return True

    def may_try(self, guest: Guest) -> bool:
        """Whether a guest may try a code; if not, it is told."""
        now = self._clock.now()
        if self._tries.of(guest.address, now).has(1, now):
            return True
        guest.say(TOO_MANY_TRIES)
        return False

    def no_room(self, guest: Guest) -> None:
        """Tell that the code is wrong, and count it."""
        now = self._clock.now()
        self._tries.of(guest.address, now).take(1, now)
        guest.say(UNKNOWN_ROOM)


class LocalLobby:
    """The rooms of this process, by their codes."""

    def __init__(self, services: Services, guests: Guests) -> None:
        self._services, self._guests = services, guests
        self._rooms: dict[str, Room] = {}
        self._door = RoomLimits(services.clock, services.judge)

    def __len__(self) -> int:
        return len(self._rooms)

    async def recall(self, hello: Hello) -> None:
        """Nobody was ever elsewhere."""

    def known(self, guest: Guest) -> None:
        """Nobody else needs to know."""

    def open(self, guest: Guest, kind: RaceKind, plan: RacePlan | None = None) -> None:
        if not self._door.may_open(guest, len(self)):
            return
        code = next(code for code in iter(new_code, "") if code not in self._rooms)
        room = Room(self._services, kind, code, plan=plan, closed=self._close)
        self._rooms[code] = room
        self._admit(guest, room)
        if plan is not None:
            room.begin()

    def join(self, guest: Guest, join: Join) -> None:
        if not self._door.may_try(guest):
            return
        room = self._rooms.get(tidied(join.code))
        if room is None or room.kind not in JOINED:
            self._door.no_room(guest)
        else:
            self._admit(guest, room, join.watch)

    def quick(self, guest: Guest) -> None:
        open_rooms = [r for r in self._rooms.values() if r.open and r is not guest.activity]
        room = min(open_rooms, key=lambda room: room.racing, default=None)
        if room is None:
            self.open(guest, "quick")
        else:
            self._admit(guest, room)

    def hide(self, replay: str) -> None:
        self._guests.say_all(Hidden(replay=replay))
        for room in self._rooms.values():
            room.hide(replay)

    def stop(self) -> None:
        """The rooms end with the server."""

    def _close(self, room: Room) -> None:
        del self._rooms[room.code]

    def _admit(self, guest: Guest, room: Room, watch: bool = False) -> None:
        try:
            room.check(guest, watch)
        except Kicked:
            guest.say(KICKED)
        except RoomFull:
            guest.say(ROOM_FULL)
        else:
            if guest.activity is room:
                room.renamed(guest)
            else:
                guest.go(room)
            room.admit(guest, watch)
            room.tell(guest)
