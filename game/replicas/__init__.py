"""The game on several replicas that share rooms and players through Redis.

Any replica takes any player; it is the player's *edge*. A room has one *owner*, a replica that
judges and keeps time for it. What happens in a room stands in a log, a Redis stream: what its
members do, as their edges heard it, and what its owner adds (the judge's answers, the passing of
time, what the records have kept). The room is a fold over that log (`story`), with the log's times
as its clock: any replica that reads the log has the same room. When an owner dies, another one
reads the log and goes on behind the last entry (`keeper`).

Who owns a room stands beside its log with a fencing token that grows with every owner. An owner's
entries are taken only while its token is the newest, in one step with writing them (`scripts`).
"""

from typing import TYPE_CHECKING

from models.command import UserError

if TYPE_CHECKING:
    from game.replicas.replica import Replica


def open_replica(url: str) -> "Replica":
    """A replica that shares rooms through the Redis at a URL.

    Raises:
        UserError: when the package redis is missing, or the URL is none.
    """
    try:
        from game.replicas.replica import Replica
    except ImportError as error:
        raise UserError(
            f"rooms cannot be shared: {error}", "Install it: pip install 'doodle-race[scale]'"
        ) from error
    try:
        return Replica(url)
    except ValueError as error:
        raise UserError(
            f"cannot use Redis at {url}: {error}",
            "Expected in REDIS_URL an address such as redis://localhost:6379",
        ) from error
