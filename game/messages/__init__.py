"""The protocol of the WebSocket `/race`, as pydantic models. Each message is one JSON object.

The client begins with `hello`, and the server answers with `welcome`. Whenever the game changes,
the server sends its whole state: `state` in a solo game, `race` in a room. The latest one holds all
that a client needs, so after a reload or a lost connection one more `hello` with the token is
enough. While drawing, the client sends only the new points (`ink`); the server answers with
`guess`, and sends `progress` to the room. Times that the server sends are durations in milliseconds
from the moment of sending, so that no two clocks are compared. Coordinates are pad units: the pad
is `PAD` units wide and high, x grows to the right and y down.

`round` numbers grow by one with each word. A message about another round than the running one has
no effect: in a race it is answered with the problem `too_late`, in a solo game it is dropped.

In a race the client sends `open`, `join` or `quick`; then `ready` and, as the host, `configure`,
`own_words`, `add_bot` and `begin`; `ink`, `undo` and `clear` while `drawing`; `echo` as the answer
to each `probe`; and `leave`. `ghost`, `challenge` and `daily` open a race against ghosts, which are
recorded players; that race begins at once. The server sends `race` at every change, `guess` about
the player's own drawing, `progress` about everyone's, `live_ink` with a delay to those who do not
draw, `reveal` when the results of a round are stored, and `finished` when those of the race are.
The times of ink are ms since the round began on the page; they must not be ahead of the server's
clock.

The module `solo` holds the messages of every connection and of solo games, `race` those of rooms,
`live` the ink of drawings in progress, `record` the data fetched over HTTP, and `base` the parts of
all messages.
"""

from typing import Annotated

from pydantic import Field, TypeAdapter

from game.messages.base import (
    MAX_MESSAGE_BYTES,
    MAX_POINTS_A_MESSAGE,
    PAD,
    Message,
    Milliseconds,
    Point,
    Strokes,
)
from game.messages.live import InkLine, LiveInk, PadInk
from game.messages.race import (
    CODE,
    COLOURS,
    MAX_NAME,
    MAX_SEATS,
    AbuseReport,
    AddBot,
    Begin,
    Bests,
    BotStrength,
    Challenge,
    Configure,
    CountBests,
    Daily,
    GhostOf,
    GhostRace,
    Hidden,
    Join,
    Kick,
    Open,
    OwnWords,
    OwnWordsRead,
    Person,
    Placing,
    Profile,
    Quick,
    RaceClientMessage,
    RaceProgress,
    RaceServerMessage,
    RaceStage,
    RaceState,
    React,
    Reaction,
    ReactionName,
    Ready,
    RefusedWord,
    Reveal,
    RevealedDrawing,
    RoomSettings,
    Rounds,
    RoundSummary,
    SeatProgress,
    SeatState,
)
from game.messages.record import (
    Board,
    BoardMode,
    BoardRow,
    ChallengeInfo,
    DailyInfo,
    JudgedFrame,
    RaceKind,
    Replay,
    Span,
)
from game.messages.solo import (
    KEY,
    AttemptKept,
    Clear,
    Code,
    Echo,
    GameKept,
    Guess,
    Guesses,
    Hello,
    Ink,
    Leave,
    Mode,
    ModelGuess,
    Outcome,
    Ping,
    Pong,
    Probe,
    Problem,
    RoundResult,
    Saving,
    ShowdownState,
    Skip,
    SoloClientMessage,
    SoloServerMessage,
    Stage,
    Start,
    State,
    Undo,
    Welcome,
)

ClientMessage = Annotated[SoloClientMessage | RaceClientMessage, Field(discriminator="type")]
ServerMessage = Annotated[SoloServerMessage | RaceServerMessage, Field(discriminator="type")]

client_message: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)
server_message: TypeAdapter[ServerMessage] = TypeAdapter(ServerMessage)

__all__ = [
    "CODE",
    "COLOURS",
    "KEY",
    "MAX_MESSAGE_BYTES",
    "MAX_NAME",
    "MAX_POINTS_A_MESSAGE",
    "MAX_SEATS",
    "PAD",
    "AbuseReport",
    "AddBot",
    "AttemptKept",
    "Begin",
    "Bests",
    "Board",
    "BoardMode",
    "BoardRow",
    "BotStrength",
    "Challenge",
    "ChallengeInfo",
    "Clear",
    "ClientMessage",
    "Code",
    "Configure",
    "CountBests",
    "Daily",
    "DailyInfo",
    "Echo",
    "GameKept",
    "GhostOf",
    "GhostRace",
    "Guess",
    "Guesses",
    "Hello",
    "Hidden",
    "Ink",
    "InkLine",
    "Join",
    "JudgedFrame",
    "Kick",
    "Leave",
    "LiveInk",
    "Message",
    "Milliseconds",
    "Mode",
    "ModelGuess",
    "Open",
    "Outcome",
    "OwnWords",
    "OwnWordsRead",
    "PadInk",
    "Person",
    "Ping",
    "Placing",
    "Point",
    "Pong",
    "Probe",
    "Problem",
    "Profile",
    "Quick",
    "RaceKind",
    "RaceProgress",
    "RaceStage",
    "RaceState",
    "React",
    "Reaction",
    "ReactionName",
    "Ready",
    "RefusedWord",
    "Replay",
    "Reveal",
    "RevealedDrawing",
    "RoomSettings",
    "RoundResult",
    "RoundSummary",
    "Rounds",
    "Saving",
    "SeatProgress",
    "SeatState",
    "ServerMessage",
    "ShowdownState",
    "Skip",
    "Span",
    "Stage",
    "Start",
    "State",
    "Strokes",
    "Undo",
    "Welcome",
    "client_message",
    "server_message",
]
