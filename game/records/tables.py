"""The tables of the records. A change here needs a new migration in `migrations/versions`.

Moments are texts in ISO 8601 UTC with milliseconds, so that they sort by time in every database.
"""

import json
import zlib
from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, ForeignKey, Index, LargeBinary, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

PLAYER = 64  # characters: the SHA-256 of a secret key
ID = 22  # characters: 16 random bytes in base64
MOMENT = 24
WORD = 64
NAME = 16


def moment_of(time: datetime) -> str:
    """The text of a moment in UTC."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Packed(TypeDecorator[Any]):
    """A JSON value, compressed because strokes are long."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return zlib.compress(json.dumps(value, separators=(",", ":")).encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(zlib.decompress(value))


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class RecordColumns:
    """The columns that replays and games share.

    `player` is the hash of the player's key, `moment` the time at which the attempt or game ended.
    """

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    player: Mapped[str] = mapped_column(String(PLAYER))
    moment: Mapped[str] = mapped_column(String(MOMENT))
    name: Mapped[str] = mapped_column(String(NAME))
    colour: Mapped[int]
    mode: Mapped[str] = mapped_column(String(16))
    points: Mapped[float]
    milliseconds: Mapped[float]
    hidden: Mapped[bool] = mapped_column(default=False)


class ReplayRow(RecordColumns, Base):
    """An attempt at a word; `body` holds the other fields of `messages.Replay`."""

    __tablename__ = "replays"
    __table_args__ = (
        Index(None, "word", "outcome", "milliseconds"),
        Index(None, "player", "word"),
        Index(None, "moment"),
    )

    word: Mapped[str] = mapped_column(String(WORD))
    outcome: Mapped[str] = mapped_column(String(16))
    best: Mapped[float]
    model: Mapped[str] = mapped_column(String(WORD))
    body: Mapped[dict[str, Any]] = mapped_column(Packed)


class GameRow(RecordColumns, Base):
    """A finished game or race; its id is also the id of its challenge."""

    __tablename__ = "games"
    __table_args__ = (
        Index(None, "mode", "points"),
        Index(None, "source"),
        Index(None, "player"),
    )

    source: Mapped[str | None] = mapped_column(String(WORD))
    place: Mapped[int | None]
    racers: Mapped[int]
    ranked: Mapped[bool] = mapped_column(default=True)  # false: stored, but on no board


class GameWordRow(Base):
    """A word of a game, by number, and the attempt at it; None if that was not stored."""

    __tablename__ = "game_words"

    game: Mapped[str] = mapped_column(ForeignKey("games.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(WORD))
    replay: Mapped[str | None] = mapped_column(
        ForeignKey("replays.id", ondelete="SET NULL"), index=True
    )


class DailyRow(Base):
    """A player's ranked attempt at a day's daily game; `game` is None until it is finished."""

    __tablename__ = "daily_tries"

    date: Mapped[str] = mapped_column(String(10), primary_key=True)
    player: Mapped[str] = mapped_column(String(PLAYER), primary_key=True)
    game: Mapped[str | None] = mapped_column(ForeignKey("games.id", ondelete="SET NULL"))


class NameRow(Base):
    """The owner of a name: the first player with a result under it; `folded` ignores case."""

    __tablename__ = "names"

    folded: Mapped[str] = mapped_column(String(4 * NAME), primary_key=True)
    player: Mapped[str] = mapped_column(String(PLAYER), index=True)


class ForgottenRow(Base):
    """A player who had everything deleted, and when; see `forgotten`."""

    __tablename__ = "forgotten"

    player: Mapped[str] = mapped_column(String(PLAYER), primary_key=True)
    moment: Mapped[str] = mapped_column(String(MOMENT))
