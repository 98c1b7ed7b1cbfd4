"""High-score boards by mode and by word, of today, this week or all time.

Days and weeks are in UTC; a week begins on Monday.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from game.messages import Board, BoardMode, BoardRow, Span
from game.records.games import RANKED
from game.records.replays import SHOWN, not_guessed
from game.records.tables import GameRow, GameWordRow, ReplayRow

LONGEST = 50  # places on a board
SOONEST = (ReplayRow.milliseconds, ReplayRow.moment, ReplayRow.id)

R = TypeVar("R", GameRow, ReplayRow)


def since(span: Span, now: datetime) -> str:
    """Start of the span that contains `now`, as a text that sorts like `moment`; "" for all."""
    if span == "all":
        return ""
    days = now.weekday() if span == "week" else 0
    return (now - timedelta(days=days)).date().isoformat()


def board(
    session: Session, span: Span, mode: BoardMode | None, word: str | None, now: datetime
) -> Board:
    """The board of a word (in one mode or all), or of a mode, or, without both, of all words."""
    if word is not None:
        return board_of_word(session, span, word, mode, now)
    if mode is not None:
        return board_of_mode(session, span, mode, now)
    return board_of_words(session, span, now)


def board_of_mode(session: Session, span: Span, mode: BoardMode, now: datetime) -> Board:
    """Each player's best game in a mode, ranked by most points and then least time."""
    order = (GameRow.points.desc(), GameRow.milliseconds, GameRow.moment, GameRow.id)
    which = (GameRow.mode == mode, GameRow.moment >= since(span, now), *RANKED)
    games = _firsts(session, GameRow, order, which)
    drawings = _drawings(session, [game.id for game in games])
    rows = [_row(place, game, drawings.get(game.id)) for place, game in enumerate(games, 1)]
    return Board(span=span, mode=mode, rows=rows)


def board_of_word(
    session: Session, span: Span, word: str, mode: BoardMode | None, now: datetime
) -> Board:
    """Each player's best time for a word, in one mode or all."""
    which = [ReplayRow.word == word, *_guessed(span, now)]
    if mode is not None:
        which.append(ReplayRow.mode == mode)
    found = _firsts(session, ReplayRow, SOONEST, which)
    rows = [_row(place, replay, replay.id) for place, replay in enumerate(found, 1)]
    return Board(span=span, mode=mode, word=word, rows=rows)


def board_of_words(session: Session, span: Span, now: datetime) -> Board:
    """The best time for each word, in order of the words."""
    words = session.scalars(select(ReplayRow.word).distinct().order_by(ReplayRow.word)).all()
    queries = (
        select(ReplayRow)
        .where(ReplayRow.word == word, *_guessed(span, now))
        .order_by(*SOONEST)
        .limit(1)
        for word in words
    )
    found = [replay for query in queries for replay in session.scalars(query)]
    rows = [_row(1, replay, replay.id, replay.word) for replay in found]
    return Board(span=span, rows=rows)


def _guessed(span: Span, now: datetime) -> list[ColumnElement[bool]]:
    return [ReplayRow.outcome == "guessed", SHOWN, ReplayRow.moment >= since(span, now)]


def _firsts(
    session: Session,
    table: type[R],
    order: Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]],
    which: Sequence[ColumnElement[bool]],
) -> list[R]:
    """The first row of each player in the given order, at most `LONGEST` rows.

    Rows are read in the order of an index until there are enough, which is usually soon.
    """
    query = select(table.id, table.player).where(*which).order_by(*order)
    first: dict[str, str] = {}
    with session.execute(query.execution_options(yield_per=10 * LONGEST)) as rows:
        for id, player in rows:
            first.setdefault(player, id)
            if len(first) == LONGEST:
                break
    found = session.scalars(select(table).where(table.id.in_(first.values())))
    by_id = {row.id: row for row in found}
    return [by_id[id] for id in first.values()]


def _drawings(session: Session, games: Sequence[str]) -> dict[str, str]:
    """Id of a game -> id of its quickest drawing that may be shown, if there is one."""
    found = session.execute(
        select(GameWordRow.game, ReplayRow.id)
        .join(ReplayRow, ReplayRow.id == GameWordRow.replay)
        .where(GameWordRow.game.in_(games), SHOWN, ReplayRow.best > 0)
        .order_by(not_guessed().desc(), ReplayRow.milliseconds.desc(), ReplayRow.id)
    )
    return {row[0]: row[1] for row in found}  # the quickest comes last, and replaces the others


def _row(
    place: int, kept: GameRow | ReplayRow, replay: str | None, word: str | None = None
) -> BoardRow:
    return BoardRow(
        word=word,
        place=place,
        name=kept.name,
        colour=kept.colour,
        points=kept.points,
        milliseconds=kept.milliseconds,
        replay=replay,
        date=kept.moment,
    )
