"""What is deleted: all of one player's, and what is older than the host keeps it.

`DOODLE_KEEP_DAYS` is how long replays, and games with their challenges, are kept; without it, for
good.
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
    """How many days results are kept; None for good.

    Raises:
        UserError: when the variable is no number of days.
    """
    text = os.environ.get(VARIABLE, "")
    if not text:
        return None
    if not text.isdecimal() or not int(text):
        raise UserError(f"the variable {VARIABLE} is {text!r}", "Expected days, such as 90")
    return int(text)


def forget(session: Session, key: str) -> int:
    """Delete everything of the holder of a private key; how many replays and games there were.

    A daily's one try stays spent: its row has the player's hash and no result.
    """
    return _delete_players(session, [player_of(key)])


def players_of(session: Session, ids: Sequence[str]) -> set[str]:
    """Whose replays and games these are."""
    tables = (ReplayRow, GameRow)
    return {
        player
        for table in tables
        for player in session.scalars(select(table.player).where(table.id.in_(ids)))
    }


def expire(session: Session, now: datetime, days: int) -> int:
    """Delete replays and games that are older; how many there were."""
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
