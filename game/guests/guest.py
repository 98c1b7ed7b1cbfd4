"""A guest: a player who is or was recently connected, with the link and the present activity."""

import secrets
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from game.guests.delay import Delay
from game.guests.limits import Bucket
from game.messages import Message, Probe, Saving, State

COMMANDS = (5.0, 30.0)  # messages other than ink, undo, clear and skip: per second, and at once

Settled = Literal["not_saved", "saved", "deleted"]  # of several results, the first is told


class Link(Protocol):
    """A link to a client. Sending never waits; a fatal `Problem` closes the link."""

    def send(self, message: Message) -> None: ...


class Activity(Protocol):
    """What a guest can be in: a solo game or a room."""

    @property
    def running(self) -> str | None:
        """The mode or kind of race that is being played; None when nothing is."""
        ...

    @property
    def busy(self) -> bool:
        """Whether a round is running or being stored, so that the guest should not be sent away."""
        ...

    def receive(self, guest: "Guest", message: Message) -> None:
        """Handle a message of the guest."""
        ...

    def tell(self, guest: "Guest") -> None:
        """Send the whole state to the guest."""
        ...

    def vanish(self, guest: "Guest") -> None:
        """Note that the guest's link was lost."""
        ...

    def back(self, guest: "Guest") -> None:
        """Note that the guest has a link again."""
        ...

    def renamed(self, guest: "Guest") -> None:
        """Note that the guest has another name, colour or badge."""
        ...

    def measured(self, guest: "Guest") -> None:
        """Note that the guest's link delay was measured."""
        ...

    def leave(self, guest: "Guest") -> None:
        """Note that the guest leaves for good."""
        ...


@dataclass(frozen=True)
class Account:
    """The account that a player is signed in with.

    Attributes:
        key: the account's secret key.
        name: the account's name; None when it cannot be shown.
    """

    key: str
    name: str | None


class Guest:
    """A player, in or out of a game.

    Attributes:
        token: identifies the player after a lost connection.
        account: the account the player is signed in with; None when not signed in.
        browser_key: secret key that the browser keeps for good.
        key: secret key of the account, else of the browser; it identifies the player's results.
        link: link to the player; None while the connection is lost.
        address: network address, for the limits.
        activity: the player's solo game or room; None on the start page.
        name, colour: the player's last choice; None before the first.
        badge: the player's own doodle in the form of `game.rules.badges`; None without one.
        delay: the delay of the link.
        commands: limits the messages other than those about the pad.
    """

    def __init__(self, key: str | None = None, account: Account | None = None) -> None:
        self.token = secrets.token_urlsafe(24)
        self.account = account
        self.browser_key = key or secrets.token_urlsafe(24)
        self.key = account.key if account else self.browser_key
        self.link: Link | None = None
        self.address = ""
        self.activity: Activity | None = None
        self.name: str | None = account.name if account else None
        self.colour: int | None = None
        self.badge: str | None = None
        self.delay = Delay()
        self.commands = Bucket(*COMMANDS)
        self._delayed = 0  # number of the player's results that wait, of all games
        self._settled: set[Settled] = set()  # how those turned out that wait no more, until told

    def say(self, message: Message) -> None:
        """Send a message to the player, if there is a link."""
        if self.link is not None:
            self.link.send(message)

    def result_delayed(self) -> None:
        """Tell the player that a result waits for the records."""
        self._delayed += 1
        self.say(Saving(state="saving"))

    def result_settled(self, how: Settled) -> None:
        """Note how a delayed result has turned out; tell the player if it was the last."""
        self._delayed -= 1
        self._settled.add(how)
        if not self._delayed:
            self.tell_saving()

    def tell_saving(self) -> None:
        """Tell that results wait, or how they have turned out unless the player knows it."""
        if self._delayed:
            self.say(Saving(state="saving"))
        elif self._settled and self.link is not None:
            self.say(
                Saving(state=next(each for each in get_args(Settled) if each in self._settled))
            )
            self._settled.clear()

    def probe(self, now: float) -> None:
        """Send a probe, to measure the link delay."""
        if self.link is not None:
            self.link.send(Probe(number=self.delay.probe(now)))

    def go(self, activity: Activity) -> None:
        """Leave the present activity for another one."""
        self.leave()
        self.activity = activity

    def leave(self) -> None:
        """Leave the present activity, if there is one."""
        activity, self.activity = self.activity, None
        if activity is not None:
            activity.leave(self)

    def go_home(self) -> None:
        """Leave the present activity, and send the page to the start page."""
        if self.activity is not None:
            self.leave()
            self.say(State(stage="home"))
