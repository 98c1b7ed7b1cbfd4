"""Replays, challenges and boards: data from the records, which the server offers over HTTP.

    GET  /replays/{id}                 Replay         404 when unknown or hidden
    GET  /replays/{id}/card.png        a picture to share
    GET  /replays/{id}/replay.gif      the drawing being guessed
    GET  /challenges/{id}              ChallengeInfo
    GET  /daily                        DailyInfo      the player's key in X-Player-Key: optional
    GET  /boards?span=&mode=&word=     Board

A drawing is reported by the message `report` on the WebSocket, because everyone connected must get
the message `hidden`.
"""

from typing import Literal

from pydantic import AliasChoices, Field

from game.messages.base import Message, Strokes
from game.messages.solo import Mode, Outcome

RaceKind = Literal["room", "quick", "ghost", "challenge", "daily"]
BoardMode = Mode  # one of `game.rules.modes.boards()`: a ranked mode or a kind of race
Span = Literal["today", "week", "all"]

JudgedFrame = tuple[int, float, float, str]
"""A judged frame: number, ms since the round began, probability of the word, most probable word."""


class Replay(Message):
    """One player's attempt at one word.

    Attributes:
        milliseconds: time until the drawing was guessed, less `compensated`; without a guess, the
            length of the round.
        frame: number of the frame that decided: that of the guess or, without one, that of `best`.
        best: highest probability of the word, 0 to 1.
        delay: round trip of the player's link in ms; None when it was not measured.
        compensated: ms that the player got back for the link delay.
        frames: the judged frames that were kept; earlier versions stored them as `looks`.
        model: name of the model that judged, from its card.
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
    frames: list[JudgedFrame] = Field(validation_alias=AliasChoices("frames", "looks"))
    name: str
    colour: int
    mode: BoardMode
    model: str
    date: str = Field(default="", description="ISO 8601 UTC; set by the records")


class ChallengeInfo(Message):
    """A challenge: the game that its link invites to beat."""

    id: str
    name: str
    colour: int
    words: int = Field(description="number of words; the race shows which")
    points: float
    milliseconds: float


class DailyInfo(Message):
    """Today's daily game.

    Attributes:
        date: the server's date (UTC).
        words: number of words.
        left: ms until the next daily game.
        done: whether the player with the key has used today's ranked attempt.
        rank: the player's place among the `of` who have finished; None before.
    """

    date: str
    words: int
    left: float = 0.0
    done: bool = False
    rank: int | None = None
    of: int = 0


class BoardRow(Message):
    """One place on a board.

    Attributes:
        replay: id of the drawing's replay; None when there is no drawing to show.
        word: set on the board of all words only.
    """

    place: int
    name: str
    colour: int
    points: float
    milliseconds: float
    replay: str | None = None
    date: str
    word: str | None = None


class Board(Message):
    """A board, best first: by points and then time for a mode, by time for a word.

    With neither a mode nor a word, it holds the best time for each word, in order of the words.
    """

    span: Span
    mode: BoardMode | None = None
    word: str | None = None
    rows: list[BoardRow]
