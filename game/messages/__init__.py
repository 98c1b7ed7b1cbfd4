"""Every message on the wire, as pydantic models: the protocol of `/race`, one JSON object a frame.

A client says `hello`, the server answers `welcome` and, whenever the course of the game changes, a
whole `state` (alone) or `race` (in a room): a client that has the last one knows all it needs, so a
reload or a lost connection is mended by one more `hello` with the token. While drawing, the client
sends only the new points (`ink`); the server answers with `guess`, and tells the room `progress`.
Times are milliseconds on the server's clock, always as durations from the moment of sending, so no
clocks are compared. Coordinates are pad units: the pad is `PAD` units wide and high, x to the
right, y down.

`round` numbers grow by one with each word; a message for another round than the running one never
touches it. In a race it is answered with the problem `too_late`, alone it is dropped.

A race, from the client: `open`, `join` or `quick`; `ready` and, from the host, `configure` and
`begin`; `ink`, `undo` and `clear` while `drawing`; `echo` to each `probe`; `leave`. `ghost`,
`challenge` and `daily` open a race against recorded players that begins at once. From the server:
`race` at every change, `guess` about the own drawing, `progress` about all, `reveal` when a round's
results are on disk, `finished` when the race's are. Ink's times are those of the player's hand: ms
since the round began on the page, never ahead of the server's clock.

`solo` holds what every connection and the games alone need, `race` what rooms need, `record` what
is fetched over HTTP, `base` what all are made of.
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
from game.messages.race import (
    CODE,
    COLOURS,
    MAX_NAME,
    MAX_SEATS,
    AbuseReport,
    Begin,
    Challenge,
    Configure,
    Daily,
    GhostOf,
    GhostRace,
    Hidden,
    Join,
    Kick,
    Open,
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
    "AttemptKept",
    "Begin",
    "Board",
    "BoardMode",
    "BoardRow",
    "Challenge",
    "ChallengeInfo",
    "Clear",
    "ClientMessage",
    "Code",
    "Configure",
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
    "Join",
    "JudgedFrame",
    "Kick",
    "Leave",
    "Message",
    "Milliseconds",
    "Mode",
    "ModelGuess",
    "Open",
    "Outcome",
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
