"""The players who had everything deleted: what they finished before that is not stored later.

A result may wait elsewhere while its player has everything deleted: in the memory of another server
or in files on its disk, or in the log of a room in Redis. So the database knows for a while who had
everything deleted and when, and refuses what ended before. What has waited for longer is refused
from anyone, as nobody knows any more whether its player had it deleted.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, delete, func, literal, select
from sqlalchemy.orm import Session

from game.records.tables import ForgottenRow, moment_of

LONGEST = timedelta(days=30)  # that a result may wait, and that a deletion is known
SKEW = timedelta(seconds=5)  # by which the clocks of two servers may differ


def note(session: Session, players: Collection[str], now: datetime) -> None:
    """Refuse from now on what players (hashed keys) have finished until now.

    Call it before the deletion itself: it waits for results of these players that other servers are
    storing at the same time, so that the deletion finds them.
    """
    _wait_for_others(session, players, alone=True)
    for player in players:
        session.merge(ForgottenRow(player=player, moment=moment_of(now)))


def refused(session: Session, results: Sequence[tuple[str, datetime]], now: datetime) -> list[bool]:
    """Whether each of some results must not be stored.

    Args:
        results: players (hashed keys), and when their results ended, in UTC.
    """
    players = {player for player, _ in results}
    _wait_for_others(session, players)
    found = session.scalars(select(ForgottenRow).where(ForgottenRow.player.in_(players)))
    deleted = {row.player: row.moment for row in found}
    return [
        now - ended > LONGEST or moment_of(ended - SKEW) <= deleted.get(player, "")
        for player, ended in results
    ]


def expire(session: Session, now: datetime) -> None:
    """Delete what is known of deletions that are so long ago that no result can wait any more."""
    before = moment_of(now - LONGEST - SKEW)
    session.execute(delete(ForgottenRow).where(ForgottenRow.moment < before))


def _wait_for_others(session: Session, players: Collection[str], alone: bool = False) -> None:
    """Let storing results of a player wait for a deletion (`alone`) by another server, and back.

    SQLite has one writer at a time anyway.
    """
    if not players or session.get_bind().dialect.name != "postgresql":
        return
    lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
    # All servers lock in the same order, so that none waits for one that waits for it.
    session.execute(select(*(lock(literal(_number(each), BigInteger)) for each in sorted(players))))


def _number(player: str) -> int:
    """The key of a player's lock in PostgreSQL: 64 bits, with a sign."""
    return int(player[:16], 16) - (1 << 63)
