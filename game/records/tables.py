"""The tables of the records. A change here needs a new migration beside `migrations/versions`.

Moments are ISO 8601 UTC with milliseconds, so that they sort as text in every database.
"""

import json
import zlib
from typing import Any

from sqlalchemy import Dialect, ForeignKey, Index, LargeBinary, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

PLAYER = 64  # characters: the SHA-256 of a private key
ID = 22  # characters: 16 random bytes, which nobody guesses
MOMENT = 24
WORD = 64
NAME = 16


class Packed(TypeDecorator[Any]):
    """A JSON value, compressed: ink is long and repeats itself."""

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
    """What is known of a replay and of a game alike: whose, when, in which mode, whether shown."""

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
    """A try at a word; `body` is the rest of `messages.Replay`."""

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
    """A finished game or race; its id is also that of the challenge to race it."""

    __tablename__ = "games"
    __table_args__ = (
        Index(None, "mode", "points"),
        Index(None, "source"),
        Index(None, "player"),
    )

    source: Mapped[str | None] = mapped_column(String(WORD))
    place: Mapped[int | None]
    racers: Mapped[int]
    ranked: Mapped[bool] = mapped_column(default=True)  # false: kept, but on no board


class GameWordRow(Base):
    """A word of a game, in order, and the try at it; None for one that could not be kept."""

    __tablename__ = "game_words"

    game: Mapped[str] = mapped_column(ForeignKey("games.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(WORD))
    replay: Mapped[str | None] = mapped_column(
        ForeignKey("replays.id", ondelete="SET NULL"), index=True
    )


class DailyRow(Base):
    """A player's one ranked try of a day; `game` is None until it is finished."""

    __tablename__ = "daily_tries"

    date: Mapped[str] = mapped_column(String(10), primary_key=True)
    player: Mapped[str] = mapped_column(String(PLAYER), primary_key=True)
    game: Mapped[str | None] = mapped_column(ForeignKey("games.id", ondelete="SET NULL"))


class NameRow(Base):
    """Whose name it is: of the first who had a result kept under it. `folded` ignores case."""

    __tablename__ = "names"

    folded: Mapped[str] = mapped_column(String(4 * NAME), primary_key=True)
    player: Mapped[str] = mapped_column(String(PLAYER), index=True)
