"""Messages of races: rooms, seats, rounds, and what opponents may see of each other."""

from typing import Literal

from pydantic import Field

from game.messages.base import Message, Strokes
from game.messages.live import LiveInk
from game.messages.record import JudgedFrame, RaceKind
from game.messages.solo import Outcome

MAX_SEATS = 8
CLASS_SEATS = 30  # in a room for a class, on their phones before one big screen
COLOURS = 8  # each is shown with a shape of its own, for players who cannot tell colours apart
CODE = r"^[A-Za-z2-9]{6}$"  # a room code as players may type it, see `game.rooms.codes`
SHORTEST_NAME, LONGEST_NAME = 2, 16  # characters of a cleaned name
MAX_OWN_WORDS = 400  # words in a host's own list; there are 345
MAX_NAME = 64  # characters in a message; the server shortens a name to `LONGEST_NAME`
MAX_BADGE = 2_000  # characters in a message; the server leaves out a badge above its own limits

RaceStage = Literal["lobby", "countdown", "drawing", "settling", "reveal", "over"]
Rounds = Literal[3, 5, 9]
Races = Literal[1, 3, 5]
SeatLimit = Literal[8, 30]  # `MAX_SEATS` and `CLASS_SEATS`
ReactionName = Literal["clap", "laugh", "wow", "fire", "heart", "cry"]
BotStrength = Literal["easy", "medium", "strong"]
Team = Literal[0, 1]
GhostOf = Literal["best", "hand", "replay"]


class Person(Message):
    """A player's name, colour and badge.

    The server chooses a name or colour that is left out, and another colour when the wanted one is
    taken.

    Attributes:
        badge: the player's own doodle in the form of `game.rules.badges`; an empty text for none. A
            bad one is left out, and answered with the problem `bad_badge`.
    """

    name: str | None = Field(default=None, max_length=MAX_NAME)
    colour: int | None = Field(default=None, ge=0, lt=COLOURS)
    badge: str | None = Field(default=None, max_length=MAX_BADGE)


class RoomSettings(Message):
    """The host's choice for the next race.

    Attributes:
        rounds: number of words.
        seconds: length of a round.
        races: number of races; several are a series with common standings.
        finish: whether a player whose drawing is guessed may finish it while others still draw.
        live: whether watchers, and players whose drawing is guessed, see the others draw.
        seats: number of players that the room takes. Those above it keep their seats.
        teams: whether the players are in two teams, whose points are summed.
        packs: keys of word packs; with none, all words of the model are asked.
        own: the host's own list of words, used in place of the packs. Everyone in the room may see
            it, so that the host knows no more than the others.
    """

    rounds: Rounds = 3
    seconds: int = Field(default=20, ge=10, le=60)
    races: Races = 1
    finish: bool = True
    live: bool = True
    teams: bool = False
    seats: SeatLimit = MAX_SEATS
    packs: tuple[str, ...] = Field(default=(), max_length=40)
    own: tuple[str, ...] = Field(default=(), max_length=MAX_OWN_WORDS)


# -- from the client -------------------------------------------------------------------------------


class Open(Person):
    """Open a room and take a seat in it as its host."""

    type: Literal["open"] = "open"


class Join(Person):
    """Take a seat in a room, or only watch.

    A player who comes during a race takes part from its next round on.
    """

    type: Literal["join"] = "join"
    code: str = Field(max_length=16)
    watch: bool = False


class Quick(Person):
    """Race against strangers. The race starts by itself a while after two players are there."""

    type: Literal["quick"] = "quick"


class GhostRace(Person):
    """Race against a ghost, which draws at its recorded speed.

    The ghost is the player's own best drawings, a ghost that ships with the game, or the player of
    a replay.
    """

    type: Literal["ghost"] = "ghost"
    of: GhostOf
    replay: str | None = Field(default=None, max_length=64)


class CountBests(Message):
    """Ask in how many words the player has drawings of their own to race against."""

    type: Literal["count_bests"] = "count_bests"


class Challenge(Person):
    """Race against the challenger's ghost, with the same words in the same order."""

    type: Literal["challenge"] = "challenge"
    id: str = Field(max_length=64)


class Daily(Person):
    """Play today's five words; one ranked attempt per day."""

    type: Literal["daily"] = "daily"


class Profile(Person):
    """Change the player's name, colour or badge."""

    type: Literal["profile"] = "profile"


class Ready(Message):
    """Be ready for the next race, or not. Allowed before and after a race."""

    type: Literal["ready"] = "ready"
    ready: bool = True


class Configure(Message):
    """Change the settings of the next race. Only for the host, and not during a race."""

    type: Literal["configure"] = "configure"
    settings: RoomSettings


class OwnWords(Message):
    """Use a typed list of words in the next race. Only for the host, and not during a race.

    Attributes:
        text: words separated by commas, semicolons or line ends, in any language of the page; an
            empty one ends the use of own words.
        language: code of the host's language, in which names that are ambiguous are read.
    """

    type: Literal["own_words"] = "own_words"
    text: str = Field(max_length=8_000)
    language: str = Field(default="en", max_length=8)


class AddBot(Message):
    """Give a free seat to a bot. Only for the host, or for a player alone in a quick match."""

    type: Literal["add_bot"] = "add_bot"
    strength: BotStrength = "medium"


class ChangeTeam(Message):
    """Go to a team, or to the other one. Only in a room with teams, and not during a race."""

    type: Literal["change_team"] = "change_team"
    team: Team


class Begin(Message):
    """Start a race. Only for the host."""

    type: Literal["begin"] = "begin"


class Kick(Message):
    """Remove a player from the room for good, or a bot. Only for the host."""

    type: Literal["kick"] = "kick"
    seat: int


class React(Message):
    """Show a reaction to everyone in the room."""

    type: Literal["react"] = "react"
    reaction: ReactionName


class AbuseReport(Message):
    """Report a drawing, which hides it from everyone at once.

    In a room, who drew it wears no badge any more.
    """

    type: Literal["report"] = "report"
    replay: str = Field(max_length=64)


RaceClientMessage = (
    Open
    | Join
    | Quick
    | GhostRace
    | CountBests
    | Challenge
    | Daily
    | Profile
    | Ready
    | Configure
    | OwnWords
    | AddBot
    | ChangeTeam
    | Begin
    | Kick
    | React
    | AbuseReport
)

# -- from the server -------------------------------------------------------------------------------


class SeatState(Message):
    """A taken seat.

    Attributes:
        badge: the player's own doodle, as in `open`; None without one.
        ghost: whether the seat is that of a recorded player.
        bot: strength of the bot in this seat; None for a person or a ghost.
        team: the seat's team; None in a room without teams.
        joins: whether the player waits for the next round.
        delay: round trip of the player's link in ms; None until measured.
        milliseconds: time until this round's drawing was guessed; None while it is not.
    """

    seat: int
    name: str
    colour: int
    badge: str | None = None
    host: bool = False
    connected: bool = True
    ready: bool = False
    ghost: bool = False
    bot: BotStrength | None = None
    team: Team | None = None
    joins: bool = False
    delay: float | None = None
    points: float = 0
    milliseconds: float | None = None


class RoundSummary(Message):
    """A finished round: points by seat, and the winner's seat (None when nobody scored)."""

    round: int
    word: str
    winner: int | None
    points: dict[int, float]


class Placing(Message):
    """A place on the podium. Equal points are ranked by `milliseconds`, the total drawing time."""

    place: int
    seat: int
    name: str
    colour: int
    points: float
    milliseconds: float
    ghost: bool = False
    bot: bool = False


class SeriesState(Message):
    """A series of races.

    Attributes:
        race: number of the running race, or of the last one that is over; from 1.
        races: number of races in the series.
        standings: everyone's sums of the races that are over, best first.
        team_points: each team's sum of the races that are over, players who left included; None
            when no race had teams.
    """

    race: int
    races: int
    standings: list[Placing] = Field(default=[])
    team_points: tuple[float, float] | None = None


class RaceState(Message):
    """The whole state of a room with its race, as `state` is that of a solo game.

    In the stage `settling`, which follows `drawing`, late frames are judged and results stored.

    Attributes:
        answers: whether it is the answer to `hello` or to a request for a seat: only then is
            all ink in `strokes` that was sent before.
        you: the player's own seat; None for a watcher.
        round: number of the round, counted over all races of the room.
        number: number of the round in this race, 1 to `rounds`.
        left: as in `state`; in `lobby` and `over`, ms until a quick match starts by itself.
        word, total: as in `state`.
        strokes: the player's own ink in the running round.
        team_points: the sum of each team's points so far; None in a race without teams.
        podium: final places; empty unless the stage is `over`.
        series: the series that the race belongs to; None for a single race.
    """

    type: Literal["race"] = "race"
    kind: RaceKind
    code: str
    stage: RaceStage
    answers: bool = False
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
    team_points: tuple[float, float] | None = None
    podium: list[Placing] = Field(default=[])
    series: SeriesState | None = None


class SeatProgress(Message):
    """The progress of one seat's drawing.

    Attributes:
        target: probability of the word, 0 to 1.
        milliseconds: time until the drawing was guessed; None while it is not.
    """

    seat: int
    target: float
    milliseconds: float | None = None


class RaceProgress(Message):
    """Everyone's progress, without the drawings."""

    type: Literal["progress"] = "progress"
    round: int
    seats: list[SeatProgress]


class RevealedDrawing(Message):
    """One seat's drawing in `reveal`; the other fields are those of `Replay`.

    Attributes:
        place: from 1; None without points.
        replay: id of the stored replay; None when it was not stored.
        hidden: whether the drawing was reported; then it has no strokes.
    """

    seat: int
    name: str
    colour: int
    ghost: bool = False
    bot: bool = False
    place: int | None
    outcome: Outcome
    points: float
    milliseconds: float
    frame: int
    best: float
    delay: float | None
    compensated: float
    strokes: Strokes
    frames: list[JudgedFrame]
    replay: str | None = None
    hidden: bool = False


class Reveal(Message):
    """All drawings of a round, best first; sent when its results are stored.

    It comes before the `race` state with the stage `reveal`.
    """

    type: Literal["reveal"] = "reveal"
    round: int
    word: str
    winner: int | None
    drawings: list[RevealedDrawing]


class Reaction(Message):
    """A player in the room shows a reaction.

    Attributes:
        seat: the player's.
    """

    type: Literal["reaction"] = "reaction"
    seat: int
    reaction: ReactionName


class Hidden(Message):
    """A drawing was reported, and must not be shown any more."""

    type: Literal["hidden"] = "hidden"
    replay: str


class Bests(Message):
    """The answer to `count_bests`: the number of words with stored drawings of the player."""

    type: Literal["bests"] = "bests"
    words: int


class RefusedWord(Message):
    """A typed word that the model does not know; `nearest` is the most similar one it does."""

    typed: str
    nearest: str | None = None


class OwnWordsRead(Message):
    """The answer to `own_words`: what was found in the list.

    Attributes:
        words: the known words, as Quick, Draw! names.
        refused: the others, in the order they were typed.
        used: whether the next race asks these words. A list with too few known words is not used.
    """

    type: Literal["own_words_read"] = "own_words_read"
    words: list[str]
    refused: list[RefusedWord]
    used: bool


RaceServerMessage = (
    RaceState | RaceProgress | LiveInk | Reveal | Reaction | Hidden | OwnWordsRead | Bests
)
