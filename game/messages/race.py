"""Messages of races: rooms, seats, rounds, what opponents may see."""

from typing import Literal

from pydantic import Field

from game.messages.base import Message, Strokes
from game.messages.record import JudgedFrame, RaceKind
from game.messages.solo import Outcome

MAX_SEATS = 8
COLOURS = 8  # each goes with a shape, so that nobody needs to tell colours apart
CODE = r"^[A-Za-z2-9]{6}$"  # letters and digits that are not mistaken for others, in any case
SHORTEST_NAME, LONGEST_NAME = 2, 16  # characters of a cleaned name
MAX_NAME = 64  # characters on the wire; the server cleans a name to 2 to 16

RaceStage = Literal["lobby", "countdown", "drawing", "settling", "reveal", "over"]
Rounds = Literal[3, 5, 9]
ReactionName = Literal["clap", "laugh", "wow", "fire", "heart", "cry"]
GhostOf = Literal["best", "hand", "replay"]


class Person(Message):
    """Who comes to a race; the server chooses what is left out, and another colour if taken."""

    name: str | None = Field(default=None, max_length=MAX_NAME)
    colour: int | None = Field(default=None, ge=0, lt=COLOURS)


class RoomSettings(Message):
    """The host's choice for the next race."""

    rounds: Rounds = 3
    seconds: int = Field(default=20, ge=10, le=60)


# -- from the client -------------------------------------------------------------------------------


class Open(Person):
    """Make a room and sit down in it as its host."""

    type: Literal["open"] = "open"


class Join(Person):
    """Take a seat in a room, or only watch; who comes during a race joins at its next round."""

    type: Literal["join"] = "join"
    code: str = Field(max_length=16)
    watch: bool = False


class Quick(Person):
    """Race strangers. The race begins by itself once two are there."""

    type: Literal["quick"] = "quick"


class GhostRace(Person):
    """Race the own best drawings, a recorded hand, or the player of a replay, at their speed."""

    type: Literal["ghost"] = "ghost"
    of: GhostOf
    replay: str | None = Field(default=None, max_length=64)


class Challenge(Person):
    """Race the challenger's ghost: the same words in the same order."""

    type: Literal["challenge"] = "challenge"
    id: str = Field(max_length=64)


class Daily(Person):
    """Today's five words; one ranked try a day."""

    type: Literal["daily"] = "daily"


class Profile(Person):
    """Change the own name or colour."""

    type: Literal["profile"] = "profile"


class Ready(Message):
    """Ready for the next race, or not; before a race and after one."""

    type: Literal["ready"] = "ready"
    ready: bool = True


class Configure(Message):
    """The host chooses; not during a race."""

    type: Literal["configure"] = "configure"
    settings: RoomSettings


class Begin(Message):
    """The host starts the race, or the next one after a race: a rematch."""

    type: Literal["begin"] = "begin"


class Kick(Message):
    """The host takes someone's seat away; who was kicked cannot join this room again."""

    type: Literal["kick"] = "kick"
    seat: int


class React(Message):
    """Show everyone in the room how one feels."""

    type: Literal["react"] = "react"
    reaction: ReactionName


class AbuseReport(Message):
    """Hide a drawing from everyone, at once."""

    type: Literal["report"] = "report"
    replay: str = Field(max_length=64)


RaceClientMessage = (
    Open
    | Join
    | Quick
    | GhostRace
    | Challenge
    | Daily
    | Profile
    | Ready
    | Configure
    | Begin
    | Kick
    | React
    | AbuseReport
)

# -- from the server -------------------------------------------------------------------------------


class SeatState(Message):
    """Someone in the race.

    `delay` is the link's round trip in ms, None until measured. `joins` is true for who waits for
    the next round. `milliseconds` tells when this round's drawing was guessed. A `ghost` is a
    recorded player.
    """

    seat: int
    name: str
    colour: int
    host: bool = False
    connected: bool = True
    ready: bool = False
    ghost: bool = False
    joins: bool = False
    delay: float | None = None
    points: float = 0
    milliseconds: float | None = None


class RoundSummary(Message):
    """A finished round: points by seat, and the winner's seat (None when nobody drew)."""

    round: int
    word: str
    winner: int | None
    points: dict[int, float]


class Placing(Message):
    """A place of the podium; equal points are told apart by `milliseconds`, drawing time in all."""

    place: int
    seat: int
    name: str
    colour: int
    points: float
    milliseconds: float
    ghost: bool = False


class RaceState(Message):
    """The whole of what the page shows of a race, as `state` is for a game alone.

    `you` is the own seat, None for who watches. `round` counts all rounds of the room and never
    starts again; `number` is the round of this race, 1 to `rounds`. `word`, `left`, `total` and
    `strokes` (the own ink) are as in `state`. `settling` follows `drawing` for the moment in which
    late frames are judged and results stored. `left` in `lobby` and `over` tells when a quick match
    begins by itself. `podium` comes with `over`.
    """

    type: Literal["race"] = "race"
    kind: RaceKind
    code: str
    stage: RaceStage
    you: int | None
    seats: list[SeatState]
    watchers: int = 0
    settings: RoomSettings
    round: int = 0
    number: int = 0
    rounds: int
    word: str | None = None
    left: float | None = None
    total: float | None = None
    strokes: Strokes = Field(default=[])
    results: list[RoundSummary] = Field(default=[])
    podium: list[Placing] = Field(default=[])


class SeatProgress(Message):
    """How sure the AI is of one seat's drawing; `milliseconds` when it was guessed."""

    seat: int
    target: float
    milliseconds: float | None = None


class RaceProgress(Message):
    """How far everyone is: never the drawings, which are revealed after the round."""

    type: Literal["progress"] = "progress"
    round: int
    seats: list[SeatProgress]


class RevealedDrawing(Message):
    """One seat's drawing in `reveal`; the fields are those of `Replay`, best drawing first.

    `place` is None without points; `replay` is None when it could not be stored.
    """

    seat: int
    name: str
    colour: int
    ghost: bool = False
    place: int | None
    outcome: Outcome
    points: float
    milliseconds: float
    frame: int
    best: float
    delay: float | None
    compensated: float
    strokes: Strokes
    looks: list[JudgedFrame]
    replay: str | None = None
    hidden: bool = False


class Reveal(Message):
    """All drawings of the round, once its results are stored; comes before the `reveal` state."""

    type: Literal["reveal"] = "reveal"
    round: int
    word: str
    winner: int | None
    drawings: list[RevealedDrawing]


class Reaction(Message):
    type: Literal["reaction"] = "reaction"
    seat: int
    reaction: ReactionName


class Hidden(Message):
    """A drawing was reported: show it no more."""

    type: Literal["hidden"] = "hidden"
    replay: str


RaceServerMessage = RaceState | RaceProgress | Reveal | Reaction | Hidden
