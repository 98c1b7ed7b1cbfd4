"""Who of the records can be raced: oneself, the player of a replay, a challenger, a stranger."""

from collections.abc import Sequence
from random import Random

from sqlalchemy.orm import Session

from game.records.games import challenger
from game.records.replays import bests, find, player_of, recent_guessed, to_replay
from game.records.storage import Ghost, RacePlan
from game.records.tables import ReplayRow
from game.rules.race import PLAN_ROUNDS

RECENT = 200  # replays among which a stranger is sought


def own_best(session: Session, key: str, words: Sequence[str], rng: Random) -> Ghost | None:
    """The key's own best drawings."""
    return _ghost(_some(bests(session, player_of(key), words), rng))


def of_replay(session: Session, replay: str, words: Sequence[str], rng: Random) -> Ghost | None:
    """A replay, and then the best drawings of its player."""
    row = find(session, replay)
    if row is None or row.word not in words:
        return None
    others = bests(session, row.player, [word for word in words if word != row.word])
    return _ghost([row, *_some(others, rng)][:PLAN_ROUNDS])


def stranger(session: Session, key: str, words: Sequence[str], rng: Random) -> Ghost | None:
    """Someone else, of those who were guessed lately."""
    recent = recent_guessed(session, words, player_of(key), RECENT)
    return of_replay(session, rng.choice(recent), words, rng) if recent else None


def of_challenge(session: Session, id: str) -> RacePlan | None:
    """A challenge; None when it is unknown, hidden or nothing of it may be shown."""
    found = challenger(session, id)
    if found is None:
        return None
    replays = tuple(to_replay(row) if row else None for row in found.replays)
    ghost = Ghost(found.game.name, found.game.colour, replays)
    return RacePlan(f"challenge:{found.game.id}", found.words, (ghost,))


def _some(rows: dict[str, ReplayRow], rng: Random) -> list[ReplayRow]:
    """At most `PLAN_ROUNDS` in any order, those that were guessed before others."""
    order = rng.sample(list(rows.values()), len(rows))
    return sorted(order, key=lambda row: row.outcome != "guessed")[:PLAN_ROUNDS]


def _ghost(rows: Sequence[ReplayRow]) -> Ghost | None:
    if not rows:
        return None
    newest = max(rows, key=lambda row: row.moment)
    return Ghost(newest.name, newest.colour, tuple(map(to_replay, rows)))
