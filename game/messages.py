"""Every message on the wire, as pydantic models: the protocol of `/race`, one JSON object a frame.

A client says `hello`, the server answers `welcome` and, whenever the course of the game changes, a
whole `state`: a client that has the last `state` knows all it needs, so a reload or a lost
connection is mended by one more `hello` with the token. While drawing, the client sends only the
new points (`ink`); the server answers with `guess`. Times are milliseconds on the server's clock,
always as durations from the moment of sending, so no clocks are compared. Coordinates are pad
units: the pad is `PAD` units wide and high, x to the right, y down.

`round` numbers grow by one with each word of a game; a message for another round than the running
one is dropped without an answer, so nothing late touches the next word.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, TypeAdapter

PAD = 256
MAX_MESSAGE_BYTES = 64_000
MAX_POINTS_A_MESSAGE = 1_000

Mode = Literal["sprint", "quick_six", "practise"]
Stage = Literal["home", "countdown", "drawing", "reveal", "over"]
Outcome = Literal["guessed", "bell", "skipped"]
Coordinate = Annotated[
    FiniteFloat, Field(ge=-PAD, le=2 * PAD)
]  # a captured pointer may leave the pad
Milliseconds = Annotated[FiniteFloat, Field(ge=0, le=3_600_000)]
Point = tuple[Coordinate, Coordinate, Milliseconds]


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


# -- from the client -------------------------------------------------------------------------------


class Hello(Message):
    """First message of a connection; with the token of an earlier `welcome` the game goes on."""

    type: Literal["hello"] = "hello"
    token: str | None = Field(default=None, max_length=64)


class Start(Message):
    """Begin a game of a mode; a running one is given up."""

    type: Literal["start"] = "start"
    mode: Mode


class Ink(Message):
    """New points of one stroke. `stroke` is the last one's index, or the next for a new line."""

    type: Literal["ink"] = "ink"
    round: int
    stroke: int = Field(ge=0, lt=500)
    points: list[Point] = Field(min_length=1, max_length=MAX_POINTS_A_MESSAGE)


class Undo(Message):
    """Take back the last stroke."""

    type: Literal["undo"] = "undo"
    round: int


class Clear(Message):
    """Take back all strokes."""

    type: Literal["clear"] = "clear"
    round: int


class Skip(Message):
    """Give up the word; in Sprint it costs three seconds."""

    type: Literal["skip"] = "skip"
    round: int


class Leave(Message):
    """Give up the game and go home."""

    type: Literal["leave"] = "leave"


class Ping(Message):
    type: Literal["ping"] = "ping"
    sent: FiniteFloat = 0


ClientMessage = Annotated[
    Hello | Start | Ink | Undo | Clear | Skip | Leave | Ping, Field(discriminator="type")
]

# -- from the server -------------------------------------------------------------------------------


class Guess(Message):
    word: str
    probability: float


class Guesses(Message):
    """What the AI thinks of the drawing now: best first, at most five; none for a blank pad.

    `frame` counts the judged frames of the round; `target` is the probability of the word asked
    for (0 in Practise) and `hold` how much of the win it has: 0 not there, 1 one more frame to go.
    """

    type: Literal["guess"] = "guess"
    round: int
    frame: int
    guesses: list[Guess]
    target: float
    hold: Literal[0, 1] = 0


class RoundResult(Message):
    """One finished word: `[[x...], [y...], [t...]]` a stroke, and the AI's last `guesses`.

    A guess is worth 1 point in Sprint, in Quick Six 100 at once to 50 at the bell. At the bell, a
    word that was not guessed gives half of the least a guess is worth, times `best`.
    """

    word: str
    outcome: Outcome
    milliseconds: float
    points: float
    best: float = Field(description="highest calibrated probability of the word during the round")
    strokes: list[list[list[float]]]
    guesses: list[Guess]


class State(Message):
    """The whole of what the page shows.

    `round` is 1 from the countdown on; `word` is told when drawing begins and stays for the
    `reveal`, as do `strokes`, the ink the server holds. `left` is the time until the stage ends by
    itself (None: it does not); in Sprint while drawing it is the time of the whole game, which
    stands still in `reveal`. `total` is the stage's full length, for the ring. `results` are the
    finished words so far; in `reveal` the last is the news.
    """

    type: Literal["state"] = "state"
    stage: Stage
    mode: Mode | None = None
    round: int = 0
    rounds: int | None = Field(default=None, description="words in the game, None when open-ended")
    word: str | None = None
    left: float | None = None
    total: float | None = None
    points: float = 0
    strokes: list[list[list[float]]] = []
    results: list[RoundResult] = []


class Welcome(Message):
    """Answer to `hello`. `resumed` is false when the token was unknown: that game is gone."""

    type: Literal["welcome"] = "welcome"
    token: str
    resumed: bool
    words: list[str]
    threshold: float


class Pong(Message):
    type: Literal["pong"] = "pong"
    sent: float


class Problem(Message):
    """Something was wrong with a message. After a `fatal` one the socket closes."""

    type: Literal["problem"] = "problem"
    code: Literal[
        "malformed", "too_large", "too_fast", "too_much_ink", "not_now", "replaced", "stopping"
    ]
    text: str
    fatal: bool = False


ServerMessage = Annotated[Guesses | State | Welcome | Pong | Problem, Field(discriminator="type")]

client_message: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)
server_message: TypeAdapter[ServerMessage] = TypeAdapter(ServerMessage)
