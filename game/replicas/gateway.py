"""The gateway: a replica's lobby for its own players, in rooms that any replica may own."""

import secrets
from collections import Counter
from collections.abc import Coroutine, Sequence
from typing import Any

from game.guests.guest import Guest
from game.guests.presence import Guests
from game.messages import Hello, Hidden, Join, Message, Problem, RaceKind, Saving, State
from game.records.storage import RacePlan
from game.replicas import scripts
from game.replicas.events import Came, FromGateway, Opened
from game.replicas.member import News, Notice, packed
from game.replicas.register import Register
from game.replicas.relay import Relay, Target
from game.replicas.remote_room import RemoteRoom
from game.replicas.replayed_room import HOME, LOST
from game.replicas.room_owner import RoomOwner
from game.replicas.store import RedisUnreachable, Store
from game.rooms.codes import new_code, tidied
from game.rooms.lobby import JOINED, RoomLimits
from game.services import Services

STRANGERS = 5  # rooms that a player of a quick match is sent to before a new one is opened
WAITING = Problem(code="waiting", text="One moment: the race cannot be reached. It goes on.")
NO_ROOMS = Problem(
    code="unreachable", text="Races cannot be reached just now. Try again in a moment."
)


class Gateway:
    """The `game.rooms.lobby.Lobby` for the players of the replica with this `name`."""

    def __init__(self, services: Services, guests: Guests, name: str, store: Store) -> None:
        self.leaving = False
        self.relay = Relay(store, self._refused, self._connection_changed)
        self.room_owner = RoomOwner(services, name, store, self.relay, self._send)
        self.register = Register(guests, name, store, self.relay, self._activity)
        self._services, self._guests, self._name, self._store = services, guests, name, store
        self._limits = RoomLimits(services.clock, services.judge)
        self._numbers: Counter[str] = Counter()  # room -> number of its last event from here
        self._strangers: dict[tuple[str, str], int] = {}  # (room, token) -> tries left
        self._seat_requests: dict[str, tuple[str, dict[str, Any]]] = {}  # token -> room, `Came`

    def __len__(self) -> int:
        return len(self.room_owner)

    # -- into rooms --------------------------------------------------------------------------------

    def open(self, guest: Guest, kind: RaceKind, plan: RacePlan | None = None) -> None:
        if self._limits.may_open(guest, len(self)):
            self._do(guest, self._open(guest, kind, plan))

    def join(self, guest: Guest, join: Join) -> None:
        if self._limits.may_join(guest):
            self._do(guest, self._join(guest, join))

    def quick(self, guest: Guest) -> None:
        self._do(guest, self._quick(guest, STRANGERS))

    def hide(self, replay: str) -> None:
        self.relay.say(scripts.ALL, f"hidden {replay}")

    def stop(self) -> None:
        """Players who are disconnected from now on keep their seats and come back elsewhere."""
        self.leaving = True

    def _do(self, guest: Guest, work: Coroutine[Any, Any, None]) -> None:
        async def or_say_why_not() -> None:
            try:
                await work
            except RedisUnreachable:
                guest.say(NO_ROOMS)

        self._services.spawn(or_say_why_not())

    async def _open(
        self, guest: Guest, kind: RaceKind, plan: RacePlan | None, code: str = ""
    ) -> None:
        made = False
        while not made:
            code = code or new_code()
            opened = Opened(
                owner=self._name,
                code=code,
                kind=kind,
                secret=secrets.token_hex(16),
                model=self._services.model_name,
                plan=plan,
            )
            person = self._person(guest)
            came = self._event(code, guest, Came, **person)
            self._seat_requests[guest.token] = code, person
            made = await self._store.create(code, self._name, kind, [opened, came])
            code = code if made else ""

    async def _join(self, guest: Guest, join: Join) -> None:
        code = tidied(join.code)
        found = await self._store.owner(code)
        if found is None or found[1] not in JOINED:
            self._limits.no_room(guest)
        else:
            self._request_seat(code, guest, watch=join.watch)

    async def _quick(self, guest: Guest, tries: int) -> None:
        own = guest.activity.code if isinstance(guest.activity, RemoteRoom) else ""
        new = new_code()
        code = await self._store.match(own, new) if tries else new
        if code == new:
            if self._limits.may_open(guest, len(self)):
                await self._open(guest, "quick", None, new)
        else:
            self._strangers[code, guest.token] = tries - 1
            self._request_seat(code, guest, quick=True)

    def _request_seat(self, code: str, guest: Guest, **how: bool) -> None:
        """Ask a room for a seat. `ask_again` repeats this when the answer may have been lost."""
        came = self._person(guest) | how
        self._seat_requests[guest.token] = code, came
        self.write(code, guest, Came, **came)

    @staticmethod
    def _person(guest: Guest) -> dict[str, Any]:
        return {
            "key": guest.key,
            "name": guest.name,
            "colour": guest.colour,
            "badge": guest.badge,
            "delay": guest.delay.milliseconds,
        }

    def write(self, code: str, guest: Guest, kind: type[FromGateway], **fields: Any) -> None:
        """Queue an event about a guest for a room's log."""
        self.relay.write(code, self._event(code, guest, kind, **fields))

    def _event(
        self, code: str, guest: Guest, kind: type[FromGateway], **fields: Any
    ) -> FromGateway:
        self._numbers[code] += 1
        number = self._numbers[code]
        return kind(gateway=self._name, number=number, token=guest.token, **fields)

    # -- messages from rooms -----------------------------------------------------------------------

    def _send(self, code: str, fence: int, notices: Sequence[Notice]) -> None:
        """Pass a room's messages on to the gateways of its members."""
        by_gateway: dict[str, list[Notice]] = {}
        for each in notices:
            by_gateway.setdefault(each.gateway, []).append(each)
        for gateway, news in by_gateway.items():
            if gateway == self._name:
                self.hear(code, fence, news)
            else:
                self.relay.say(scripts.channel(gateway), f"out {code} {fence} {packed(news)}")

    def hear(self, code: str, fence: int, notices: Sequence[Notice]) -> None:
        """Pass a room's messages on to players who are connected to this replica."""
        for each in notices:
            guest = self._guests.known(each.token)
            if self._seat_requests.get(each.token, ("",))[0] == code:
                del self._seat_requests[each.token]
            if guest is not None:
                self._hear(guest, code, fence, each.news)

    def _hear(self, guest: Guest, code: str, fence: int, news: News) -> None:
        activity = guest.activity if isinstance(guest.activity, RemoteRoom) else None
        if activity is None or activity.code != code:
            activity = None
        elif fence < activity.fence:
            return
        else:
            activity.fence = fence
        match news:
            case "admitted":
                self._admitted(guest, code, activity)
            case "elsewhere":
                tries = self._strangers.pop((code, guest.token), 0)
                self._do(guest, self._quick(guest, tries))
            case State():
                self._gone(guest, activity)
            case Message() if activity is not None:
                activity.hear(news)
            case Problem() | Saving():  # also to a guest who has left the room
                guest.say(news)
            case _:
                pass

    def _admitted(self, guest: Guest, code: str, activity: RemoteRoom | None) -> None:
        self._strangers.pop((code, guest.token), None)
        if activity is None:
            activity = self._activity(guest, code)
            guest.go(activity)
        activity.start()
        self.known(guest)

    def _activity(self, guest: Guest, code: str) -> RemoteRoom:
        return RemoteRoom(self, self._services.clock, guest, code)

    def _gone(self, guest: Guest, activity: RemoteRoom | None) -> None:
        """Send a guest who is no longer in the room to the start page."""
        if activity is not None:
            activity.rest()
            guest.activity = None
            guest.say(HOME)
            self.known(guest)

    def _refused(self, target: Target) -> None:
        """Act on a refused event: the room is gone, or this replica does not own it any more."""
        code, fence = target
        if fence is not None:
            self.room_owner.drop(code)
            return
        self._seat_requests = {
            t: knock for t, knock in self._seat_requests.items() if knock[0] != code
        }
        for room, token in [*self._strangers]:
            guest = self._guests.known(token)
            if room == code and guest is not None:
                self.relay.offer(code, None)
                self._do(guest, self._quick(guest, self._strangers.pop((code, token))))
        for guest in self._guests_in_rooms(code):
            guest.say(LOST)
            self._gone(guest, guest.activity if isinstance(guest.activity, RemoteRoom) else None)

    def _connection_changed(self, away: bool) -> None:
        """Tell the players that Redis does not answer (`away`); when it answers again, catch up."""
        if not away:
            self.ask_again()
            return
        for guest in self._guests_in_rooms():
            guest.say(WAITING)

    def _guests_in_rooms(self, code: str | None = None) -> list[Guest]:
        """The guests in any room, or in the room with the given code."""
        return [
            guest
            for guest in self._guests
            if isinstance(guest.activity, RemoteRoom) and code in (None, guest.activity.code)
        ]

    def ask_again(self) -> None:
        """Ask the rooms again for the state of all members here, and for seats not yet given."""
        knocking, self._seat_requests = self._seat_requests, {}
        for token, (code, came) in knocking.items():
            guest = self._guests.known(token)
            if guest is not None and guest.link is not None:
                self._seat_requests[token] = code, came
                self.write(code, guest, Came, **came)
        for guest in self._guests_in_rooms():
            if guest.link is not None and guest.activity is not None:
                guest.activity.tell(guest)

    def hidden(self, replay: str) -> None:
        """Hide a drawing that was reported on any replica."""
        self._guests.say_all(Hidden(replay=replay))
        self.room_owner.hide(replay)

    # -- players -----------------------------------------------------------------------------------

    async def recall(self, hello: Hello) -> None:
        await self.register.recall(hello)

    def known(self, guest: Guest) -> None:
        self.register.note(guest)
