"""Records in a test's folder, and replays to store in them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from game.messages import GameKept, Replay
from game.records import Records
from game.records.database import Database
from game.records.storage import AttemptRecord, GameRecord
from tests.game.fakes import CountsBars, bars

ANNA, BEN, CLEO = ("A" * 32, "B" * 32, "C" * 32)  # private keys
WORDS = ("one", "two", "three", "four", "five")  # of the model that counts bars
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday


@dataclass
class Day:
    """A time of day that tests set."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def later(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class Opened:
    """Records in a file, with a clock and a model that counts bars."""

    folder: Path
    day: Day = field(default_factory=Day)
    data: Path | None = None

    def __post_init__(self) -> None:
        self.url = f"sqlite:///{self.folder / 'records.sqlite3'}"
        self.records = Records(
            Database(self.url),
            CountsBars(),
            "bars",
            self.data or self.folder / "nothing",
            Random(1),
            self.day,
        )

    async def keep(self, key: str, *kept: Replay) -> list[str]:
        ids = await self.records.keep([AttemptRecord(key, replay) for replay in kept])
        return [id for id in ids if id]

    async def keep_game(self, game: GameRecord) -> GameKept:
        kept = await self.records.keep_game(game)
        assert kept, "the game was refused"
        return kept


def replay(drawn: str = "one", milliseconds: float = 2_000, **changes: Any) -> Replay:
    """A replay with a guessed drawing of a word of the model that counts bars; with `changes`."""
    strokes = [[list(column) for column in zip(*points, strict=True)] for points in bars(drawn)]
    kept = Replay(
        word=drawn,
        outcome="guessed",
        milliseconds=milliseconds,
        frame=7,
        best=0.9,
        delay=30.0,
        compensated=30.0,
        points=5,
        strokes=strokes,
        frames=[(3, 400.0, 0.25, "two"), (7, milliseconds, 0.9, drawn)],
        name="Anna",
        colour=2,
        mode="room",
        model="bars",
    )
    return Replay.model_validate(kept.model_dump() | changes)


def game(key: str, replays: list[str | None], words: tuple[str, ...], **changes: Any) -> GameRecord:
    """A finished race in a room, with `changes`."""
    usual: dict[str, Any] = {
        "name": "Anna",
        "colour": 2,
        "mode": "room",
        "source": None,
        "points": 5.0 * len(words),
        "milliseconds": 2_000.0 * len(words),
    }
    return GameRecord(key=key, words=words, replays=tuple(replays), **(usual | changes))


async def finish(opened: Opened, key: str, *words: str, slower: float = 0) -> GameKept:
    """Play the daily game, with these words guessed by their own drawing."""
    plan = await opened.records.daily(key, WORDS)
    attempts = [replay(word, mode="daily") for word in words]
    ids = await opened.keep(key, *attempts)
    milliseconds = 2_000.0 * len(ids) + slower
    return await opened.keep_game(
        game(key, [*ids], words, mode="daily", source=plan.id, milliseconds=milliseconds)
    )
