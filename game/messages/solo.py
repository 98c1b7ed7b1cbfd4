"""Messages of every connection and of solo games."""

from typing import Annotated, Literal

from pydantic import Field, FiniteFloat

from game.messages.base import MAX_POINTS_A_MESSAGE, Message, Point, Strokes

Mode = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$")]  # a key of `game.rules.modes.MODES`
Stage = Literal["home", "countdown", "drawing", "reveal", "over"]
Outcome = Literal["guessed", "bell", "skipped"]
KEY = r"^[A-Za-z0-9_-]{32}$"

# -- from the client -------------------------------------------------------------------------------


class Hello(Message):
    """The first message of a connection.

    Attributes:
        token: from an earlier `welcome`; with it the game goes on after a lost connection.
        key: the player's secret key from an earlier `welcome`, which the page keeps for good. It
            identifies the player's results in the records.
    """

    type: Literal["hello"] = "hello"
    token: str | None = Field(default=None, max_length=64)
    key: str | None = Field(default=None, pattern=KEY)


class Start(Message):
    """Begin a solo game of a mode. The running game, or the seat in a race, is given up.

    Attributes:
        mode: a key of `game.rules.modes.MODES`, such as `sprint`.
    """

    type: Literal["start"] = "start"
    mode: Mode


class Ink(Message):
    """New points of one stroke.

    Attributes:
        stroke: index of the last stroke, to continue it, or the next index for a new stroke.
    """

    type: Literal["ink"] = "ink"
    round: int
    stroke: int = Field(ge=0, lt=500)
    points: list[Point] = Field(min_length=1, max_length=MAX_POINTS_A_MESSAGE)


class Undo(Message):
    """Remove the last stroke."""

    type: Literal["undo"] = "undo"
    round: int


class Clear(Message):
    """Remove all strokes."""

    type: Literal["clear"] = "clear"
    round: int


class Skip(Message):
    """Give up the word; in some modes this costs drawing time (`ModeRules.skip_cost`)."""

    type: Literal["skip"] = "skip"
    round: int


class Leave(Message):
    """Give up the game, or the seat in a race, and return to the start page."""

    type: Literal["leave"] = "leave"


class Ping(Message):
    """Check the connection; answered with `pong`."""

    type: Literal["ping"] = "ping"
    sent: FiniteFloat = 0


class Echo(Message):
    """The immediate answer to a `probe`; the time between the two is the link delay."""

    type: Literal["echo"] = "echo"
    number: int


SoloClientMessage = Hello | Start | Ink | Undo | Clear | Skip | Leave | Ping | Echo

# -- from the server -------------------------------------------------------------------------------


class Guess(Message):
    """One word that the model takes the drawing for, and its probability, 0 to 1."""

    word: str
    probability: float


class Guesses(Message):
    """The model's guesses about the drawing, at most five, best first; none for a blank pad.

    Attributes:
        frame: number of the judged frame in the round, from 1.
        points: number of points in the drawing when it was judged.
        target: probability of the word to draw, 0 to 1; 0 in Practise.
        hold: 1 when the word needs only one more such frame to be guessed, else 0.
    """

    type: Literal["guess"] = "guess"
    round: int
    frame: int
    points: int = 0
    guesses: list[Guess]
    target: float
    hold: Literal[0, 1] = 0


class RoundResult(Message):
    """One finished word, with its strokes and the model's last guesses.

    `ModeRules.points` sets the points of a guess. A word whose time ran out (`bell`) gives half of
    the lowest points of a guess, times `best`.
    """

    word: str
    outcome: Outcome
    milliseconds: float
    points: float
    best: float = Field(description="highest calibrated probability of the word during the round")
    strokes: Strokes
    guesses: list[Guess]


class State(Message):
    """The whole state of a solo game.

    Attributes:
        round: number of the current or last word, 1 from the countdown on; 0 outside a game.
        word: the word to draw, in the stages `drawing` and `reveal`.
        left: ms until the stage ends by itself; None when it does not. In Sprint, while drawing,
            it is the time left in the game, which stands still in `reveal`.
        total: full length of the stage in ms, for the ring that shows the time.
        worth: points of the running word if it is guessed at once; 0 when there is none.
        strokes: the strokes that the server has, in the stages `drawing` and `reveal`.
        results: the finished words, in order.
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
    worth: float = 0
    strokes: Strokes = Field(default=[])
    results: list[RoundResult] = Field(default=[])


class Welcome(Message):
    """The answer to `hello`.

    Attributes:
        resumed: false when the token was unknown, so that its game is gone.
        thresholds: word -> lowest probability with which it counts as guessed, 0 to 1.
        models: names of the models in a showdown, the game's own first.
        packs: key of each word pack that a host may choose -> its number of words.
        sign_in: whether the page may offer `/oauth/huggingface/login` and `logout`.
        account: name of the signed-in player ("" if it cannot be shown), whose results are stored
            apart from the browser's; None when nobody is signed in.
        script: address of the page's script. A page with another script is of another version, and
            loads itself anew.
    """

    type: Literal["welcome"] = "welcome"
    token: str
    key: str
    resumed: bool
    words: list[str]
    thresholds: dict[str, float]
    models: list[str] = Field(default=[])
    packs: dict[str, int] = Field(default={})
    sign_in: bool = False
    account: str | None = None
    script: str = ""


class AttemptKept(Message):
    """A finished round of a solo game is stored, as the replay with this id."""

    type: Literal["kept"] = "kept"
    round: int
    replay: str


class GameKept(Message):
    """A finished game or race is stored.

    Attributes:
        challenge: id of a link with which others race against this game with the same words.
        rank: in the daily game, the player's place among the `of` who have finished it today.
    """

    type: Literal["finished"] = "finished"
    challenge: str | None = None
    rank: int | None = None
    of: int | None = None


class Saving(Message):
    """The progress of the player's delayed results, of all games.

    "saving" when a result cannot be stored at once; later, wherever the player is by then, "saved"
    when all delayed results are stored, "not_saved" when one is not, or "deleted" when none is
    because the player has deleted everything meanwhile. A player who connects again hears
    "saving" again, and what was not told while the connection was lost.
    """

    type: Literal["saving"] = "saving"
    state: Literal["saving", "saved", "not_saved", "deleted"]


class ModelGuess(Message):
    """One model's guesses; `guessed` is the time in ms until it guessed the word, None before."""

    model: str
    guesses: list[Guess]
    target: float
    guessed: float | None = None


class ShowdownState(Message):
    """The guesses of all models in a showdown, in the order of `welcome.models`."""

    type: Literal["showdown"] = "showdown"
    round: int
    frame: int
    models: list[ModelGuess]


class Pong(Message):
    """The answer to `ping`.

    Attributes:
        sent: the number of that `ping`.
    """

    type: Literal["pong"] = "pong"
    sent: float


class Probe(Message):
    """Asks for an `echo`, to measure the link delay."""

    type: Literal["probe"] = "probe"
    number: int


Code = Literal[
    # the message itself
    "malformed",
    "too_large",
    "too_fast",
    "too_much_ink",
    "too_quick",  # ink that is faster than a hand can draw
    "from_the_future",  # ink with a time that is still to come
    "out_of_place",  # ink of a stroke that is neither the last nor the next: the page has others
    "not_now",
    "too_late",  # ink after the bell, or after the drawing was guessed
    # rooms
    "unknown_room",
    "room_full",
    "too_many_tries",
    "too_few",
    "not_host",
    "watching",
    "bad_name",
    "bad_badge",
    "kicked",
    # records
    "unknown",  # no such replay, challenge or ghost
    "daily_done",
    # the connection
    "too_many",
    "replaced",
    "stopping",
    "waiting",  # the connection to the race is interrupted; the race goes on
    "unreachable",  # rooms cannot be reached at the moment
    "room_lost",  # the room is gone; results that were confirmed as stored are safe
]


class Problem(Message):
    """A message was refused, or the connection has a problem. After a `fatal` one it is closed."""

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
