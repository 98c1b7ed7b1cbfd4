"""Replays, challenges, boards: what the records hold and the server tells over HTTP.

    GET  /replays/{id}                 Replay         404 when unknown or hidden
    GET  /replays/{id}/card.png        a picture to share
    GET  /replays/{id}/replay.gif      the drawing being guessed
    GET  /challenges/{id}              ChallengeInfo
    GET  /daily?key=KEY                DailyInfo      key optional
    GET  /boards?span=&mode=&word=     Board

Reporting a drawing is a message of the socket (`report`), as everyone must be told (`hidden`).
"""

from typing import Literal

from pydantic import Field

from game.messages.base import Message, Strokes
from game.messages.solo import Mode, Outcome

RaceKind = Literal["room", "quick", "ghost", "challenge", "daily"]
BoardMode = Mode  # one of `game.rules.modes.boards()`: a ranked mode or a kind of race
Span = Literal["today", "week", "all"]

JudgedFrame = tuple[int, float, float, str]
"""One judged frame: its number, ms since the round began, probability of the word, first guess."""


class Replay(Message):
    """One player's try at one word.

    `milliseconds` is the time taken less `compensated`, what was given for the link delay `delay`;
    without a guess, the round's length. `frame` is the judged frame that decided: of the guess, or
    of the highest probability `best`. `model` is the card's name of the model that judged.
    """

    word: str
    outcome: Outcome
    milliseconds: float
    frame: int
    best: float
    delay: float | None = None
    compensated: float = 0.0
    points: float
    strokes: Strokes
    looks: list[JudgedFrame]
    name: str
    colour: int
    mode: BoardMode
    model: str
    date: str = Field(default="", description="ISO 8601 UTC; set by the records")


class ChallengeInfo(Message):
    """What a challenge link leads to."""

    id: str
    name: str
    colour: int
    words: int = Field(description="how many; which, the race tells")
    points: float
    milliseconds: float


class DailyInfo(Message):
    """Today's daily: `done` when the key has had its ranked try.

    `date` is the server's (UTC), and `left` the milliseconds until the next daily.
    """

    date: str
    words: int
    left: float = 0.0
    done: bool = False
    rank: int | None = None
    of: int = 0


class BoardRow(Message):
    """One place; `replay` when there is a drawing to be seen, `word` on the board of all words."""

    place: int
    name: str
    colour: int
    points: float
    milliseconds: float
    replay: str | None = None
    date: str
    word: str | None = None


class Board(Message):
    """Best first: by points then time for a mode, by time for a word.

    With neither mode nor word: the best time for each word, by word.
    """

    span: Span
    mode: BoardMode | None = None
    word: str | None = None
    rows: list[BoardRow]
