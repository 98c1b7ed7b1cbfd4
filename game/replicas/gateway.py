"""A replica as the edge of its players: the lobby whose rooms any replica may own."""

import secrets
from collections import Counter
from collections.abc import Coroutine, Sequence
from typing import Any

from game.guests.guest import Guest
from game.guests.presence import Guests
from game.messages import Hello, Hidden, Join, Message, Problem, RaceKind, State
from game.records.storage import Plan
from game.replicas import scripts
from game.replicas.events import Came, FromEdge, Opened
from game.replicas.member import News, Told, packed
from game.replicas.register import Register
from game.replicas.relay import Relay, Target
from game.replicas.remote_room import Elsewhere
from game.replicas.replayed_room import HOME, LOST
from game.replicas.room_owner import Keeper
from game.replicas.store import Away, Store
from game.rooms.codes import new_code, tidied
from game.rooms.lobby import JOINED, Doorkeeper
from game.services import Venue

STRANGERS = 5  # rooms a stranger is sent to before a new one is made
WAITING = Problem(code="waiting", text="One moment: the race cannot be reached. It goes on.")
NO_ROOMS = Problem(
    code="unreachable", text="Races cannot be reached just now. Try again in a moment."
)


class Edge:
    """`game.rooms.lobby.Lobby` for the players of one replica, the `name`d."""

    def __init__(self, venue: Venue, guests: Guests, name: str, store: Store) -> None:
        self.leaving = False
        self.relay = Relay(store, self._refused, self._away)
        self.keeper = Keeper(venue, name, store, self.relay, self._send)
        self.register = Register(guests, name, store, self.relay, self._place)
        self._venue, self._guests, self._name, self._store = venue, guests, name, store
        self._door = Doorkeeper(venue.clock)
        self._numbers: Counter[str] = Counter()  # of the last entry in each room
        self._strangers: dict[tuple[str, str], int] = {}  # (room, token): tries
        self._knocking: dict[str, tuple[str, dict[str, Any]]] = {}  # token: room, `Came`

    def __len__(self) -> int:
        return len(self.keeper)

    # -- into rooms --------------------------------------------------------------------------------

    def open(self, guest: Guest, kind: RaceKind, plan: Plan | None = None) -> None:
        if self._door.may_open(guest, len(self)):
            self._do(guest, self._open(guest, kind, plan))

    def join(self, guest: Guest, join: Join) -> None:
        if self._door.may_try(guest):
            self._do(guest, self._join(guest, join))

    def quick(self, guest: Guest) -> None:
        self._do(guest, self._quick(guest, STRANGERS))

    def hide(self, replay: str) -> None:
        self.relay.say(scripts.ALL, f"hidden {replay}")

    def stop(self) -> None:
        """Who is sent away keeps the seat, and comes back on another replica."""
        self.leaving = True

    def _do(self, guest: Guest, work: Coroutine[Any, Any, None]) -> None:
        async def or_say_why_not() -> None:
            try:
                await work
            except Away:
                guest.say(NO_ROOMS)

        self._venue.spawn(or_say_why_not())

    async def _open(self, guest: Guest, kind: RaceKind, plan: Plan | None, code: str = "") -> None:
        made = False
        while not made:
            code = code or new_code()
            opened = Opened(
                owner=self._name,
                code=code,
                kind=kind,
                secret=secrets.token_hex(16),
                model=self._venue.model_name,
                plan=plan,
            )
            person = self._person(guest)
            came = self._entry(code, guest, Came, **person)
            self._knocking[guest.token] = code, person
            made = await self._store.create(code, self._name, kind, [opened, came])
            code = code if made else ""

    async def _join(self, guest: Guest, join: Join) -> None:
        code = tidied(join.code)
        found = await self._store.owner(code)
        if found is None or found[1] not in JOINED:
            self._door.no_room(guest)
        else:
            self._knock(code, guest, watch=join.watch)

    async def _quick(self, guest: Guest, tries: int) -> None:
        own = guest.place.code if isinstance(guest.place, Elsewhere) else ""
        new = new_code()
        code = await self._store.match(own, new) if tries else new
        if code == new:
            if self._door.may_open(guest, len(self)):
                await self._open(guest, "quick", None, new)
        else:
            self._strangers[code, guest.token] = tries - 1
            self._knock(code, guest, quick=True)

    def _knock(self, code: str, guest: Guest, **how: bool) -> None:
        """Ask a room for a seat, again when the answer may have been lost."""
        came = self._person(guest) | how
        self._knocking[guest.token] = code, came
        self.write(code, guest, Came, **came)

    @staticmethod
    def _person(guest: Guest) -> dict[str, Any]:
        return {
            "key": guest.key,
            "name": guest.name,
            "colour": guest.colour,
            "delay": guest.delay.milliseconds,
        }

    def write(self, code: str, guest: Guest, kind: type[FromEdge], **fields: Any) -> None:
        """Have an entry about a guest written into a room's log."""
        self.relay.write(code, self._entry(code, guest, kind, **fields))

    def _entry(self, code: str, guest: Guest, kind: type[FromEdge], **fields: Any) -> FromEdge:
        self._numbers[code] += 1
        number = self._numbers[code]
        return kind(edge=self._name, number=number, token=guest.token, **fields)

    # -- what rooms say ----------------------------------------------------------------------------

    def _send(self, code: str, fence: int, told: Sequence[Told]) -> None:
        """Pass on what a room here says, to whichever edge its members are at."""
        by_edge: dict[str, list[Told]] = {}
        for each in told:
            by_edge.setdefault(each.edge, []).append(each)
        for edge, news in by_edge.items():
            if edge == self._name:
                self.hear(code, fence, news)
            else:
                self.relay.say(scripts.channel(edge), f"out {code} {fence} {packed(news)}")

    def hear(self, code: str, fence: int, told: Sequence[Told]) -> None:
        """Take what a room says to players who are connected here."""
        for each in told:
            guest = self._guests.known(each.token)
            if self._knocking.get(each.token, ("",))[0] == code:
                del self._knocking[each.token]
            if guest is not None:
                self._hear(guest, code, fence, each.news)

    def _hear(self, guest: Guest, code: str, fence: int, news: News) -> None:
        place = guest.place if isinstance(guest.place, Elsewhere) else None
        if place is None or place.code != code:
            place = None
        elif fence < place.fence:
            return
        else:
            place.fence = fence
        match news:
            case "admitted":
                self._admitted(guest, code, place)
            case "elsewhere":
                tries = self._strangers.pop((code, guest.token), 0)
                self._do(guest, self._quick(guest, tries))
            case State():
                self._gone(guest, place)
            case Message() if place is not None:
                place.hear(news)
            case Problem():
                guest.say(news)
            case _:
                pass

    def _admitted(self, guest: Guest, code: str, place: Elsewhere | None) -> None:
        self._strangers.pop((code, guest.token), None)
        if place is None:
            place = self._place(guest, code)
            guest.go(place)
        place.start()
        self.known(guest)

    def _place(self, guest: Guest, code: str) -> Elsewhere:
        return Elsewhere(self, self._venue.clock, guest, code)

    def _gone(self, guest: Guest, place: Elsewhere | None) -> None:
        """The guest is in that room no more."""
        if place is not None:
            place.rest()
            guest.place = None
            guest.say(HOME)
            self.known(guest)

    def _refused(self, target: Target) -> None:
        """A room is gone, or this replica does not own it any more."""
        code, fence = target
        if fence is not None:
            self.keeper.drop(code)
            return
        self._knocking = {t: knock for t, knock in self._knocking.items() if knock[0] != code}
        for room, token in [*self._strangers]:
            guest = self._guests.known(token)
            if room == code and guest is not None:
                self.relay.offer(code, None)
                self._do(guest, self._quick(guest, self._strangers.pop((code, token))))
        for guest in self._sitting(code):
            guest.say(LOST)
            self._gone(guest, guest.place if isinstance(guest.place, Elsewhere) else None)

    def _away(self, away: bool) -> None:
        """Redis stopped answering, or answers again."""
        if not away:
            self.ask_again()
            return
        for guest in self._sitting():
            guest.say(WAITING)

    def _sitting(self, code: str | None = None) -> list[Guest]:
        """Guests in rooms, or in one."""
        return [
            guest
            for guest in self._guests
            if isinstance(guest.place, Elsewhere) and code in (None, guest.place.code)
        ]

    def ask_again(self) -> None:
        """Have all rooms tell all their members here how things are, and whoever waits outside."""
        knocking, self._knocking = self._knocking, {}
        for token, (code, came) in knocking.items():
            guest = self._guests.known(token)
            if guest is not None and guest.link is not None:
                self._knocking[token] = code, came
                self.write(code, guest, Came, **came)
        for guest in self._sitting():
            if guest.link is not None and guest.place is not None:
                guest.place.tell(guest)

    def hidden(self, replay: str) -> None:
        """A drawing was reported, to whichever replica."""
        self._guests.say_all(Hidden(replay=replay))
        self.keeper.hide(replay)

    # -- who players are ---------------------------------------------------------------------------

    async def recall(self, hello: Hello) -> None:
        await self.register.recall(hello)

    def known(self, guest: Guest) -> None:
        self.register.note(guest)
