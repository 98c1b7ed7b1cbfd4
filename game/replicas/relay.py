"""The relay, which sends to Redis: in order, in batches, and again until Redis has answered."""

import asyncio
import logging
from collections.abc import Callable

from game.replicas.events import Event
from game.replicas.store import EventBatch, RedisUnreachable, Store

AGAIN = 0.2  # seconds between two tries
MANY = 20_000  # events that may wait; more are dropped

log = logging.getLogger(__name__)

Target = tuple[str, int | None]  # code of a room, and the owner's fencing token


class Relay:
    """Sends events to the logs of rooms, and texts to the channels of replicas.

    Args:
        refused: called when a room takes no event: with a fence of None the room is gone, otherwise
            another replica owns it.
        away: called with True when Redis stops answering, and with False when it answers again.
    """

    def __init__(
        self, store: Store, refused: Callable[[Target], None], away: Callable[[bool], None]
    ) -> None:
        self._store, self._refused, self._away = store, refused, away
        self._events: dict[Target, list[str]] = {}
        self._texts: list[tuple[str, str]] = []
        self._offers: dict[str, bool | None] = {}
        self._some = asyncio.Event()
        self._unreachable = False
        self._waiting = 0
        self._sending = False

    def write(self, code: str, event: Event, fence: int | None = None) -> None:
        """Queue an event for a room's log; an owner gives its fencing token."""
        if self._waiting < MANY:
            self._waiting += 1
            self._events.setdefault((code, fence), []).append(event.model_dump_json())
            self._some.set()

    def say(self, channel: str, text: str) -> None:
        """Queue a text for a channel."""
        self._texts.append((channel, text))
        self._some.set()

    def offer(self, code: str, racing: bool | None) -> None:
        """Queue an offer to players of quick matches.

        Args:
            racing: False for a room that waits for players, True for one that races and takes some,
                None for one that takes none.
        """
        self._offers[code] = racing
        self._some.set()

    @property
    def empty(self) -> bool:
        """Whether all events and texts have been sent."""
        return not (self._events or self._texts or self._sending)

    async def run(self) -> None:
        """Send what is queued, until cancelled."""
        while True:
            await self._some.wait()
            self._some.clear()
            self._sending = True
            await self._send_texts()
            await self._send_events()
            await self._send_offers()
            self._sending = False

    async def _send_texts(self) -> None:
        texts, self._texts = self._texts, []
        if not texts:
            return
        try:
            await self._store.say(texts)
        except RedisUnreachable:  # a text may be sent twice, which does no harm
            self._texts = [*texts, *self._texts][-MANY:]
            self._some.set()
            await asyncio.sleep(AGAIN)

    async def _send_offers(self) -> None:
        while self._offers:
            code = next(iter(self._offers))
            try:
                await self._store.offer(code, self._offers[code])
            except RedisUnreachable:
                return  # they go with the next offers
            self._offers.pop(code)

    async def _send_events(self) -> None:
        events, self._events = self._events, {}
        batches = [EventBatch(code, fence, tuple(e)) for (code, fence), e in events.items()]
        while batches:
            try:
                answers = await self._store.append(batches)
            except RedisUnreachable:
                self._note_unreachable(unreachable=True)
                await asyncio.sleep(AGAIN)
            else:
                self._waiting -= sum(len(batch.events) for batch in batches)
                self._note_unreachable(unreachable=False)
                for batch, answer in zip(batches, answers, strict=True):
                    if answer != 1:
                        self._refused((batch.code, batch.fence))
                return

    def _note_unreachable(self, unreachable: bool) -> None:
        if unreachable != self._unreachable:
            self._unreachable = unreachable
            self._away(unreachable)
