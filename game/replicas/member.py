"""A member of a replayed room, who may be connected to any replica."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from game.guests.guest import Guest
from game.messages import Message, ServerMessage
from game.replicas.events import Came, Renamed

News = Message | Literal["admitted", "elsewhere"]

log = logging.getLogger(__name__)

_entries: TypeAdapter[list[tuple[str, Any]]] = TypeAdapter(list[tuple[str, Any]])
_news: TypeAdapter[ServerMessage | str] = TypeAdapter(ServerMessage | str)


@dataclass(frozen=True)
class Notice:
    """News for a player, sent through the player's gateway.

    Attributes:
        gateway: name of the gateway.
        token: the player's token.
        news: a message; "admitted" when the player was let into the room; or "elsewhere" when a
            player of a quick match has to try another room.
    """

    gateway: str
    token: str
    news: News


def packed(notices: Sequence[Notice]) -> str:
    """The news for one gateway as JSON, `[[token, news], ...]`."""
    return "[" + ",".join(f'["{each.token}",{_json(each.news)}]' for each in notices) + "]"


def unpacked(gateway: str, text: str) -> list[Notice]:
    """The notices that `packed` wrote, perhaps on a replica of another version.

    Fields that this version does not know are left out, and so are messages that it does not know.
    """
    return [
        Notice(gateway, token, news)
        for token, each in _entries.validate_json(text)
        if (news := _readable(each)) is not None
    ]


def _readable(news: Any) -> News | None:
    try:
        return _news.validate_python(news, extra="ignore")  # pyright: ignore[reportReturnType]
    except ValidationError as error:
        log.warning("a message of another version is left out: %s", error.errors()[0]["msg"])
        return None


class MemberLink:
    """The link to a member, through a gateway."""

    def __init__(self, gateway: str, token: str, tell: Callable[[Notice], None]) -> None:
        self.gateway, self.token = gateway, token
        self._tell = tell

    def send(self, message: Message) -> None:
        self.tell(message)

    def tell(self, news: News) -> None:
        self._tell(Notice(self.gateway, self.token, news))


class Member(Guest):
    """A player in a replayed room. The gateway measures the link delay."""

    def __init__(self, came: Came, tell: Callable[[Notice], None]) -> None:
        super().__init__(came.key)
        self.token = came.token
        self._tell = tell
        self.wire = MemberLink(came.gateway, came.token, tell)
        self.link = self.wire
        self.renamed(came)
        self.delay.milliseconds = came.delay

    def connect(self, gateway: str) -> None:
        """Note that the player is now connected to this gateway."""
        self.wire = MemberLink(gateway, self.token, self._tell)
        self.link = self.wire

    def renamed(self, event: Came | Renamed) -> None:
        """Take over the name, colour and badge that an event tells."""
        self.name, self.colour, self.badge = event.name, event.colour, event.badge

    def probe(self, now: float) -> None:
        """Nothing to do: the gateway measures the delay."""


def _json(news: News) -> str:
    return f'"{news}"' if isinstance(news, str) else news.model_dump_json()
