"""Deletion of the results of a player, and of results that are older than the host wants.

The environment variable DOODLE_KEEP_DAYS sets for how many days replays, and games with their
challenges, are stored; without it they are stored for good.
"""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

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


def forget(session: Session, key: str) -> int:
    """Delete all results of the player with a secret key; return the number of replays and games.

    A ranked attempt at a daily game stays used up: its row keeps the hash of the player's key, but
    no result.
    """
    return _delete_players(session, [player_of(key)])


def players_of(session: Session, ids: Sequence[str]) -> set[str]:
    """The players (hashed keys) to whom the replays and games with these ids belong."""
    tables = (ReplayRow, GameRow)
    return {
        player
        for table in tables
        for player in session.scalars(select(table.player).where(table.id.in_(ids)))
    }


def expire(session: Session, now: datetime, days: int) -> int:
    """Delete replays and games older than `days` days; return their number."""
    moment = (now - timedelta(days=days)).isoformat(timespec="milliseconds")
    number = 0
    for table in (ReplayRow, GameRow):
        old = session.scalars(select(table.id).where(table.moment < moment)).all()
        number += len(old)
        session.execute(delete(table).where(table.moment < moment))
    session.execute(delete(DailyRow).where(DailyRow.date < moment[:10]))
    return number


def _delete_players(session: Session, players: Sequence[str]) -> int:
    number = 0
    for table in (ReplayRow, GameRow):
        number += len(session.scalars(select(table.id).where(table.player.in_(players))).all())
        session.execute(delete(table).where(table.player.in_(players)))
    session.execute(delete(NameRow).where(NameRow.player.in_(players)))
    return number
