"""The owner of rooms: follows their logs, runs judge and timers, stores results, sends messages."""

import asyncio
import logging
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from game import meters
from game.records.result_keeper import PROMPT
from game.records.storage import GameRecord
from game.replicas.effects import Storable
from game.replicas.events import (
    AttemptsStored,
    Event,
    GameStored,
    GatewayLost,
    HiddenNow,
    Judged,
    Opened,
    ResultDelayed,
    ResultLost,
    Ticked,
)
from game.replicas.member import Notice
from game.replicas.relay import Relay
from game.replicas.replayed_room import LOST, ReplayedRoom, packed
from game.replicas.store import LoggedEvent, RedisUnreachable, Store
from game.rules.attempt import Frame
from game.services import Services

AGAIN = 0.2  # seconds between two tries to read a log
KEEP_AGAIN = (0.25, 2.0)  # seconds between two tries to store a result: at first, and at most
KEEP_WITHIN = 600.0  # seconds after which a result is given up
CREEP = 0.01  # ms by which the estimated difference of the clocks may grow with each entry

log = logging.getLogger(__name__)

T = TypeVar("T")

Deliver = Callable[[str, int, Sequence[Notice]], None]


class OwnedRoom:
    """A room of this replica.

    Attributes:
        replayed: the room, computed from its log.
        last: the last entry that was applied.
        behind: whether old entries are being read; entries that arrive meanwhile are read too.
        more: whether entries arrived while old ones were being read.
        offered: the room's last offer to players of quick matches, as in `Relay.offer`.
        timer: sends `Ticked` when the room's next timer is due.
        keeping: numbers of the requests that are being stored.
        logged_pads: number of a pad -> its source of frames for the judge.
    """

    def __init__(self, replayed: ReplayedRoom, last: LoggedEvent) -> None:
        self.replayed = replayed
        self.last = last
        self.behind = self.more = False
        self.offered: bool | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.keeping: set[int] = set()
        self.logged_pads: dict[int, LoggedPad] = {}

    def take(self, logged: LoggedEvent) -> None:
        self.last = logged
        self.replayed.take(logged.event, logged.at)

    def close(self) -> None:
        if self.timer is not None:
            self.timer.cancel()


class LoggedPad:
    """Has one pad of a room judged, and writes the answers into the log."""

    def __init__(self, owned: OwnedRoom, pad: int, write: Callable[[Event], None]) -> None:
        self._holding, self._pad, self._write = owned, pad, write

    def take_frame(self) -> Frame | None:
        pad = self._holding.replayed.pads[self._pad]
        return None if pad is None else pad.take_frame()

    def judged(self, frame: Frame, probabilities: NDArray[np.float32]) -> None:
        self._write(
            Judged(
                pad=self._pad,
                round=frame.attempt.round,
                at=frame.at,
                erased=frame.erased,
                points=frame.drawing.points,
                row=packed(probabilities),
            )
        )


class RoomOwner:
    """The rooms that the replica with this `name` owns.

    Args:
        deliver: sends messages to the members of a room, given its code and fencing token.
    """

    def __init__(
        self, services: Services, name: str, store: Store, relay: Relay, deliver: Deliver
    ) -> None:
        self._services, self._name, self._store = services, name, store
        self._relay, self._deliver = relay, deliver
        self._rooms: dict[str, OwnedRoom] = {}
        self._loading: set[str] = set()
        self._delayed: set[tuple[str, int]] = set()  # room and request of results stored late
        self._clock_offset = float(
            "inf"
        )  # ms: clock here minus clock of Redis, plus time of travel

    def __len__(self) -> int:
        return len(self._rooms)

    # -- following the logs ------------------------------------------------------------------------

    def hear(self, code: str, logged: LoggedEvent) -> None:
        """Take a new entry in the log of a room that this replica owns."""
        self._clock_offset = min(self._clock_offset + CREEP, self._services.clock.now() - logged.at)
        owned = self._rooms.get(code)
        if owned is None and logged.number == 1 and isinstance(logged.event, Opened):
            self._rooms[code] = OwnedRoom(
                ReplayedRoom(self._services, logged.event, logged.at), logged
            )
        elif owned is None:
            self.load(code)
        elif owned.behind:
            owned.more = True
        elif logged.number == owned.last.number + 1:
            owned.take(logged)
            self._carry_out(code, owned)
        elif logged.number > owned.last.number:
            self._services.spawn(self._catch_up(code, owned))

    def load(self, code: str) -> None:
        """Read the log of a room that this replica has taken over, and continue the room."""
        if code not in self._loading and code not in self._rooms:
            self._loading.add(code)
            self._services.spawn(self._load(code))

    async def _load(self, code: str) -> None:
        page = await self._retried(partial(self._store.page, code, None))
        self._loading.discard(code)
        if not page or not isinstance(page[0].event, Opened) or code in self._rooms:
            return
        owned = OwnedRoom(ReplayedRoom(self._services, page[0].event, page[0].at), page[0])
        self._rooms[code] = owned
        await self._catch_up(code, owned)
        owned.replayed.pads.asking |= owned.replayed.pads.wanting
        self._carry_out(code, owned)

    async def _catch_up(self, code: str, owned: OwnedRoom) -> None:
        """Read the rest of the log, page by page, without blocking the event loop."""
        owned.behind = owned.more = True
        while owned.more and self._rooms.get(code) is owned:
            owned.more = False
            while page := await self._retried(partial(self._store.page, code, owned.last.id)):
                for logged in page:
                    owned.take(logged)
                await asyncio.sleep(0)
        owned.behind = False
        self._carry_out(code, owned)

    async def check(self) -> None:
        """Bring all rooms up to date after an outage.

        Rooms that others own are dropped, rooms whose log has lost entries are ended, and missed
        entries of the others are read.
        """
        for code, owned in [*self._rooms.items()]:
            found = await self._retried(partial(self._store.owner, code))
            if found is not None and found[0] != self._name:
                self.drop(code)
            elif found is None or not await self._retried(
                partial(self._store.holds, code, owned.last.id)
            ):
                await self._lose(code, owned)
            elif not owned.behind:
                await self._catch_up(code, owned)

    async def _lose(self, code: str, owned: OwnedRoom) -> None:
        """End a room whose log has lost entries that were applied, and tell its members."""
        log.error("the log of a room has lost entries")
        self.drop(code)
        self._tell(code, owned, owned.replayed.farewell(LOST))
        await self._retried(partial(self._store.remove, code, self._name, owned.replayed.fence))

    def drop(self, code: str) -> None:
        """Forget a room that is gone, or that another replica owns."""
        owned = self._rooms.pop(code, None)
        if owned is not None:
            owned.close()

    def close(self) -> None:
        """Forget all rooms."""
        for code in [*self._rooms]:
            self.drop(code)

    # -- effects -----------------------------------------------------------------------------------

    def _carry_out(self, code: str, owned: OwnedRoom) -> None:
        """Carry out the room's requests, if by its log this replica owns it."""
        replayed = owned.replayed
        if owned.behind or self._rooms.get(code) is not owned:
            return
        if replayed.owner != self._name:
            self.drop(code)
            return
        notices, replayed.notices = replayed.notices, []
        self._tell(code, owned, notices)
        write = partial(self._relay.write, code, fence=replayed.fence)
        self._have_judged(owned, write)
        for number, what in replayed.effects.waiting.items():
            if number not in owned.keeping:
                owned.keeping.add(number)
                self._services.spawn(self._keep(owned, number, what, write))
        self._offer(code, owned)
        self._set_timer(owned, write)
        if replayed.closed and not replayed.effects.waiting:
            self.drop(code)
            self._services.spawn(self._store.remove(code, self._name, replayed.fence))

    def _tell(self, code: str, owned: OwnedRoom, notices: Sequence[Notice]) -> None:
        if notices:
            self._deliver(code, owned.replayed.fence, notices)

    def _have_judged(self, owned: OwnedRoom, write: Callable[[Event], None]) -> None:
        pads = owned.replayed.pads
        asking, pads.asking = pads.asking, set()
        for pad in asking:
            if pad not in owned.logged_pads:
                owned.logged_pads[pad] = LoggedPad(owned, pad, write)
            self._services.judge.want(owned.logged_pads[pad])

    def _offer(self, code: str, owned: OwnedRoom) -> None:
        room = owned.replayed.room
        offer = room.racing if room.open else None
        if room.kind == "quick" and offer != owned.offered:
            owned.offered = offer
            self._relay.offer(code, offer)

    def _set_timer(self, owned: OwnedRoom, write: Callable[[Event], None]) -> None:
        owned.close()
        due = owned.replayed.clock.due
        if due is not None:
            loop = asyncio.get_running_loop()
            wait = due + self._clock_offset - self._services.clock.now()
            owned.timer = loop.call_later(max(wait, 0.0) / 1000, write, Ticked())

    async def on_time(self) -> bool:
        """Whether no result of a room waits, for `/readyz`."""
        return not self._delayed

    async def _keep(
        self, owned: OwnedRoom, number: int, what: Storable, write: Callable[[Event], None]
    ) -> None:
        """Store a result, with retries for `KEEP_WITHIN` seconds; fixed ids prevent duplicates.

        The log tells whether that takes longer than `PROMPT`, and how it ends.
        """
        result = owned.replayed.opened.code, number
        loop = asyncio.get_running_loop()
        late = loop.call_later(PROMPT, self._report_delay, result, write)
        try:
            write(await self._kept(owned, number, what))
        except Exception:
            meters.RESULTS_LOST.inc()
            log.exception("a result could not be stored, and is given up")
            write(ResultLost(ask=number))
        finally:
            late.cancel()
            if result in self._delayed:
                self._delayed.remove(result)
                meters.RESULTS_DELAYED.dec()

    def _report_delay(self, result: tuple[str, int], write: Callable[[Event], None]) -> None:
        self._delayed.add(result)
        meters.RESULTS_DELAYED.inc()
        write(ResultDelayed(ask=result[1]))

    async def _kept(self, owned: OwnedRoom, number: int, what: Storable) -> Event:
        keep = partial(self._keep_once, owned.replayed.opened.secret, number, what)
        wait, most = KEEP_AGAIN
        end = self._services.clock.now() + KEEP_WITHIN * 1000
        while True:
            try:
                return await keep()
            except Exception:
                if self._services.clock.now() > end:
                    raise
                log.warning("a result could not be stored yet: trying again", exc_info=True)
            await asyncio.sleep(wait)
            wait = min(2 * wait, most)

    async def _keep_once(self, secret: str, number: int, what: Storable) -> Event:
        storage = self._services.storage
        if isinstance(what, GameRecord):
            game = replace(what, id=result_id(secret, number, 0))
            return GameStored(ask=number, finished=await storage.keep_game(game))
        attempts = [
            replace(event, id=result_id(secret, number, place)) for place, event in enumerate(what)
        ]
        return AttemptsStored(ask=number, ids=[*await storage.keep(attempts)])

    # -- other replicas ----------------------------------------------------------------------------

    def gateway_lost(self, lost: Callable[[str], bool]) -> None:
        """Write into the logs that players have lost the connection, as their gateways stopped."""
        for code, owned in self._rooms.items():
            if not owned.behind:
                for gateway in filter(lost, owned.replayed.gateways):
                    self._relay.write(code, GatewayLost(gateway=gateway), owned.replayed.fence)

    def hide(self, replay: str) -> None:
        """Hide a reported drawing in all rooms."""
        for code, owned in self._rooms.items():
            self._relay.write(code, HiddenNow(replay=replay), owned.replayed.fence)

    async def _retried(self, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer of Redis, after as many tries as it takes."""
        while True:
            try:
                return await ask()
            except RedisUnreachable:
                await asyncio.sleep(AGAIN)


def result_id(secret: str, ask: int, place: int) -> str:
    """The id of a result in the records: 22 characters, unguessable, and the same on each call."""
    digest = blake2b(f"{secret}:{ask}:{place}".encode(), digest_size=16).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
