"""Replays in the database: functions to store, find and hide them in a session."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from game.guests.names import own_name
from game.messages import Replay, Strokes
from game.records import forgotten
from game.records.storage import AttemptRecord
from game.records.tables import NAME, NameRow, ReplayRow, moment_of

COLUMNS = {"word", "outcome", "milliseconds", "best", "points", "name", "colour", "mode", "model"}
SHOWN = ReplayRow.hidden.is_(False)
HASHED = "sha256:"  # prefix of a hashed key; keys of browsers and accounts never have it
MANY = 99  # players with the same name who get a number; later ones get none


def player_of(key: str) -> str:
    """The hash of a secret key, which identifies the player in the database."""
    return key.removeprefix(HASHED) if key.startswith(HASHED) else sha256(key.encode()).hexdigest()


def hashed(key: str) -> str:
    """A key in hashed form, to be written to disk; `player_of` accepts it like the key."""
    return HASHED + player_of(key)


def new_id() -> str:
    """A random, unguessable id of 22 characters; no command takes it for an option."""
    id = secrets.token_urlsafe(16)
    return new_id() if id.startswith("-") else id


def keep(session: Session, attempts: Sequence[AttemptRecord], now: datetime) -> list[str | None]:
    """Store attempts, except those whose id is stored already; return the ids of all.

    Those that are refused (`forgotten`) are not stored, and have no id.
    """
    brought = {entry.id for entry in attempts if entry.id}
    ended = [(player_of(entry.key), entry.ended or now) for entry in attempts]
    refused = forgotten.refused(session, ended, now)
    known = set(session.scalars(select(ReplayRow.id).where(ReplayRow.id.in_(brought))))
    ids = [
        None if gone else entry.id or new_id()
        for entry, gone in zip(attempts, refused, strict=True)
    ]
    session.add_all(
        _row(session, entry, id, moment_of(entry.ended or now))
        for entry, id in zip(attempts, ids, strict=True)
        if id and id not in known
    )
    return ids


def find(session: Session, id: str) -> ReplayRow | None:
    """The row of a replay; None when it is unknown or hidden."""
    row = session.get(ReplayRow, id)
    return None if row is None or row.hidden else row


def shown(session: Session, id: str) -> Replay | None:
    """A replay; None when it is unknown or hidden."""
    row = find(session, id)
    return None if row is None else to_replay(row)


def hide(session: Session, id: str) -> bool:
    """Hide a replay for good; return false when there is none."""
    changed = session.execute(update(ReplayRow).where(ReplayRow.id == id).values(hidden=True))
    return bool(changed.rowcount)  # pyright: ignore[reportAttributeAccessIssue]


def bests(session: Session, player: str, words: Sequence[str]) -> dict[str, ReplayRow]:
    """Word -> the player's best attempt: the fastest guess, else the highest probability.

    Attempts that were never judged, because the pad was blank, are left out.
    """
    order = func.row_number().over(
        partition_by=ReplayRow.word,
        order_by=(not_guessed(), ReplayRow.milliseconds, ReplayRow.best.desc(), ReplayRow.id),
    )
    ranked = (
        select(ReplayRow.id, order.label("place"))
        .where(SHOWN, ReplayRow.player == player, ReplayRow.word.in_(words), ReplayRow.best > 0)
        .subquery()
    )
    rows = session.scalars(
        select(ReplayRow).join(ranked, ranked.c.id == ReplayRow.id).where(ranked.c.place == 1)
    )
    return {row.word: row for row in rows}


def recent_guessed(
    session: Session, words: Sequence[str], besides: str, limit: int
) -> Sequence[str]:
    """Ids of guessed drawings of `words`, among the `limit` latest of all players but `besides`."""
    latest = session.execute(
        select(ReplayRow.id, ReplayRow.word)
        .where(SHOWN, ReplayRow.outcome == "guessed", ReplayRow.player != besides)
        .order_by(ReplayRow.moment.desc())
        .limit(limit)
    )
    return [id for id, word in latest if word in words]


def to_replay(row: ReplayRow) -> Replay:
    columns = {column: getattr(row, column) for column in COLUMNS}
    return Replay(**columns, **row.body, date=row.moment)


def name_of(session: Session, player: str, name: str) -> str:
    """The name for a player's result. A name belongs to its first user; others get a number."""
    if not own_name(name):
        return name[:NAME]
    forms = {form.casefold(): form for form in map(partial(_numbered, name), range(1, MANY + 1))}
    query = select(NameRow.folded, NameRow.player).where(NameRow.folded.in_(forms))
    owners: dict[str, str] = {row[0]: row[1] for row in session.execute(query)}
    for folded, form in forms.items():
        owner = owners.get(folded)
        if owner is None:
            session.add(NameRow(folded=folded, player=player))
            session.flush()
        if owner in (None, player):
            return form
    return name[:NAME]


def _numbered(name: str, number: int) -> str:
    end = f" {number}" if number > 1 else ""
    return name[: NAME - len(end)] + end


def _row(session: Session, entry: AttemptRecord, id: str, moment: str) -> ReplayRow:
    replay, player = entry.replay, player_of(entry.key)
    columns = replay.model_dump(include=COLUMNS) | {
        "name": name_of(session, player, replay.name),
    }
    body = replay.model_dump(exclude={*COLUMNS, "date"}) | {"strokes": _rounded(replay.strokes)}
    return ReplayRow(id=id, player=player, moment=moment, body=body, hidden=False, **columns)


def _rounded(strokes: Strokes) -> Strokes:
    """Round to a tenth of a pad unit and of a ms, which is finer than any screen."""
    return [[[round(number, 1) for number in column] for column in stroke] for stroke in strokes]


def not_guessed() -> ColumnElement[int]:
    """A sort key that puts guessed attempts first."""
    return case((ReplayRow.outcome == "guessed", 0), else_=1)
