"""Access to Redis. Every method raises `RedisUnreachable` when Redis does not answer."""

from collections.abc import AsyncGenerator, Generator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from game.replicas import scripts
from game.replicas.events import AnyEvent, Event, Unreadable, read_event

PAGE = 500  # entries read at once


class RedisUnreachable(ConnectionError):
    """Redis does not answer."""


@dataclass(frozen=True)
class LoggedEvent:
    """An entry in a log.

    Attributes:
        number: its number in the log, from 1.
        id: its id in the Redis stream.
        at: its time in ms, by the clock of Redis.
    """

    number: int
    id: str
    event: AnyEvent | Unreadable

    @property
    def at(self) -> float:
        return float(self.id.partition("-")[0])


@dataclass(frozen=True)
class EventBatch:
    """Events for one room's log, as JSON; `fence` is the owner's token, None from a gateway."""

    code: str
    fence: int | None
    events: tuple[str, ...]


def logged(number: str, id: str, text: str) -> LoggedEvent:
    return LoggedEvent(int(number), id, read_event(text))


@contextmanager
def _raises_unreachable() -> Generator[None]:
    """Turn the errors of a lost connection into `RedisUnreachable`."""
    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        raise RedisUnreachable(str(error)) from error


class Store:
    """An open pool of connections.

    Args:
        answer_within: seconds for Redis to answer.
    """

    def __init__(self, url: str, answer_within: float) -> None:
        self._url, self._answer_within = url, answer_within
        self._redis: Any = self._open(answer_within)

    def _open(self, answer_within: float | None) -> Any:
        return Redis.from_url(
            self._url,
            decode_responses=True,
            socket_connect_timeout=self._answer_within,
            socket_timeout=answer_within,
            retry=Retry(NoBackoff(), 0),  # not every command may be sent twice
            protocol=2,  # with 3, the pool gives out connections that Redis has closed
        )

    async def close(self) -> None:
        await self._redis.aclose()

    async def ping(self) -> None:
        with _raises_unreachable():
            await self._redis.ping()

    # -- channels ----------------------------------------------------------------------------------

    @asynccontextmanager
    async def listening(self, replica: str) -> AsyncGenerator[AsyncGenerator[str]]:
        """The texts published from now on, on the replica's channel and on that of all."""
        listener = self._open(None)
        try:
            with _raises_unreachable():
                async with listener.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(scripts.channel(replica), scripts.ALL)
                    yield _texts(channel)
        finally:
            await listener.aclose()

    async def say(self, texts: Iterable[tuple[str, str]]) -> None:
        """Publish texts, given as (channel, text)."""
        with _raises_unreachable():
            async with self._redis.pipeline(transaction=False) as line:
                for name, text in texts:
                    line.publish(name, text)
                await line.execute()

    # -- logs --------------------------------------------------------------------------------------

    async def append(self, batches: Sequence[EventBatch]) -> list[int]:
        """Append events to logs.

        Returns:
            For each batch 1, or 0 when there is no such room, or -1 when the token is old.
        """
        with _raises_unreachable():
            async with self._redis.pipeline(transaction=False) as line:
                for batch in batches:
                    keys = scripts.room_key(batch.code), scripts.log_key(batch.code)
                    fence = "" if batch.fence is None else str(batch.fence)
                    line.eval(scripts.APPEND, 2, *keys, batch.code, fence, *batch.events)
                return await line.execute()

    async def create(self, code: str, owner: str, kind: str, events: Sequence[Event]) -> bool:
        """Make a room with its first events; return false when the code is taken."""
        keys = scripts.room_key(code), scripts.log_key(code), scripts.rooms_key(owner)
        texts = [event.model_dump_json() for event in events]
        with _raises_unreachable():
            made = await self._redis.eval(scripts.CREATE, 3, *keys, code, owner, kind, *texts)
        return made == 1

    async def claim(self, code: str, dead: str, heir: str) -> bool:
        """Make `heir` the owner of a stopped replica's room, and log that as `Claimed`.

        Returns:
            False when `dead` still runs or does not own the room.
        """
        keys = (
            *(scripts.room_key(code), scripts.log_key(code)),
            *(scripts.rooms_key(dead), scripts.rooms_key(heir), scripts.lease_key(dead)),
        )
        with _raises_unreachable():
            return await self._redis.eval(scripts.CLAIM, 5, *keys, code, dead, heir) > 0

    async def remove(self, code: str, owner: str, fence: int) -> None:
        """Delete a room and its log, unless the token is old."""
        keys = (
            *(scripts.room_key(code), scripts.log_key(code), scripts.start_key(code)),
            *(scripts.rooms_key(owner), scripts.QUICK),
        )
        with _raises_unreachable():
            await self._redis.eval(scripts.CLOSE, 5, *keys, code, fence)

    async def page(self, code: str, after: str | None) -> list[LoggedEvent]:
        """At most `PAGE` entries of a log, from the start or after the entry with id `after`."""
        with _raises_unreachable():
            found = await self._redis.xrange(
                scripts.log_key(code), f"({after}" if after else "-", "+", count=PAGE
            )
        return [logged(fields["n"], id, fields["e"]) for id, fields in found]

    async def holds(self, code: str, id: str) -> bool:
        """Whether a log has the entry with an id."""
        with _raises_unreachable():
            return bool(await self._redis.xrange(scripts.log_key(code), id, id))

    async def owner(self, code: str) -> tuple[str, str] | None:
        """A room's owner and kind; None when there is no such room."""
        with _raises_unreachable():
            owner, kind = await self._redis.hmget(scripts.room_key(code), "owner", "kind")
        return (owner, kind) if owner else None

    # -- quick matches -----------------------------------------------------------------------------

    async def match(self, own: str, new: str) -> str:
        """The code of a quick match other than `own` with a free seat, else `new`.

        When it is `new`, the caller has to open that room.
        """
        with _raises_unreachable():
            return await self._redis.eval(scripts.MATCH, 1, scripts.QUICK, own, new)

    async def offer(self, code: str, racing: bool | None) -> None:
        """List a quick match as waiting (False) or racing (True), or remove it (None)."""
        with _raises_unreachable():
            if racing is None:
                await self._redis.zrem(scripts.QUICK, code)
            else:
                await self._redis.zadd(scripts.QUICK, {code: int(racing)})

    # -- players -----------------------------------------------------------------------------------

    async def remember(self, guests: Mapping[str, Mapping[str, str]], seconds: int) -> None:
        """Save players, by token, for a number of seconds."""
        with _raises_unreachable():
            async with self._redis.pipeline(transaction=True) as line:
                for token, fields in guests.items():
                    line.delete(scripts.guest_key(token))
                    line.hset(scripts.guest_key(token), mapping=dict(fields))
                    line.expire(scripts.guest_key(token), seconds)
                await line.execute()

    async def recall(self, token: str) -> dict[str, str]:
        """The saved fields of a player; empty when there are none."""
        with _raises_unreachable():
            return await self._redis.hgetall(scripts.guest_key(token))

    # -- replicas ----------------------------------------------------------------------------------

    async def live(self, replica: str, seconds: float) -> tuple[bool, dict[str, bool]]:
        """Renew the replica's lease for a number of seconds.

        Returns:
            Whether the lease had not expired, and for every known replica whether it has a lease.
        """
        with _raises_unreachable():
            async with self._redis.pipeline(transaction=True) as line:
                line.set(scripts.lease_key(replica), "1", px=round(seconds * 1000), get=True)
                line.sadd(scripts.REPLICAS, replica)
                line.publish(scripts.channel(replica), "beat")
                line.smembers(scripts.REPLICAS)
                before, _, _, names = await line.execute()
            keys = [scripts.lease_key(name) for name in names]
            leases = await self._redis.mget(keys)
        found = dict(zip(names, (lease is not None for lease in leases), strict=True))
        return before is not None, found

    async def rooms_of(self, replica: str) -> list[str]:
        with _raises_unreachable():
            return [*await self._redis.smembers(scripts.rooms_key(replica))]

    async def forget(self, replica: str) -> None:
        """Remove a stopped replica that owns no more rooms from the list of replicas."""
        with _raises_unreachable():
            await self._redis.srem(scripts.REPLICAS, replica)

    async def leave(self, replica: str) -> None:
        """Give up the replica's lease, and tell the others to take over its rooms."""
        with _raises_unreachable():
            await self._redis.delete(scripts.lease_key(replica))
            await self._redis.publish(scripts.ALL, f"gone {replica}")


async def _texts(channel: Any) -> AsyncGenerator[str]:
    with _raises_unreachable():
        async for message in channel.listen():
            yield message["data"]
