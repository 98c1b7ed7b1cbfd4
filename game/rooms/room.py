"""A room: its members, what each may do, and its races one after the other.

Everything here runs on one event loop and never waits; the time comes from the services' clock.
"""

from collections.abc import Callable

from game.guests.guest import Guest
from game.guests.refusals import KICKED, NO_SUCH_MOVE, NOT_HOST, TOO_FEW, WATCHING
from game.messages import (
    AddBot,
    Begin,
    ChangeTeam,
    Clear,
    Configure,
    Ink,
    Kick,
    Message,
    OwnWords,
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
from game.rooms.outcome import podium_of
from game.rooms.race_session import RaceSession
from game.rooms.race_state import race_state, seen_from, team_points
from game.rooms.room_words import RoomWords
from game.rooms.timers import Countdown
from game.rules.bots import free_name
from game.rules.race import Race
from game.rules.seats import RoomFull, Seats
from game.rules.series import Series
from game.rules.teams import deal
from game.services import Services

MAX_WATCHERS = 50
HostMessage = Begin | Configure | OwnWords | Kick
QUICK_WAIT = 5_000.0  # ms that a quick match with two players waits for more


class Kicked(Exception):
    """The room's host has kicked this player out."""


class Room:
    """A room. Members enter by `admit` and go by `leave`; it closes when the last one leaves.

    Attributes:
        kind: a `room` has a host who starts the races; a `quick` match starts by itself; all other
            kinds are for one player and the ghosts of the `plan`.
        code: the code with which others join.
        seats: the seats of the players and ghosts.
        session: the running or last race; None before the first.
        quick: countdown to the start of a quick match.
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
        """Make an empty room.

        Args:
            plan: words and ghosts of the race; None for random words and no ghosts.
            closed: called when the last member has left.
            probes: whether the room measures its members' link delays itself.
        """
        self.kind: RaceKind = kind
        self.code = code
        self.seats = Seats()
        self.session: RaceSession | None = None
        self._services = services
        self._plan = plan
        self._closed = closed
        self._members = Members(services.clock, lambda guest: guest.leave())
        self._kicked: set[str] = set()  # keys
        self._bare: set[str] = set()  # keys of players who wear no badge here any more
        self._rounds = 0  # of all races that are over
        self.series: Series | None = None
        self._former: dict[str, int] = {}  # key -> the seat that this player left
        self._words = RoomWords(services, self._members.keys)
        self.quick = Countdown(services.clock, QUICK_WAIT, self._begin_quick)
        self._delays = Delays(
            services.clock,
            self._members,
            self.seats,
            lambda: not self.racing,
            self._changed,
            probes,
        )

    # -- members -----------------------------------------------------------------------------------

    @property
    def settings(self) -> RoomSettings:
        """The host's choice for the next race."""
        return self._words.settings

    @property
    def racing(self) -> bool:
        """Whether a race is running."""
        return self.session is not None and self.session.race.stage != "over"

    @property
    def running(self) -> str | None:
        """The kind of the running race; None while there is none."""
        return self.kind if self.racing else None

    @property
    def busy(self) -> bool:
        """Whether a round is running, or a result is still being stored."""
        return self.session is not None and self.session.busy

    @property
    def watchers(self) -> int:
        return self._members.watchers

    @property
    def open(self) -> bool:
        """Whether a stranger may take a seat and will get to draw."""
        if self.kind != "quick" or self.seats.full or not self.seats.players:
            return False
        return not self.racing or (self.session is not None and self.session.race.more)

    def check(self, guest: Guest, watch: bool) -> None:
        """Check that a guest may come in, to play or to watch.

        Raises:
            Kicked: the host has kicked the guest out.
            RoomFull: no seat, or no place to watch, is free.
        """
        if guest.key in self._kicked:
            raise Kicked
        sits = self._members.seat(guest) is not None
        if self.watchers >= MAX_WATCHERS if watch else self.seats.full and not sits:
            raise RoomFull

    def admit(self, guest: Guest, watch: bool = False) -> None:
        """Add a guest as a player or a watcher; a member may change from one to the other."""
        seat = self._members.seat(guest)
        if seat is None or watch:
            self._members.put(guest, None if watch else self._sit(guest))
        if seat is not None and watch:
            self._free(seat)
        self._delays.probe(guest)
        self._changed()

    def _sit(self, guest: Guest) -> int:
        taken = self.seats.sit(guest.name, guest.colour, key=guest.key)
        taken.badge = self._badge(guest)
        former = self._former.pop(guest.key, None)
        if self.series is not None and former is not None:
            self.series.came_back(former, taken.number)
        deal(self.seats, self.settings.teams)
        taken.ready = self.kind == "quick"
        taken.delay = guest.delay.milliseconds
        if self.session is not None and self.racing:
            self.session.enter(taken)
        return taken.number

    def vanish(self, guest: Guest) -> None:
        """Keep the seat of a guest who lost the connection, for a while."""
        self._connect(guest, False)
        self._members.vanish(guest)
        self._changed()

    def back(self, guest: Guest) -> None:
        """Return the seat to a guest who is connected again."""
        self._members.back(guest)
        self._connect(guest, True)
        self._delays.probe(guest)
        self._changed()

    def renamed(self, guest: Guest) -> None:
        """Show the new name, colour and badge of a guest."""
        seat = self._members.seat(guest)
        if seat is None:
            return
        if guest.name is not None:
            self.seats[seat].name = guest.name
        if guest.colour is not None:
            self.seats.recolour(seat, guest.colour)
        self.seats[seat].badge = self._badge(guest)
        self._changed()

    def _badge(self, guest: Guest) -> str | None:
        return None if guest.key in self._bare else guest.badge

    def leave(self, guest: Guest) -> None:
        """Remove a guest; the room closes when the last member leaves."""
        seat = self._members.remove(guest)
        if seat is not None:
            self._free(seat)
        if self._members:
            self._changed()
        else:
            self.close()

    def _free(self, seat: int) -> None:
        if key := self.seats[seat].key:
            self._former[key] = seat
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
        """Stop all timers for good."""
        self.quick.close()
        self._delays.close()
        if self.session is not None:
            self.session.close()
        self._closed(self)

    # -- messages from members ---------------------------------------------------------------------

    def receive(self, guest: Guest, message: Message) -> None:
        """Handle a member's message."""
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
            case AddBot() if not self.racing:
                self._add_bot(guest, seat, message)
            case ChangeTeam() if self.settings.teams and not self.racing:
                self.seats[seat].team = message.team
                self._changed()
            case Ready() if not self.racing:
                self.seats[seat].ready = message.ready
                self._changed()
            case Begin() | Configure() | OwnWords() | Kick() if self.kind == "room":
                self._as_host(guest, seat, message)
            case _:
                guest.say(NO_SUCH_MOVE)

    def _as_host(self, guest: Guest, seat: int, message: HostMessage) -> None:
        if seat != self.seats.host:
            guest.say(NOT_HOST)
        elif isinstance(message, Kick):
            self._kick(guest, message.seat)
        elif self.racing:
            guest.say(NO_SUCH_MOVE)
        elif isinstance(message, Configure):
            self._words.configure(message.settings)
            self.seats.limit = self.settings.seats
            deal(self.seats, self.settings.teams)
            self._changed()
        elif isinstance(message, OwnWords):
            guest.say(self._words.read(message))
            self._changed()
        elif len(self.seats.players) + len(self.seats.bots) < 2:
            guest.say(TOO_FEW)
        else:
            self.begin()

    def _add_bot(self, guest: Guest, seat: int, message: AddBot) -> None:
        """Seat a bot, in a room for its host and in a quick match for a player who is alone."""
        alone = len(self.seats.players) == 1 and not self.seats.bots
        allowed = self.kind == "room" or (self.kind == "quick" and alone)
        if self.kind == "room" and seat != self.seats.host:
            guest.say(NOT_HOST)
        elif self.seats.full or not allowed:
            guest.say(NO_SUCH_MOVE)
        else:
            name = free_name({taken.name for taken in self.seats})
            self.seats.sit(name, seat + 1, bot=message.strength)
            deal(self.seats, self.settings.teams)
            self._changed()

    def _kick(self, host: Guest, seat: int) -> None:
        if seat in self.seats and self.seats[seat].bot is not None:
            self._free(seat)
            self._changed()
            return
        kicked = self._members.at(seat)
        if kicked is None or kicked is host:
            host.say(NO_SUCH_MOVE)
            return
        self._kicked.add(kicked.key)
        kicked.leave()
        kicked.say(KICKED)
        kicked.say(State(stage="home"))

    def measured(self, guest: Guest) -> None:
        """Take over a guest's measured link delay."""
        seat = self._members.seat(guest)
        if seat is not None:
            if self.session is not None:
                self.session.measured(seat, guest.delay.milliseconds)
            self._delays.measured(guest, seat)

    # -- races -------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start a race with everyone who has a seat."""
        services, plan = self._services, self._plan
        self._plan_series()
        for ghost in plan.ghosts if plan and self.session is None else ():
            self.seats.sit(ghost.name, ghost.colour, ghost=True)
        race = Race(
            iter(plan.words) if plan else self._words.order(),
            self.settings,
            services.model.words,
            services.model.thresholds,
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

    def _plan_series(self) -> None:
        """Go on with the series, or begin one where the settings ask for it."""
        races = self.settings.races
        if self.kind != "room" or races == 1:
            self.series = None
        elif self.series is None or self.series.over or self.series.races != races:
            self.series = Series(races)

    def over(self) -> None:
        """Note that the race is over, and reset who is ready for the next one."""
        assert self.session is not None
        if self.series is not None:
            podium = podium_of(self.session.race, self.session.seats)
            self.series.count(podium, team_points(self.session))
        self._rounds = self.session.race.round
        for taken in self.seats:
            taken.ready = taken.ghost or taken.bot is not None
        self._plan_quick()

    def _plan_quick(self) -> None:
        """Start or stop the countdown of a quick match, which needs two ready players.

        A bot can replace one of them.
        """
        ready = sum(taken.ready for taken in self.seats.players)
        enough = ready >= 1 and ready + len(self.seats.bots) >= 2
        self.quick.want(self.kind == "quick" and not self.racing and enough)

    def _begin_quick(self) -> None:
        """Start with the players who are ready; the others become watchers."""
        for guest, seat in self._members:
            if seat is not None and not self.seats[seat].ready:
                self._members.put(guest, None)
                self._free(seat)
        self.begin()

    # -- messages to members -----------------------------------------------------------------------

    def say(self, seat: int, message: Message) -> None:
        """Send a message to the member in a seat."""
        self._members.say(seat, message)

    def say_all(self, message: Message) -> None:
        """Send a message to all members."""
        self._members.say_all(message)

    @property
    def guests(self) -> list[Guest]:
        """All members, players and watchers."""
        return [guest for guest, _ in self._members]

    @property
    def watched(self) -> bool:
        """Whether some member does not draw at the moment."""
        return any(not self._draws(seat) for _, seat in self._members)

    def say_idle(self, message: Message) -> None:
        """Send a message to all members who do not draw at the moment."""
        for guest, seat in self._members:
            if not self._draws(seat):
                guest.say(message)

    def _draws(self, seat: int | None) -> bool:
        return self.session is not None and self.session.race.draws(seat)

    def tell_all(self) -> None:
        """Send the whole state to all members."""
        self._delays.told()
        state = race_state(self, self._services.clock.now())
        for guest, seat in self._members:
            guest.say(seen_from(seat, state, self.session))

    def tell(self, guest: Guest) -> None:
        """Send everything to a member who is new or back: reveals, state and guesses."""
        seat, session = self._members.seat(guest), self.session
        for reveal in session.reveals if session else ():
            guest.say(reveal)
        if session is not None:
            session.tick()
        state = race_state(self, self._services.clock.now(), answers=True)
        guest.say(seen_from(seat, state, session))
        for message in session.news(seat) if session else ():
            guest.say(message)

    def hide(self, replay: str) -> None:
        """Remove a reported drawing from the reveals, and take the badge off who drew it."""
        seat = None if self.session is None else self.session.hide(replay)
        if seat is not None and seat in self.seats:
            self._bare.add(self.seats[seat].key)
            self.seats[seat].badge = None
            self.tell_all()

    def _changed(self) -> None:
        """Act on any change of members or settings."""
        self._plan_quick()
        self.tell_all()
