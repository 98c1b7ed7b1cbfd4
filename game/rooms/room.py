"""A room: who is in it, who may do what, and its races one after the other.

Everything here runs on one event loop without ever waiting; time comes from the venue's clock.
"""

from collections.abc import Callable

from game.guests.guest import Guest
from game.guests.refusals import KICKED, NO_SUCH_MOVE, NOT_HOST, TOO_FEW, WATCHING
from game.messages import (
    Begin,
    Clear,
    Configure,
    Ink,
    Kick,
    Message,
    RaceKind,
    React,
    Reaction,
    Ready,
    RoomSettings,
    State,
    Undo,
)
from game.records.storage import RacePlan
from game.rooms.delays import Delays
from game.rooms.members import Members
from game.rooms.race_session import RaceSession
from game.rooms.race_state import race_state, seen_from
from game.rooms.timers import Countdown
from game.rules.race import Race
from game.rules.seats import RoomFull, Seats
from game.services import Services

MAX_WATCHERS = 50
QUICK_WAIT = 5_000.0  # ms for more to come, once a quick match could begin


class Kicked(Exception):
    """The room's host does not want this player."""


class Room:
    """Members come and go by `admit` and `leave`; the last one closes the room.

    Attributes:
        kind: how it came about; a `room` has a host, a `quick` match begins by itself, and the
            others are for one player and the ghosts of the `plan`.
        code: by which others come in.
        seats: who plays.
        settings: the host's choice for the next race.
        heat: the running or last race; None before the first.
        quick: until a quick match begins by itself.
    """

    def __init__(
        self,
        services: Services,
        kind: RaceKind,
        code: str,
        *,
        plan: RacePlan | None = None,
        closed: Callable[["Room"], None] = lambda room: None,
        probes: bool = True,
    ) -> None:
        """Make an empty room; without `probes` somebody else measures its members' links."""
        self.kind: RaceKind = kind
        self.code = code
        self.seats = Seats()
        self.settings = RoomSettings()
        self.session: RaceSession | None = None
        self._services = services
        self._plan = plan
        self._closed = closed
        self._members = Members(services.clock, lambda guest: guest.leave())
        self._kicked: set[str] = set()  # keys
        self._rounds = 0  # of all races that are over
        self._order = services.deck()
        self.quick = Countdown(services.clock, QUICK_WAIT, self._begin_quick)
        self._delays = Delays(
            services.clock,
            self._members,
            self.seats,
            lambda: not self.racing,
            self._changed,
            probes,
        )

    # -- who is here -------------------------------------------------------------------------------

    @property
    def racing(self) -> bool:
        """Whether a race is on."""
        return self.session is not None and self.session.race.stage != "over"

    @property
    def running(self) -> str | None:
        """The kind, while a race is on."""
        return self.kind if self.racing else None

    @property
    def busy(self) -> bool:
        """Whether a round is on, or a result on its way."""
        return self.session is not None and self.session.busy

    @property
    def watchers(self) -> int:
        return self._members.watchers

    @property
    def open(self) -> bool:
        """Whether a stranger may sit down and will get to draw."""
        if self.kind != "quick" or self.seats.full or not self.seats.players:
            return False
        return not self.racing or (self.session is not None and self.session.race.more)

    def check(self, guest: Guest, watch: bool) -> None:
        """Whether a guest may come in.

        Raises:
            Kicked, RoomFull: when not.
        """
        if guest.key in self._kicked:
            raise Kicked
        sits = self._members.seat(guest) is not None
        if self.watchers >= MAX_WATCHERS if watch else self.seats.full and not sits:
            raise RoomFull

    def admit(self, guest: Guest, watch: bool = False) -> None:
        """Take a guest in, to play or only to watch; who is in already may change between these."""
        seat = self._members.seat(guest)
        if seat is None or watch:
            self._members.put(guest, None if watch else self._sit(guest))
        if seat is not None and watch:
            self._free(seat)
        self._delays.probe(guest)
        self._changed()

    def _sit(self, guest: Guest) -> int:
        taken = self.seats.sit(guest.name, guest.colour, key=guest.key)
        taken.ready = self.kind == "quick"
        taken.delay = guest.delay.milliseconds
        if self.session is not None and self.racing:
            self.session.enter(taken)
        return taken.number

    def vanish(self, guest: Guest) -> None:
        """Keep the seat for a while."""
        self._connect(guest, False)
        self._members.vanish(guest)
        self._changed()

    def back(self, guest: Guest) -> None:
        """Give the seat back."""
        self._members.back(guest)
        self._connect(guest, True)
        self._delays.probe(guest)
        self._changed()

    def renamed(self, guest: Guest) -> None:
        """Show the guest's new name and colour."""
        seat = self._members.seat(guest)
        if seat is None:
            return
        if guest.name is not None:
            self.seats[seat].name = guest.name
        if guest.colour is not None:
            self.seats.recolour(seat, guest.colour)
        self._changed()

    def leave(self, guest: Guest) -> None:
        """Give the seat up; the last one out closes the room."""
        seat = self._members.remove(guest)
        if seat is not None:
            self._free(seat)
        if self._members:
            self._changed()
        else:
            self.close()

    def _free(self, seat: int) -> None:
        self.seats.leave(seat)
        if self.session is not None:
            self.session.leave(seat)

    def _connect(self, guest: Guest, connected: bool) -> None:
        seat = self._members.seat(guest)
        if seat is not None:
            self.seats.connect(seat, connected)
            if self.session is not None:
                self.session.connect(seat, connected)

    def close(self) -> None:
        """Stop all clocks for good."""
        self.quick.close()
        self._delays.close()
        if self.session is not None:
            self.session.close()
        self._closed(self)

    # -- what members say --------------------------------------------------------------------------

    def receive(self, guest: Guest, message: Message) -> None:
        """Take a message of a member."""
        if self.session is not None:
            self.session.tick()
        seat = self._members.seat(guest)
        if seat is None:
            guest.say(WATCHING)
            return
        match message:
            case Ink() | Undo() | Clear() if self.session is not None:
                self.session.receive(seat, message)
            case React():
                self.say_all(Reaction(seat=seat, reaction=message.reaction))
            case Ready() if not self.racing:
                self.seats[seat].ready = message.ready
                self._changed()
            case Begin() | Configure() | Kick() if self.kind == "room":
                self._as_host(guest, seat, message)
            case _:
                guest.say(NO_SUCH_MOVE)

    def _as_host(self, guest: Guest, seat: int, message: Begin | Configure | Kick) -> None:
        if seat != self.seats.host:
            guest.say(NOT_HOST)
        elif isinstance(message, Kick):
            self._kick(guest, message.seat)
        elif self.racing:
            guest.say(NO_SUCH_MOVE)
        elif isinstance(message, Configure):
            self.settings = message.settings
            self._changed()
        elif len(self.seats.players) < 2:
            guest.say(TOO_FEW)
        else:
            self.begin()

    def _kick(self, host: Guest, seat: int) -> None:
        kicked = self._members.at(seat)
        if kicked is None or kicked is host:
            host.say(NO_SUCH_MOVE)
            return
        self._kicked.add(kicked.key)
        kicked.leave()
        kicked.say(KICKED)
        kicked.say(State(stage="home"))

    def measured(self, guest: Guest) -> None:
        """A guest's link delay was measured."""
        seat = self._members.seat(guest)
        if seat is not None:
            if self.session is not None:
                self.session.measured(seat, guest.delay.milliseconds)
            self._delays.measured(guest, seat)

    # -- races -------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin a race of everyone who sits here."""
        services, plan = self._services, self._plan
        for ghost in plan.ghosts if plan and self.session is None else ():
            self.seats.sit(ghost.name, ghost.colour, ghost=True)
        race = Race(
            iter(plan.words) if plan else self._order,
            self.settings,
            services.model.words,
            services.model.threshold,
            services.clock.now(),
            rounds=len(plan.words) if plan else None,
            first=self._rounds + 1,
        )
        if self.session is not None:
            self.session.close()
        self.session = RaceSession(services, race, self, self.kind, plan)
        for taken in self.seats:
            self.session.enter(taken)
        self.session.follow()

    def over(self) -> None:
        """The race is over: whoever wants another says so."""
        assert self.session is not None
        self._rounds = self.session.race.round
        for taken in self.seats:
            taken.ready = taken.ghost
        self._plan_quick()

    def _plan_quick(self) -> None:
        """A quick match begins by itself a while after two are ready."""
        ready = sum(taken.ready for taken in self.seats.players)
        self.quick.want(self.kind == "quick" and not self.racing and ready >= 2)

    def _begin_quick(self) -> None:
        """Begin with those who are ready; the others may watch."""
        for guest, seat in self._members:
            if seat is not None and not self.seats[seat].ready:
                self._members.put(guest, None)
                self._free(seat)
        self.begin()

    # -- what members hear -------------------------------------------------------------------------

    def say(self, seat: int, message: Message) -> None:
        """Tell one seat."""
        self._members.say(seat, message)

    def say_all(self, message: Message) -> None:
        """Tell everyone."""
        self._members.say_all(message)

    def tell_all(self) -> None:
        """Tell everyone the whole state."""
        self._delays.told()
        state = race_state(self, self._services.clock.now())
        for guest, seat in self._members:
            guest.say(seen_from(seat, state, self.session))

    def tell_seat(self, seat: int) -> None:
        """Tell one seat the whole state."""
        state = race_state(self, self._services.clock.now())
        self.say(seat, seen_from(seat, state, self.session))

    def tell(self, guest: Guest) -> None:
        """Tell who is new or was away everything: what was revealed, the state, the guess."""
        seat, session = self._members.seat(guest), self.session
        for reveal in session.reveals.values() if session else ():
            guest.say(reveal)
        if session is not None:
            session.tick()
        guest.say(seen_from(seat, race_state(self, self._services.clock.now()), session))
        for message in session.news(seat) if session and seat is not None else ():
            guest.say(message)

    def hide(self, replay: str) -> None:
        """Show a reported drawing no more."""
        if self.session is not None:
            self.session.hide(replay)

    def _changed(self) -> None:
        """Someone came, went or changed something."""
        self._plan_quick()
        self.tell_all()
