"""The daily game: the same words for everyone on a day (UTC), and one ranked attempt each."""

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
    """The words of a day (ISO date), the same on every server whose model knows `words`."""
    order = sorted(words, key=lambda word: sha256(f"{date} {word}".encode()).digest())
    return tuple(order[:PLAN_ROUNDS])


def check_try(session: Session, date: str, key: str) -> None:
    """Check that the player still has the day's ranked attempt, which is used up by its result.

    Raises:
        DailyDone: the attempt is used up.
    """
    if _taken(session, date, key) is not None:
        raise DailyDone


def info(session: Session, now: datetime, key: str | None, words: Sequence[str]) -> DailyInfo:
    """The daily game of the day of `now` (UTC), for the player with the key."""
    date = now.date().isoformat()
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    of = session.scalar(select(func.count()).where(GameRow.source == f"{DAILY}{date}", *RANKED))
    taken = _taken(session, date, key) if key else None
    game = session.get(GameRow, taken.game) if taken and taken.game else None
    return DailyInfo(
        date=date,
        words=len(daily_words(date, words)),
        left=(midnight - now) / timedelta(milliseconds=1),
        done=taken is not None,
        rank=rank_of(session, game)[0] if game and not game.hidden else None,
        of=of or 0,
    )


def _taken(session: Session, date: str, key: str) -> DailyRow | None:
    """The player's used attempt of the day; None when it is unused.

    Deleting the game does not give the attempt back.
    """
    return session.get(DailyRow, (date, player_of(key)))
