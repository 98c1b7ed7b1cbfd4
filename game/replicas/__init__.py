"""The game on several replicas that share rooms and players through Redis.

Any replica accepts any player and is then the player's *gateway*. Each room has one *owner*: the
replica that judges its drawings and keeps its time. What happens in a room is written to a log, a
Redis stream: what its members do, as their gateways received it, and what its owner adds (the
judge's answers, the passing of time, the ids of stored results). The room is a fold over that log
(`replayed_room`), and the log's times are its clock, so every replica that reads the log has the
same room. When an owner dies, another replica reads the log and continues after the last event
(`room_owner`).

The owner's name is stored beside the log, with a fencing token that grows with every new owner.
Redis accepts an owner's events only while its token is the newest; one script checks the token and
writes the events (`scripts`).
"""

from typing import TYPE_CHECKING

from game.replicas.lease import SECONDS, Lease, check_lease
from models.command import UserError, install

if TYPE_CHECKING:
    from game.replicas.replica import Replica


def open_replica(url: str, lease: float = SECONDS) -> "Replica":
    """A replica that shares rooms through the Redis at a URL.

    Args:
        lease: seconds without a sign of life after which others take over its rooms.

    Raises:
        UserError: the package redis is not installed, `url` is not a valid URL, or `lease` is too
            short or too long.
    """
    check_lease(lease)
    try:
        from game.replicas.replica import Replica
    except ImportError as error:
        raise UserError(
            f"rooms cannot be shared between servers: {error}",
            f"Install the package redis: {install('scale')}",
        ) from error
    try:
        return Replica(url, Lease(lease))
    except ValueError as error:
        raise UserError(
            f"cannot use Redis at {url}: {error}",
            "Expected in REDIS_URL an address such as redis://localhost:6379",
        ) from error
