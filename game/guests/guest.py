"""Someone who is connected, or was a moment ago: the way to the player, and where the player is."""

import secrets
from dataclasses import dataclass
from typing import Protocol

from game.guests.delay import Delay
from game.guests.limits import Bucket
from game.messages import Message, Probe, State

COMMANDS = (5.0, 30.0)  # a second, and at once: messages that are not about the own pad


class Link(Protocol):
    """The way to a client. Sending never waits, and a fatal `Problem` ends the link."""

    def send(self, message: Message) -> None: ...


class Activity(Protocol):
    """Where a guest can be: at a table alone, or in a room."""

    @property
    def running(self) -> str | None:
        """What is played there, a mode or kind of race; None when nothing is."""
        ...

    @property
    def busy(self) -> bool:
        """Whether a round is on or its result on its way, so that one should not be sent away."""
        ...

    def receive(self, guest: "Guest", message: Message) -> None:
        """Take a message of the guest."""
        ...

    def tell(self, guest: "Guest") -> None:
        """Tell the whole state."""
        ...

    def vanish(self, guest: "Guest") -> None:
        """The guest's link was lost."""
        ...

    def back(self, guest: "Guest") -> None:
        """The guest has a link again."""
        ...

    def renamed(self, guest: "Guest") -> None:
        """The guest has another name or colour."""
        ...

    def measured(self, guest: "Guest") -> None:
        """The guest's link delay was measured."""
        ...

    def leave(self, guest: "Guest") -> None:
        """The guest goes for good."""
        ...


@dataclass(frozen=True)
class Account:
    """Whom a player is signed in as: the private key of that, and the name there, if it is one."""

    key: str
    name: str | None


class Guest:
    """A player, in or out of a game.

    Attributes:
        token: gives the place back to a player whose connection was lost.
        account: as whom the player is signed in; None for most.
        browser_key: the browser's own for good.
        key: the account's, else the browser's; records know by it whose results are whose.
        link: the way to the player; None while there is none.
        address: of the network, for limits.
        place: where the player is; None at home.
        name, colour: as last chosen; None when they never were.
        delay: of the link.
        commands: how many more may come.
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
        self.delay = Delay()
        self.commands = Bucket(*COMMANDS)

    def say(self, message: Message) -> None:
        """Tell the player, if there is a way."""
        if self.link is not None:
            self.link.send(message)

    def probe(self, now: float) -> None:
        """Measure the link delay."""
        if self.link is not None:
            self.link.send(Probe(number=self.delay.probe(now)))

    def go(self, activity: Activity) -> None:
        """Leave where one is, for another place."""
        self.leave()
        self.activity = activity

    def leave(self) -> None:
        """Leave where one is."""
        activity, self.activity = self.activity, None
        if activity is not None:
            activity.leave(self)

    def go_home(self) -> None:
        """Leave where one is, and be told so."""
        if self.activity is not None:
            self.leave()
            self.say(State(stage="home"))
