"""The daily: the same words for everyone on a day (UTC), and one ranked try for each."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from game.messages import DailyInfo
from game.records.games import DAILY, RANKED, rank_of
from game.records.replays import player_of
from game.records.storage import DailyDone
from game.records.tables import DailyRow, GameRow
from game.rules.race import PLAN_ROUNDS


def daily_words(date: str, words: Sequence[str]) -> tuple[str, ...]:
    """A day's words: the same on every server whose model knows the same words."""
    order = sorted(words, key=lambda word: sha256(f"{date} {word}".encode()).digest())
    return tuple(order[:PLAN_ROUNDS])


def take_try(session: Session, date: str, key: str) -> None:
    """Take the key's one ranked try of the day.

    Raises:
        DailyDone: when it was taken before.
    """
    player = player_of(key)
    if session.get(DailyRow, (date, player)) is not None:
        raise DailyDone
    session.add(DailyRow(date=date, player=player, game=None))


def info(session: Session, now: datetime, key: str | None, words: Sequence[str]) -> DailyInfo:
    """The daily of the day of `now` (UTC), as the holder of the key sees it."""
    date = now.date().isoformat()
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    of = session.scalar(select(func.count()).where(GameRow.source == f"{DAILY}{date}", *RANKED))
    entry = session.get(DailyRow, (date, player_of(key))) if key else None
    game = session.get(GameRow, entry.game) if entry and entry.game else None
    return DailyInfo(
        date=date,
        words=len(daily_words(date, words)),
        left=(midnight - now) / timedelta(milliseconds=1),
        done=entry is not None,
        rank=rank_of(session, game)[0] if game and not game.hidden else None,
        of=of or 0,
    )
