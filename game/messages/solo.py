"""Messages of every connection, and of the games one plays alone."""

from typing import Annotated, Literal

from pydantic import Field, FiniteFloat

from game.messages.base import MAX_POINTS_A_MESSAGE, Message, Point, Strokes

Mode = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$")]  # a key of `game.rules.modes.MODES`
Stage = Literal["home", "countdown", "drawing", "reveal", "over"]
Outcome = Literal["guessed", "bell", "skipped"]
KEY = r"^[A-Za-z0-9_-]{32}$"

# -- from the client -------------------------------------------------------------------------------


class Hello(Message):
    """First message of a connection; with the token of an earlier `welcome` the game goes on.

    `key` is the private one of an earlier `welcome`, which the page keeps for good: records know
    by it whose results these are.
    """

    type: Literal["hello"] = "hello"
    token: str | None = Field(default=None, max_length=64)
    key: str | None = Field(default=None, pattern=KEY)


class Start(Message):
    """Begin a game of a mode. The running game, or the seat in a race, is given up."""

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
    """Give up the word; in some modes this costs drawing time (`ModeRules.skip_cost`)."""

    type: Literal["skip"] = "skip"
    round: int


class Leave(Message):
    """Give up the game, or the seat in a race, and go home."""

    type: Literal["leave"] = "leave"


class Ping(Message):
    """Is the line alive? Answered with `pong`."""

    type: Literal["ping"] = "ping"
    sent: FiniteFloat = 0


class Echo(Message):
    """Answer to `probe`, at once: the time between is the link delay."""

    type: Literal["echo"] = "echo"
    number: int


SoloClientMessage = Hello | Start | Ink | Undo | Clear | Skip | Leave | Ping | Echo

# -- from the server -------------------------------------------------------------------------------


class Guess(Message):
    word: str
    probability: float


class Guesses(Message):
    """What the AI thinks of the drawing now: best first, at most five; none for a blank pad.

    `frame` counts the judged frames of the round, `points` those of the drawing as it was judged;
    `target` is the probability of the word asked for (0 in Practise) and `hold` how much of the win
    it has: 0 not there, 1 one more frame to go.
    """

    type: Literal["guess"] = "guess"
    round: int
    frame: int
    points: int = 0
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
    strokes: Strokes
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
    strokes: Strokes = Field(default=[])
    results: list[RoundResult] = Field(default=[])


class Welcome(Message):
    """Answer to `hello`. `resumed` is false when the token was unknown: that game is gone.

    `models` are the published ones that a showdown asks, the game's own first. Where `sign_in` is
    true, the page may lead to `/oauth/huggingface/login` and `logout`; `account` is the name of who
    is signed in ("" if it may not be shown), whose results are then kept apart from the browser's.
    """

    type: Literal["welcome"] = "welcome"
    token: str
    key: str
    resumed: bool
    words: list[str]
    threshold: float
    models: list[str] = Field(default=[])
    sign_in: bool = False
    account: str | None = None


class AttemptKept(Message):
    """A finished round of a game played alone is on disk, as this replay."""

    type: Literal["kept"] = "kept"
    round: int
    replay: str


class GameKept(Message):
    """A finished game or race is on disk.

    `challenge` is the id for a link by which others race the same words against this player;
    `rank` is the place among `of` who finished today's daily.
    """

    type: Literal["finished"] = "finished"
    challenge: str | None = None
    rank: int | None = None
    of: int | None = None


class Saving(Message):
    """A result waits for the database; later, whether all that waited are in the records."""

    type: Literal["saving"] = "saving"
    state: Literal["saving", "saved", "not_saved"]


class ModelGuess(Message):
    """What one model thinks of the drawing; `guessed` is when it had it, in ms, None if not yet."""

    model: str
    guesses: list[Guess]
    target: float
    guessed: float | None = None


class ShowdownState(Message):
    """What all published models think of the drawing now, in the order of `welcome.models`."""

    type: Literal["showdown"] = "showdown"
    round: int
    frame: int
    models: list[ModelGuess]


class Pong(Message):
    type: Literal["pong"] = "pong"
    sent: float


class Probe(Message):
    """Effects for an `echo`, to measure the link delay."""

    type: Literal["probe"] = "probe"
    number: int


Code = Literal[
    # the message itself
    "malformed",
    "too_large",
    "too_fast",
    "too_much_ink",
    "too_quick",  # ink faster than a hand draws
    "from_the_future",  # ink of a time that has not come
    "not_now",
    "too_late",  # ink after the bell, or after one's drawing was guessed
    # rooms
    "unknown_room",
    "room_full",
    "too_many_tries",
    "too_few",
    "not_host",
    "watching",
    "bad_name",
    "kicked",
    # records
    "unknown",  # no such replay, challenge or ghost
    "daily_done",
    # the connection
    "too_many",
    "replaced",
    "stopping",
    "waiting",  # the race moves to another machine, or its machines cannot be reached: it goes on
    "unreachable",  # rooms cannot be reached just now
    "room_lost",  # the room is gone; what was told to be kept is kept
]


class Problem(Message):
    """Something was wrong with a message. After a `fatal` one the socket closes."""

    type: Literal["problem"] = "problem"
    code: Code
    text: str
    fatal: bool = False


SoloServerMessage = (
    Guesses
    | State
    | Welcome
    | Pong
    | Probe
    | Problem
    | AttemptKept
    | GameKept
    | Saving
    | ShowdownState
)
