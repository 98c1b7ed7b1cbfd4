"""The events in the log of a room. Each log entry is one JSON object, and `type` tells which event.

An event from a gateway carries the gateway's name and a number that grows by one with each event of
that gateway in that room. An event that was sent twice therefore counts only once.
"""

import logging
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from game.messages import ClientMessage, GameKept, RaceKind
from game.records.storage import RacePlan

log = logging.getLogger(__name__)


class Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


# -- from a gateway -------------------------------------------------------------------------------


class FromGateway(Event):
    """An event about a player who is connected to a gateway.

    Attributes:
        gateway: name of the gateway.
        number: number of the event among those of this gateway in this room, from 1.
        token: the player's token.
    """

    gateway: str
    number: int
    token: str


class Came(FromGateway):
    """A player asks for a seat, or to watch.

    Attributes:
        key: the player's secret key in the records.
        delay: the player's link delay in ms; None until measured.
        quick: whether the player comes through a quick match and can be sent to another room.
    """

    type: Literal["came"] = "came"
    key: str
    name: str | None = None
    colour: int | None = None
    badge: str | None = None
    delay: float | None = None
    watch: bool = False
    quick: bool = False


class Said(FromGateway):
    """A member has sent a message."""

    type: Literal["said"] = "said"
    message: ClientMessage


class Vanished(FromGateway):
    """The connection to a member was lost."""

    type: Literal["vanished"] = "vanished"


class Back(FromGateway):
    """A member is connected again, and asks for the whole state."""

    type: Literal["back"] = "back"
    delay: float | None = None


class Renamed(FromGateway):
    """A member has another name, colour or badge."""

    type: Literal["renamed"] = "renamed"
    name: str | None
    colour: int | None
    badge: str | None = None


class Measured(FromGateway):
    """A member's link delay, in ms, was measured."""

    type: Literal["measured"] = "measured"
    delay: float


class Left(FromGateway):
    """A member has left for good."""

    type: Literal["left"] = "left"


# -- from the owner, or about it -------------------------------------------------------------------


class Opened(Event):
    """The room was opened; the first event of every log.

    Attributes:
        owner: name of the replica that owns the room.
        secret: seed of the room's random choices, such as its words; never sent to players.
        model: published name of the model. A replica with another model cannot own the room.
    """

    type: Literal["opened"] = "opened"
    owner: str
    code: str
    kind: RaceKind
    secret: str
    model: str
    plan: RacePlan | None = None


class Claimed(Event):
    """Another replica owns the room from now on, with a higher fencing token `fence`."""

    type: Literal["claimed"] = "claimed"
    owner: str
    fence: int


class Ticked(Event):
    """Time has passed, and a timer of the room is due."""

    type: Literal["ticked"] = "ticked"


class GatewayLost(Event):
    """A gateway has stopped, so the connections to its players are lost."""

    type: Literal["gateway_lost"] = "gateway_lost"
    gateway: str


class Judged(Event):
    """The judge has answered about a pad.

    Attributes:
        pad: number of the pad, as in `PadRequests`.
        round, at, erased, points: of the judged frame.
        row: probabilities, (K,) little-endian float32 for the K words, in base64.
    """

    type: Literal["judged"] = "judged"
    pad: int
    round: int
    at: float
    erased: int
    points: int
    row: str


class AttemptsStored(Event):
    """The attempts of a round were stored.

    Attributes:
        ask: number of the room's request, as in `Effects`.
        ids: ids of the replays; None for an attempt that was not stored.
    """

    type: Literal["kept"] = "kept"
    ask: int
    ids: list[str | None]


class GameStored(Event):
    """A player's game was stored.

    Attributes:
        ask: number of the room's request.
        finished: what the player hears; None if the game was not stored, because the player had
            everything deleted.
    """

    type: Literal["game_kept"] = "game_kept"
    ask: int
    finished: GameKept | None


class ResultDelayed(Event):
    """What a request asks to store is not stored yet, and is tried again."""

    type: Literal["delayed"] = "delayed"
    ask: int


class ResultLost(Event):
    """What a request asks to store could not be stored, and is given up."""

    type: Literal["lost"] = "lost"
    ask: int


class HiddenNow(Event):
    """A drawing was reported, and is hidden from now on."""

    type: Literal["hidden_now"] = "hidden_now"
    replay: str


AnyEvent = Annotated[
    Came
    | Said
    | Vanished
    | Back
    | Renamed
    | Measured
    | Left
    | Opened
    | Claimed
    | Ticked
    | GatewayLost
    | Judged
    | AttemptsStored
    | GameStored
    | ResultDelayed
    | ResultLost
    | HiddenNow,
    Field(discriminator="type"),
]

_any_event: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


class Unreadable(Event):
    """An event that a replica of another version wrote, and this version does not know."""


def read_event(text: str) -> AnyEvent | Unreadable:
    """Read an event of a log, which a replica of a newer version may have written."""
    try:
        return _any_event.validate_json(text)
    except ValidationError as error:
        log.warning("an event in a room's log is skipped: %s", error.errors()[0]["msg"])
        return Unreadable()
