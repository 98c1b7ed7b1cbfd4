"""Deletion of the results of a player, and of results that are older than the host wants.

The environment variable DOODLE_KEEP_DAYS sets for how many days replays, and games with their
challenges, are stored; without it they are stored for good.
"""

import os
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, not_, or_, select
from sqlalchemy.orm import Session

from game.records import forgotten
from game.records.replays import player_of
from game.records.tables import DailyRow, GameRow, NameRow, ReplayRow
from models.command import UserError

VARIABLE = "DOODLE_KEEP_DAYS"


def keep_days() -> int | None:
    """For how many days results are stored; None for good.

    Raises:
        UserError: DOODLE_KEEP_DAYS is not a positive whole number.
    """
    text = os.environ.get(VARIABLE, "")
    if not text:
        return None
    if not text.isdecimal() or not int(text):
        raise UserError(f"the variable {VARIABLE} is {text!r}", "Expected days, such as 90")
    return int(text)


def forget(session: Session, key: str, now: datetime) -> int:
    """Delete all results of the player with a secret key; return the number of replays and games.

    See `delete_players` for what is left.
    """
    return delete_players(session, [player_of(key)], now)


def delete_players(session: Session, players: Collection[str], now: datetime) -> int:
    """Delete everything of players (hashed keys); return the number of replays and games.

    What they have finished until now is not stored later either (`forgotten`). A ranked attempt at
    today's daily game stays used up, without a result, until the day is over.
    """
    forgotten.note(session, players, now)
    number = 0
    for table in (ReplayRow, GameRow):
        number += len(session.scalars(select(table.id).where(table.player.in_(players))).all())
        session.execute(delete(table).where(table.player.in_(players)))
    session.execute(delete(NameRow).where(NameRow.player.in_(players)))
    _delete_tries_without_a_game(session, now)
    return number


def players_of(session: Session, ids: Sequence[str]) -> set[str]:
    """The players (hashed keys) to whom the replays and games with these ids belong."""
    tables = (ReplayRow, GameRow)
    return {
        player
        for table in tables
        for player in session.scalars(select(table.player).where(table.id.in_(ids)))
    }


def expire(session: Session, now: datetime, days: int | None) -> int:
    """Delete what need not be kept any longer; return the number of replays and games.

    These are replays and games older than `days` days, names whose player has none left, attempts
    at the daily games of earlier days without a game, and old deletions (`forgotten`).
    """
    number = 0 if days is None else _delete_older(session, now - timedelta(days=days))
    delete_unused_names(session)
    _delete_tries_without_a_game(session, now)
    forgotten.expire(session, now)
    return number


def delete_unused_names(session: Session) -> None:
    """Delete the names of players who have neither a replay nor a game."""
    played = [
        select(table.id).where(table.player == NameRow.player).exists()
        for table in (ReplayRow, GameRow)
    ]
    session.execute(delete(NameRow).where(not_(or_(*played))))


def _delete_older(session: Session, than: datetime) -> int:
    moment = than.isoformat(timespec="milliseconds")
    number = 0
    for table in (ReplayRow, GameRow):
        old = session.scalars(select(table.id).where(table.moment < moment)).all()
        number += len(old)
        session.execute(delete(table).where(table.moment < moment))
    session.execute(delete(DailyRow).where(DailyRow.date < moment[:10]))
    return number


def _delete_tries_without_a_game(session: Session, now: datetime) -> None:
    today = now.date().isoformat()
    session.execute(delete(DailyRow).where(DailyRow.date < today, DailyRow.game.is_(None)))
