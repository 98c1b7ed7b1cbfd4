"""Replays in the database: kept, found again, hidden. Functions of a session."""

import secrets
from collections.abc import Sequence
from functools import partial
from hashlib import sha256

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from game.guests.names import own_name
from game.messages import Replay, Strokes
from game.records.storage import AttemptRecord
from game.records.tables import NAME, NameRow, ReplayRow

COLUMNS = {"word", "outcome", "milliseconds", "best", "points", "name", "colour", "mode", "model"}
SHOWN = ReplayRow.hidden.is_(False)
HASHED = "sha256:"  # no key of a browser or an account begins like this
MANY = 99  # of one name; the next goes without a number


def player_of(key: str) -> str:
    """What is stored of a private key: enough to know it again, useless to whoever reads it."""
    return key.removeprefix(HASHED) if key.startswith(HASHED) else sha256(key.encode()).hexdigest()


def hashed(key: str) -> str:
    """In place of a key, where it may be read: `player_of` takes it like the key."""
    return HASHED + player_of(key)


def new_id() -> str:
    """22 characters that nobody guesses."""
    return secrets.token_urlsafe(16)


def keep(session: Session, attempts: Sequence[AttemptRecord], moment: str) -> list[str]:
    """Add tries, but for those that were added before under the id they bring; their ids."""
    brought = {entry.id for entry in attempts if entry.id}
    known = set(session.scalars(select(ReplayRow.id).where(ReplayRow.id.in_(brought))))
    ids = [entry.id or new_id() for entry in attempts]
    session.add_all(
        _row(session, entry, id, moment)
        for entry, id in zip(attempts, ids, strict=True)
        if id not in known
    )
    return ids


def find(session: Session, id: str) -> ReplayRow | None:
    """A replay that may be shown."""
    row = session.get(ReplayRow, id)
    return None if row is None or row.hidden else row


def shown(session: Session, id: str) -> Replay | None:
    """A replay; None when it is unknown or hidden."""
    row = find(session, id)
    return None if row is None else to_replay(row)


def hide(session: Session, id: str) -> bool:
    """Hide a replay for good; false when there is none."""
    changed = session.execute(update(ReplayRow).where(ReplayRow.id == id).values(hidden=True))
    return bool(changed.rowcount)  # pyright: ignore[reportAttributeAccessIssue]


def bests(session: Session, player: str, words: Sequence[str]) -> dict[str, ReplayRow]:
    """A player's best try at each word: guessed soonest, else surest; none of a blank pad."""
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
    """Ids of guessed drawings among the latest of all players but one."""
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
    """The name, which is the first player's who had a result under it; others get a number."""
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
    """To a tenth of a pad unit and of a millisecond: finer than any hand or screen."""
    return [[[round(number, 1) for number in column] for column in stroke] for stroke in strokes]


def not_guessed() -> ColumnElement[int]:
    """Sorts what was guessed before what was not."""
    return case((ReplayRow.outcome == "guessed", 0), else_=1)
