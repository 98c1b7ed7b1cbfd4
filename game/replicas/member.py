"""A member of a room, who may be connected to any replica."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from game.guests.guest import Guest
from game.messages import Message, ServerMessage
from game.replicas.events import Came

News = Message | Literal["admitted", "elsewhere"]

_told: TypeAdapter[list[tuple[str, ServerMessage | str]]] = TypeAdapter(
    list[tuple[str, ServerMessage | str]]
)


@dataclass(frozen=True)
class Told:
    """What the room tells the player of a token, by way of an edge: a message; that it was let
    in; or that there is no seat for a stranger here."""

    edge: str
    token: str
    news: News


def packed(told: Sequence[Told]) -> str:
    """News for one edge, as its channel carries them."""
    return "[" + ",".join(f'["{each.token}",{_json(each.news)}]' for each in told) + "]"


def unpacked(edge: str, text: str) -> list[Told]:
    return [Told(edge, token, news) for token, news in _told.validate_json(text)]  # pyright: ignore


class Wire:
    """The link to a member."""

    def __init__(self, edge: str, token: str, tell: Callable[[Told], None]) -> None:
        self.edge, self.token = edge, token
        self._tell = tell

    def send(self, message: Message) -> None:
        self.tell(message)

    def tell(self, news: News) -> None:
        self._tell(Told(self.edge, self.token, news))


class Member(Guest):
    """As the room sees a player; the edge measures the link."""

    def __init__(self, came: Came, tell: Callable[[Told], None]) -> None:
        super().__init__(came.key)
        self.token = came.token
        self._tell = tell
        self.wire = Wire(came.edge, came.token, tell)
        self.link = self.wire
        self.renamed(came.name, came.colour)
        self.delay.milliseconds = came.delay

    def connect(self, edge: str) -> None:
        """The player is connected to an edge."""
        self.wire = Wire(edge, self.token, self._tell)
        self.link = self.wire

    def renamed(self, name: str | None, colour: int | None) -> None:
        self.name, self.colour = name, colour

    def probe(self, now: float) -> None:
        """The edge does."""


def _json(news: News) -> str:
    return f'"{news}"' if isinstance(news, str) else news.model_dump_json()
