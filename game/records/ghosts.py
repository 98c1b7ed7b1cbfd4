"""Ghosts from the records: the player's own drawings, or those of another player."""

from collections.abc import Sequence
from random import Random

from sqlalchemy.orm import Session

from game.records.games import challenger
from game.records.replays import bests, find, player_of, recent_guessed, to_replay
from game.records.storage import Ghost, RacePlan
from game.records.tables import ReplayRow
from game.rules.race import PLAN_ROUNDS

RECENT = 200  # number of the latest replays among which a stranger is chosen


def own_best(session: Session, key: str, words: Sequence[str], rng: Random) -> Ghost | None:
    """A ghost of the player's own best drawings; None when there are none."""
    return _ghost(_some(bests(session, player_of(key), words), rng))


def of_replay(session: Session, replay: str, words: Sequence[str], rng: Random) -> Ghost | None:
    """A ghost of a replay, followed by the best drawings of its player; None if unknown."""
    row = find(session, replay)
    if row is None or row.word not in words:
        return None
    others = bests(session, row.player, [word for word in words if word != row.word])
    return _ghost([row, *_some(others, rng)][:PLAN_ROUNDS])


def stranger(session: Session, key: str, words: Sequence[str], rng: Random) -> Ghost | None:
    """A ghost of another player whose drawing was guessed lately; None when there is none."""
    recent = recent_guessed(session, words, player_of(key), RECENT)
    return of_replay(session, rng.choice(recent), words, rng) if recent else None


def of_challenge(session: Session, id: str) -> RacePlan | None:
    """The race plan of a challenge; None when it is unknown or no drawing may be shown."""
    found = challenger(session, id)
    if found is None:
        return None
    replays = tuple(to_replay(row) if row else None for row in found.replays)
    ghost = Ghost(found.game.name, found.game.colour, replays)
    return RacePlan(f"challenge:{found.game.id}", found.words, (ghost,))


def _some(rows: dict[str, ReplayRow], rng: Random) -> list[ReplayRow]:
    """At most `PLAN_ROUNDS` rows in random order, with guessed drawings first."""
    order = rng.sample(list(rows.values()), len(rows))
    return sorted(order, key=lambda row: row.outcome != "guessed")[:PLAN_ROUNDS]


def _ghost(rows: Sequence[ReplayRow]) -> Ghost | None:
    if not rows:
        return None
    newest = max(rows, key=lambda row: row.moment)
    return Ghost(newest.name, newest.colour, tuple(map(to_replay, rows)))
