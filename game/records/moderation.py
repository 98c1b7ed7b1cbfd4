"""Moderation of the records: list, hide and delete replays and games."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete as sql_delete
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from game.records.retention import delete_players, delete_unused_names, players_of
from game.records.tables import GameRow, ReplayRow

TABLES = (ReplayRow, GameRow)


@dataclass(frozen=True)
class ListedRecord:
    """A replay or game in the list.

    Attributes:
        moment: ISO 8601 UTC.
        what: the word or the mode.
        result: outcome or points, and the time.
    """

    id: str
    moment: str
    name: str
    what: str
    result: str
    hidden: bool


def entries(
    session: Session, *, hidden: bool = False, name: str | None = None, limit: int = 50
) -> list[ListedRecord]:
    """The latest replays and games, latest first.

    Args:
        hidden: whether to list hidden ones only.
        name: list only those of players with this name; None for all.
        limit: largest number of entries.
    """
    found: list[ListedRecord] = []
    for table in TABLES:
        query = select(table).order_by(table.moment.desc()).limit(limit)
        if hidden:
            query = query.where(table.hidden.is_(True))
        if name is not None:
            query = query.where(table.name == name)
        found += map(_entry, session.scalars(query))
    return sorted(found, key=lambda entry: entry.moment, reverse=True)[:limit]


def hide(session: Session, ids: Sequence[str]) -> set[str]:
    """Hide replays and games; return the ids that exist.

    A hidden game is on no board, and its challenge cannot be raced. Its drawings stay visible
    unless they are hidden themselves.
    """
    known = _known(session, ids)
    for table in TABLES:
        session.execute(update(table).where(table.id.in_(known)).values(hidden=True))
    return known


def delete(session: Session, ids: Sequence[str]) -> set[str]:
    """Delete replays and games for good; return the ids that existed.

    A player who has none left also loses the name.
    """
    known = _known(session, ids)
    for table in TABLES:
        session.execute(sql_delete(table).where(table.id.in_(known)))
    delete_unused_names(session)
    return known


def hide_players(session: Session, ids: Sequence[str]) -> set[str]:
    """Hide all replays and games of the players to whom these belong; return their ids."""
    return hide(session, [*_of_the_same_players(session, ids)])


def delete_players_of(session: Session, ids: Sequence[str], now: datetime) -> set[str]:
    """Delete everything of the players to whom replays and games belong; return all their ids."""
    known = _of_the_same_players(session, ids)
    delete_players(session, players_of(session, ids), now)
    return known


def _of_the_same_players(session: Session, ids: Sequence[str]) -> set[str]:
    players = players_of(session, ids)
    return {
        id
        for table in TABLES
        for id in session.scalars(select(table.id).where(table.player.in_(players)))
    }


def _known(session: Session, ids: Sequence[str]) -> set[str]:
    return {
        id for table in TABLES for id in session.scalars(select(table.id).where(table.id.in_(ids)))
    }


def _entry(row: ReplayRow | GameRow) -> ListedRecord:
    if isinstance(row, ReplayRow):
        what, result = f"{row.word} ({row.mode})", row.outcome
    else:
        what, result = f"game ({row.mode})", f"{row.points:g} points"
    result = f"{result}, {row.milliseconds / 1000:.1f} s"
    return ListedRecord(row.id, row.moment, row.name, what, result, row.hidden)
