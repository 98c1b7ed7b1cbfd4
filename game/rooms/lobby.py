"""The lobby, which opens and finds rooms: the protocol, and the lobby of a single process.

`game.replicas` has another one, for rooms that several processes share.
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
TRIES = (0.2, 20.0)  # wrong codes that an address may try: per second, and at once
OPENS = (0.5, 100.0)  # rooms that an address may open: per second, and at once
JOINED = ("room", "quick")  # kinds of room that other players may join


class Lobby(Protocol):
    """Opens and finds rooms. When something cannot be done, the guest gets a `Problem`."""

    def __len__(self) -> int:
        """Number of rooms that this process keeps."""
        ...

    async def recall(self, hello: Hello) -> None:
        """Load a guest who was last connected to another process.

        Raises:
            ConnectionError: the shared store of players cannot be reached.
        """
        ...

    def known(self, guest: Guest) -> None:
        """Note a new guest, or a guest's new name, colour or badge."""
        ...

    def open(self, guest: Guest, kind: RaceKind, plan: RacePlan | None = None) -> None:
        """Open a room and seat the guest in it. With a plan, its race against ghosts starts."""
        ...

    def join(self, guest: Guest, join: Join) -> None:
        """Let the guest play or watch in the room with the given code."""
        ...

    def quick(self, guest: Guest) -> None:
        """Seat the guest in a waiting quick match, else in a running one, else in a new one."""
        ...

    def hide(self, replay: str) -> None:
        """Hide a reported drawing from everyone."""
        ...

    def stop(self) -> None:
        """Note that the server stops: guests who leave from now on may come back elsewhere."""
        ...


class RoomLimits:
    """Limits the number of rooms, and how many an address may open or try to join."""

    def __init__(self, clock: Clock, judge: JudgeQueue) -> None:
        self._clock, self._judge = clock, judge
        self._tries, self._opens = Buckets(*TRIES), Buckets(*OPENS)

    def may_open(self, guest: Guest, rooms: int) -> bool:
        """Whether a guest may open one more room; if not, the guest is told why."""
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

    def may_join(self, guest: Guest) -> bool:
        """Whether a guest may try to join a room; if not, the guest is told why."""
        now = self._clock.now()
        if self._tries.of(guest.address, now).has(1, now):
            return True
        guest.say(TOO_MANY_TRIES)
        return False

    def no_room(self, guest: Guest) -> None:
        """Tell the guest that the code is wrong, and count the try."""
        now = self._clock.now()
        self._tries.of(guest.address, now).take(1, now)
        guest.say(UNKNOWN_ROOM)


class LocalLobby:
    """The rooms of this process, by their codes."""

    def __init__(self, services: Services, guests: Guests) -> None:
        self._services, self._guests = services, guests
        self._rooms: dict[str, Room] = {}
        self._limits = RoomLimits(services.clock, services.judge)

    def __len__(self) -> int:
        return len(self._rooms)

    async def recall(self, hello: Hello) -> None:
        """Nothing to do: there is no other process."""

    def known(self, guest: Guest) -> None:
        """Nothing to do: there is no other process."""

    def open(self, guest: Guest, kind: RaceKind, plan: RacePlan | None = None) -> None:
        if not self._limits.may_open(guest, len(self)):
            return
        code = next(code for code in iter(new_code, "") if code not in self._rooms)
        room = Room(self._services, kind, code, plan=plan, closed=self._close)
        self._rooms[code] = room
        self._admit(guest, room)
        if plan is not None:
            room.begin()

    def join(self, guest: Guest, join: Join) -> None:
        if not self._limits.may_join(guest):
            return
        room = self._rooms.get(tidied(join.code))
        if room is None or room.kind not in JOINED:
            self._limits.no_room(guest)
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
        """Nothing to do: the rooms end with the server."""

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
