"""Finished games in the database, their challenges, and their ranks in the daily game."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from game.messages import ChallengeInfo, GameKept
from game.records import forgotten
from game.records.replays import SHOWN, name_of, new_id, player_of
from game.records.storage import GameRecord
from game.records.tables import DailyRow, GameRow, GameWordRow, ReplayRow, moment_of

DAILY = "daily:"
RANKED = (GameRow.ranked.is_(True), GameRow.hidden.is_(False))


@dataclass(frozen=True)
class Challenger:
    """A game that others can race against.

    Attributes:
        game: its row.
        words: in order.
        replays: the attempt at each word; None when it may not be shown.
    """

    game: GameRow
    words: tuple[str, ...]
    replays: tuple[ReplayRow | None, ...]


def keep(session: Session, game: GameRecord, points: float, now: datetime) -> GameKept | None:
    """Store a finished game, unless the one with its id is stored already.

    One that is refused (`forgotten`) is not stored: None is returned.

    Args:
        points: the points by which it is ranked.
        now: in UTC.
    """
    ended = game.ended or now
    if any(forgotten.refused(session, [(player_of(game.key), ended)], now)):
        return None
    row = session.get(GameRow, game.id) if game.id else None
    if row is None:
        row = _add(session, game, points, moment_of(ended))
        _take_daily(session, row)
    challenge = row.id if challenger(session, row.id) else None
    if not (row.mode == "daily" and row.ranked):
        return GameKept(challenge=challenge)
    rank, of = rank_of(session, row)
    return GameKept(challenge=challenge, rank=rank, of=of)


def _add(session: Session, game: GameRecord, points: float, moment: str) -> GameRow:
    player = player_of(game.key)
    row = GameRow(
        id=game.id or new_id(),
        player=player,
        moment=moment,
        name=name_of(session, player, game.name),
        colour=game.colour,
        mode=game.mode,
        source=game.source,
        points=points,
        milliseconds=game.milliseconds,
        place=game.place,
        racers=game.racers,
        ranked=game.mode != "daily",
        hidden=False,
    )
    session.add(row)
    session.flush()
    _keep_words(session, row, game)
    return row


def attempts(session: Session, game: GameRecord) -> list[ReplayRow]:
    """The player's own stored attempts at the words of a game, without duplicates."""
    found = session.scalars(
        select(ReplayRow).where(
            ReplayRow.id.in_({id for id in game.replays if id}),
            ReplayRow.player == player_of(game.key),
        )
    )
    by_id = {row.id: row for row in found}
    pairs = zip(game.words, game.replays, strict=True)
    return [by_id.pop(id) for word, id in pairs if id and id in by_id and by_id[id].word == word]


def challenger(session: Session, id: str) -> Challenger | None:
    """The game with an id; None when it is unknown or hidden, or no drawing may be shown."""
    game = session.get(GameRow, id)
    if game is None or game.hidden:
        return None
    rows = session.execute(
        select(GameWordRow.word, ReplayRow)
        .outerjoin(ReplayRow, and_(ReplayRow.id == GameWordRow.replay, SHOWN))
        .where(GameWordRow.game == id)
        .order_by(GameWordRow.number)
    ).all()
    words, replays = tuple(row[0] for row in rows), tuple(row[1] for row in rows)
    return Challenger(game, words, replays) if any(replays) else None


def challenge_info(session: Session, id: str) -> ChallengeInfo | None:
    """The challenge with an id, for its link; None in the same cases as `challenger`."""
    found = challenger(session, id)
    if found is None:
        return None
    game = found.game
    return ChallengeInfo(
        id=game.id,
        name=game.name,
        colour=game.colour,
        words=len(found.words),
        points=game.points,
        milliseconds=game.milliseconds,
    )


def rank_of(session: Session, game: GameRow) -> tuple[int, int]:
    """The place of a ranked game among all games of its source, and the number of these."""
    mates = select(func.count()).where(GameRow.source == game.source, *RANKED)
    better = or_(
        GameRow.points > game.points,
        and_(GameRow.points == game.points, GameRow.milliseconds < game.milliseconds),
    )
    ahead = session.scalar(mates.where(better)) or 0
    return ahead + 1, session.scalar(mates) or 0


def _keep_words(session: Session, row: GameRow, game: GameRecord) -> None:
    ids = {id for id in game.replays if id}
    known = set(session.scalars(select(ReplayRow.id).where(ReplayRow.id.in_(ids))))
    session.add_all(
        GameWordRow(
            game=row.id, number=number, word=word, replay=replay if replay in known else None
        )
        for number, (word, replay) in enumerate(zip(game.words, game.replays, strict=True), 1)
    )
    session.flush()


def _take_daily(session: Session, row: GameRow) -> None:
    """Rank a daily game if it is the player's first of the day, which uses up the attempt."""
    if row.mode != "daily" or not (row.source or "").startswith(DAILY):
        return
    date = (row.source or "").removeprefix(DAILY)
    if session.get(DailyRow, (date, row.player)) is None:
        session.add(DailyRow(date=date, player=row.player, game=row.id))
        row.ranked = True
        session.flush()
