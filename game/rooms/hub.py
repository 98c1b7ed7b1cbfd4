"""The hub: receives all client messages and routes them.

A guest is on the start page, in a solo game (`game.rooms.solo`) or in a room (`game.rooms.room`).
Messages about the game or room go there; messages that lead to another one are handled here.
Everything runs on one event loop. Only calls to the storage are awaited, in the background.
"""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from game.guests.guest import Account, Activity, Guest, Link
from game.guests.limits import Buckets
from game.guests.names import clean
from game.guests.presence import Guests
from game.guests.refusals import (
    BAD_BADGE,
    BAD_NAME,
    DAILY_DONE,
    NO_RECORDS,
    NOT_NOW,
    TOO_FAST,
    UNKNOWN,
    UNKNOWN_MODE,
)
from game.messages import (
    AbuseReport,
    Bests,
    Challenge,
    Clear,
    CountBests,
    Daily,
    Echo,
    GhostRace,
    Hello,
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
    Skip,
    Start,
    Undo,
    Welcome,
)
from game.records.storage import DailyDone, NotFound, RacePlan
from game.rooms.lobby import Lobby, LocalLobby
from game.rooms.solo import Solo
from game.rules.badges import BadBadge, strokes_of
from game.rules.modes import MODES
from game.services import Services
from game.web import pad

REPORTS = (0.1, 10.0)  # drawings that an address may report: per second, and at once

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True)
class HubCounts:
    """Numbers of connected players, of rooms, and of running games and races by kind."""

    players: int
    rooms: int
    games: Mapping[str, int]


class Hub:
    """All guests and all rooms of one server.

    Args:
        lobby: makes the `Lobby`, which opens and finds rooms.

    Attributes:
        draining: whether the server is about to stop, so that no new game may begin.
    """

    def __init__(
        self, services: Services, lobby: Callable[[Services, Guests], Lobby] = LocalLobby
    ) -> None:
        self.clock = services.clock
        self.draining = False
        self.guests = Guests(services.clock, self._welcome)
        self._services = services
        self._lobby = lobby(services, self.guests)
        self._reports = Buckets(*REPORTS)

    def __len__(self) -> int:
        return len(self._lobby)

    async def recall(self, hello: Hello) -> None:
        """Load a player who was last connected to another server; called before `join`.

        Raises:
            ConnectionError: the shared store of players cannot be reached.
        """
        await self._lobby.recall(hello)

    def join(
        self, hello: Hello, link: Link, address: str = "", account: Account | None = None
    ) -> Guest:
        """Make the player of a new link a guest, or find the guest again by its token."""
        guest = self.guests.join(hello, link, address, account)
        self._lobby.known(guest)
        return guest

    def _welcome(self, guest: Guest, resumed: bool) -> Welcome:
        services = self._services
        account = guest.account
        return Welcome(
            token=guest.token,
            key=guest.browser_key,
            resumed=resumed,
            words=list(services.model.words),
            thresholds=dict(services.model.thresholds),
            sign_in=services.sign_in,
            account=(account.name or "") if account else None,
            packs={key: len(words) for key, words in services.packs.items()},
            models=[services.model_name, *(rival.name for rival in services.rivals)],
            script=pad.entry(),
        )

    def vanish(self, guest: Guest, link: Link) -> None:
        """Note that a guest's link was lost."""
        self.guests.vanish(guest, link)

    def counts(self) -> HubCounts:
        """The current numbers; may be called from any thread."""
        activities = {guest.activity for guest in self.guests if guest.activity is not None}
        games = Counter(kind for activity in activities if (kind := activity.running) is not None)
        return HubCounts(len(self.guests.connected), len(self), games)

    def drain(self) -> None:
        """Begin no new games from now on."""
        self.draining = True
        self._lobby.stop()

    def dismiss(self) -> int:
        """Disconnect every guest who is not in a round; return how many guests are left.

        A guest who lost the connection in a round is counted too, and may come back.
        """
        for guest in self.guests.connected:
            if not _draws(guest):
                self.guests.dismiss(guest)
        return sum(guest.link is not None or _draws(guest) for guest in self.guests)

    def admits(self, hello: Hello) -> bool:
        """Whether a player may connect. While draining, only a player in a running round may."""
        guest = self.guests.known(hello.token)
        return not self.draining or (guest is not None and _draws(guest))

    def stop(self) -> None:
        """Tell everyone that the server stops, and end all games."""
        self._lobby.stop()
        self.guests.stop()

    def receive(self, guest: Guest, message: Message) -> None:
        """Handle a guest's message."""
        match message:
            case Ping():
                guest.say(Pong(sent=message.sent))
            case Echo():
                self._measure(guest, message)
            case Ink() | Undo() | Clear() | Skip():
                self._to_activity(guest, message)
            case _ if not guest.commands.take(1, self.clock.now()):
                guest.say(TOO_FAST)
            case Leave():
                guest.go_home()
            case Start() | Person() if self.draining:
                self.guests.dismiss(guest)
            case Start():
                self._start(guest, message)
            case AbuseReport() | CountBests():
                self._about_records(guest, message)
            case Person():
                self._person(guest, message)
            case _:
                self._to_activity(guest, message)

    def _to_activity(self, guest: Guest, message: Message) -> None:
        if guest.activity is None:
            guest.say(NOT_NOW)
        else:
            guest.activity.receive(guest, message)

    def _measure(self, guest: Guest, echo: Echo) -> None:
        guest.delay.echo(echo.number, self.clock.now())
        if guest.activity is not None:
            guest.activity.measured(guest)

    def _start(self, guest: Guest, start: Start) -> None:
        if start.mode not in MODES:
            guest.say(UNKNOWN_MODE)
            return
        solo = Solo(self._services, guest, start.mode)
        guest.go(solo)
        solo.follow()

    # -- names -------------------------------------------------------------------------------------

    def _person(self, guest: Guest, message: Person) -> None:
        self._rename(guest, message)
        match message:
            case Open():
                self._lobby.open(guest, "room")
            case Join():
                self._lobby.join(guest, message)
            case Quick():
                self._lobby.quick(guest)
            case GhostRace() | Challenge() | Daily():
                self._services.spawn(self._ask(guest, guest.activity, message))
            case Profile() if guest.activity is not None:
                guest.activity.renamed(guest)
            case _:
                pass

    def _rename(self, guest: Guest, person: Person) -> None:
        """Take over the given name, colour and badge. What is bad is reported and ignored."""
        name = clean(person.name)
        if person.name and name is None:
            guest.say(BAD_NAME)
        guest.name = name or guest.name
        guest.colour = guest.colour if person.colour is None else person.colour
        if person.badge is not None:
            _decorate(guest, person.badge)
        self._lobby.known(guest)

    # -- storage -----------------------------------------------------------------------------------

    async def _ask(
        self, guest: Guest, activity: Activity | None, wish: GhostRace | Challenge | Daily
    ) -> None:
        """Ask the storage for a race plan, and open the race unless the guest has moved on."""
        plan = await self._answer(guest, lambda: self._plan(guest, wish))
        if plan is not None and guest.activity is activity and guest.link is not None:
            kind: RaceKind = wish.type
            self._lobby.open(guest, kind, plan)

    def _plan(self, guest: Guest, wish: GhostRace | Challenge | Daily) -> Awaitable[RacePlan]:
        storage, words = self._services.storage, self._services.model.words
        match wish:
            case GhostRace():
                return storage.ghosts(guest.key, wish.of, wish.replay, words)
            case Challenge():
                return storage.challenge(wish.id)
            case Daily():
                return storage.daily(guest.key, words)

    async def _answer(self, guest: Guest, ask: Callable[[], Awaitable[T]]) -> T | None:
        """The storage's answer; on failure None, and the guest is told the reason."""
        problem: Problem = NO_RECORDS
        try:
            return await ask()
        except NotFound:
            problem = UNKNOWN
        except DailyDone:
            problem = DAILY_DONE
        except Exception:
            log.exception("a request to the storage failed")
        guest.say(problem)
        return None

    async def _count_bests(self, guest: Guest) -> None:
        storage, words = self._services.storage, self._services.model.words
        count = await self._answer(guest, lambda: storage.bests(guest.key, words))
        if count is not None:
            guest.say(Bests(words=count))

    def _about_records(self, guest: Guest, message: AbuseReport | CountBests) -> None:
        if isinstance(message, CountBests):
            self._services.spawn(self._count_bests(guest))
        elif self._reports.of(guest.address, self.clock.now()).take(1, self.clock.now()):
            self._services.spawn(self._hide(guest, message.replay))
        else:
            guest.say(TOO_FAST)

    async def _hide(self, guest: Guest, replay: str) -> None:
        hidden = await self._answer(guest, lambda: self._services.storage.hide(replay))
        if hidden is False:
            guest.say(UNKNOWN)
        elif hidden:
            self._lobby.hide(replay)


def _decorate(guest: Guest, badge: str) -> None:
    """Give a guest a badge, or none for an empty text."""
    try:
        guest.badge = badge if badge and strokes_of(badge) else None
    except BadBadge:
        guest.say(BAD_BADGE)


def _draws(guest: Guest) -> bool:
    return guest.activity is not None and guest.activity.busy
