"""What stands in the log of a room: one JSON object an entry, told apart by `type`.

An event from a gateway carries the gateway's name and a number, which grows by one with each event
of that gateway in that room; so an event that was sent twice counts once.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from game.messages import ClientMessage, GameKept, RaceKind
from game.records.storage import RacePlan


class Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


# -- from a gateway -------------------------------------------------------------------------------


class FromGateway(Event):
    """About the player of a token, who is connected to the gateway."""

    gateway: str
    number: int
    token: str


class Came(FromGateway):
    """A player asks for a seat, or only to watch. `key` is the private one of the records."""

    type: Literal["came"] = "came"
    key: str
    name: str | None = None
    colour: int | None = None
    delay: float | None = None
    watch: bool = False
    quick: bool = False


class Said(FromGateway):
    """A member's message."""

    type: Literal["said"] = "said"
    message: ClientMessage


class Vanished(FromGateway):
    """The line to a member was lost."""

    type: Literal["vanished"] = "vanished"


class Back(FromGateway):
    """A member is there again, and asks for the whole state."""

    type: Literal["back"] = "back"
    delay: float | None = None


class Renamed(FromGateway):
    """A member has another name or colour."""

    type: Literal["renamed"] = "renamed"
    name: str | None
    colour: int | None


class Measured(FromGateway):
    """A member's link delay in ms."""

    type: Literal["measured"] = "measured"
    delay: float


class Left(FromGateway):
    """A member goes for good."""

    type: Literal["left"] = "left"


# -- from the owner, or about it -------------------------------------------------------------------


class Opened(Event):
    """The first entry: what the room is. `secret` is known to no player; its words follow from it.

    Replicas with another `model` cannot own the room.
    """

    type: Literal["opened"] = "opened"
    owner: str
    code: str
    kind: RaceKind
    secret: str
    model: str
    plan: RacePlan | None = None


class Claimed(Event):
    """Another replica owns the room from here on, with a higher fencing token."""

    type: Literal["claimed"] = "claimed"
    owner: str
    fence: int


class Ticked(Event):
    """Time has passed: something was due."""

    type: Literal["ticked"] = "ticked"


class GatewayLost(Event):
    """A replica has died, and with it the lines to its players."""

    type: Literal["gateway_lost"] = "gateway_lost"
    gateway: str


class Judged(Event):
    """The judge's answer about a pad.

    Attributes:
        pad: its number in the room.
        round, at, erased, points: of the frame that was looked at.
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
    """The records have kept the tries of a round; `ask` numbers what the room asks of them."""

    type: Literal["kept"] = "kept"
    ask: int
    ids: list[str | None]


class GameStored(Event):
    """The records have kept a game."""

    type: Literal["game_kept"] = "game_kept"
    ask: int
    finished: GameKept


class HiddenNow(Event):
    """A drawing was reported."""

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
    | HiddenNow,
    Field(discriminator="type"),
]

any_event: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
