"""The rooms a replica owns: follows their logs, judges, keeps time and results, tells members."""

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

from game.records.storage import Game
from game.replicas.effects import Keepable
from game.replicas.events import EdgeLost, Entry, GameKept, HiddenNow, Judged, Kept, Opened, Ticked
from game.replicas.member import Told
from game.replicas.relay import Relay
from game.replicas.replayed_room import LOST, Story, packed
from game.replicas.store import Away, Logged, Store
from game.rules.attempt import Frame
from game.services import Venue

AGAIN = 0.2  # seconds between two tries to read a log
KEEP_AGAIN = (0.25, 2.0)  # seconds between two tries to keep a result: at first, at most
KEEP_WITHIN = 600.0  # seconds after which a result is given up
CREEP = 0.01  # ms by which the clocks' difference may grow with an entry

log = logging.getLogger(__name__)

T = TypeVar("T")

Deliver = Callable[[str, int, Sequence[Told]], None]


class Holding:
    """A room as its owner holds it.

    Attributes:
        last: the last entry that was followed.
        behind: entries are being read; what comes meanwhile is read with them.
        offered: what strangers were told of the room.
    """

    def __init__(self, story: Story, last: Logged) -> None:
        self.story = story
        self.last = last
        self.behind = self.more = False
        self.offered: bool | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.keeping: set[int] = set()
        self.lookers: dict[int, Looker] = {}

    def take(self, logged: Logged) -> None:
        self.last = logged
        self.story.take(logged.entry, logged.at)

    def close(self) -> None:
        if self.timer is not None:
            self.timer.cancel()


class Looker:
    """Has a pad of a room judged, and the answer written into the log."""

    def __init__(self, holding: Holding, pad: int, write: Callable[[Entry], None]) -> None:
        self._holding, self._pad, self._write = holding, pad, write

    def look(self) -> Frame | None:
        pad = self._holding.story.pads[self._pad]
        return None if pad is None else pad.look()

    def judged(self, frame: Frame, probabilities: NDArray[np.float32]) -> None:
        self._write(
            Judged(
                pad=self._pad,
                round=frame.turn.round,
                at=frame.at,
                erased=frame.erased,
                points=frame.drawing.points,
                row=packed(probabilities),
            )
        )


class Keeper:
    """All rooms that the replica `name` owns.

    Args:
        deliver: takes what members of a room are to be told, with the owner's fencing token.
    """

    def __init__(
        self, venue: Venue, name: str, store: Store, relay: Relay, deliver: Deliver
    ) -> None:
        self._venue, self._name, self._store = venue, name, store
        self._relay, self._deliver = relay, deliver
        self._rooms: dict[str, Holding] = {}
        self._loading: set[str] = set()
        self._ahead = float("inf")  # ms of our clock minus Redis's, and what an entry's way takes

    def __len__(self) -> int:
        return len(self._rooms)

    # -- following the logs ------------------------------------------------------------------------

    def hear(self, code: str, logged: Logged) -> None:
        """Take an entry of a room that this replica owns, as soon as it is written."""
        self._ahead = min(self._ahead + CREEP, self._venue.clock.now() - logged.at)
        holding = self._rooms.get(code)
        if holding is None and logged.number == 1 and isinstance(logged.entry, Opened):
            self._rooms[code] = Holding(Story(self._venue, logged.entry, logged.at), logged)
        elif holding is None:
            self.load(code)
        elif holding.behind:
            holding.more = True
        elif logged.number == holding.last.number + 1:
            holding.take(logged)
            self._see_to(code, holding)
        elif logged.number > holding.last.number:
            self._venue.spawn(self._catch_up(code, holding))

    def load(self, code: str) -> None:
        """Begin to own a room whose log is written already."""
        if code not in self._loading and code not in self._rooms:
            self._loading.add(code)
            self._venue.spawn(self._load(code))

    async def _load(self, code: str) -> None:
        page = await self._until_there(partial(self._store.page, code, None))
        self._loading.discard(code)
        if not page or not isinstance(page[0].entry, Opened) or code in self._rooms:
            return
        holding = Holding(Story(self._venue, page[0].entry, page[0].at), page[0])
        self._rooms[code] = holding
        await self._catch_up(code, holding)
        holding.story.pads.asking |= holding.story.pads.wanting
        self._see_to(code, holding)

    async def _catch_up(self, code: str, holding: Holding) -> None:
        """Read all that is written; the loop stays free on the way."""
        holding.behind = holding.more = True
        while holding.more and self._rooms.get(code) is holding:
            holding.more = False
            while page := await self._until_there(partial(self._store.page, code, holding.last.id)):
                for logged in page:
                    holding.take(logged)
                await asyncio.sleep(0)
        holding.behind = False
        self._see_to(code, holding)

    async def check(self) -> None:
        """After trouble: leave rooms that others own, close those whose log has lost entries, and
        read what was missed."""
        for code, holding in [*self._rooms.items()]:
            found = await self._until_there(partial(self._store.owner, code))
            if found is not None and found[0] != self._name:
                self.drop(code)
            elif found is None or not await self._until_there(
                partial(self._store.holds, code, holding.last.id)
            ):
                await self._lose(code, holding)
            elif not holding.behind:
                await self._catch_up(code, holding)

    async def _lose(self, code: str, holding: Holding) -> None:
        """Redis has forgotten what members were told already: end the room, and say so."""
        log.error("the log of a room has lost entries")
        self.drop(code)
        self._tell(code, holding, holding.story.farewell(LOST))
        await self._until_there(partial(self._store.remove, code, self._name, holding.story.fence))

    def drop(self, code: str) -> None:
        """Another replica owns the room, or it is no more."""
        holding = self._rooms.pop(code, None)
        if holding is not None:
            holding.close()

    def close(self) -> None:
        """Own nothing any more."""
        for code in [*self._rooms]:
            self.drop(code)

    # -- doing what they ask -----------------------------------------------------------------------

    def _see_to(self, code: str, holding: Holding) -> None:
        """Do what the room's log asks for, if the room is ours by its log."""
        story = holding.story
        if holding.behind or self._rooms.get(code) is not holding:
            return
        if story.owner != self._name:
            self.drop(code)
            return
        told, story.told = story.told, []
        self._tell(code, holding, told)
        write = partial(self._relay.write, code, fence=story.fence)
        self._have_judged(holding, write)
        for number, what in story.asks.waiting.items():
            if number not in holding.keeping:
                holding.keeping.add(number)
                self._venue.spawn(self._keep(holding, number, what, write))
        self._offer(code, holding)
        self._set_timer(holding, write)
        if story.closed and not story.asks.waiting:
            self.drop(code)
            self._venue.spawn(self._store.remove(code, self._name, story.fence))

    def _tell(self, code: str, holding: Holding, told: Sequence[Told]) -> None:
        if told:
            self._deliver(code, holding.story.fence, told)

    def _have_judged(self, holding: Holding, write: Callable[[Entry], None]) -> None:
        pads = holding.story.pads
        asking, pads.asking = pads.asking, set()
        for pad in asking:
            if pad not in holding.lookers:
                holding.lookers[pad] = Looker(holding, pad, write)
            self._venue.judge.want(holding.lookers[pad])

    def _offer(self, code: str, holding: Holding) -> None:
        room = holding.story.room
        offer = room.racing if room.open else None
        if room.kind == "quick" and offer != holding.offered:
            holding.offered = offer
            self._relay.offer(code, offer)

    def _set_timer(self, holding: Holding, write: Callable[[Entry], None]) -> None:
        holding.close()
        due = holding.story.clock.due
        if due is not None:
            loop = asyncio.get_running_loop()
            wait = due + self._ahead - self._venue.clock.now()
            holding.timer = loop.call_later(max(wait, 0.0) / 1000, write, Ticked())

    async def _keep(
        self, holding: Holding, number: int, what: Keepable, write: Callable[[Entry], None]
    ) -> None:
        """Keep a result, as often as it takes: by its ids the records know one kept before."""
        keep = partial(self._keep_once, holding.story.opened.secret, number, what)
        wait, most = KEEP_AGAIN
        end = self._venue.clock.now() + KEEP_WITHIN * 1000
        while True:
            try:
                write(await keep())
                return
            except Exception:
                if self._venue.clock.now() > end:
                    log.exception("a result could not be kept, and is given up")
                    return
                log.warning("a result waits to be kept", exc_info=True)
            await asyncio.sleep(wait)
            wait = min(2 * wait, most)

    async def _keep_once(self, secret: str, number: int, what: Keepable) -> Entry:
        archive = self._venue.archive
        if isinstance(what, Game):
            game = replace(what, id=result_id(secret, number, 0))
            return GameKept(ask=number, finished=await archive.keep_game(game))
        tries = [
            replace(entry, id=result_id(secret, number, place)) for place, entry in enumerate(what)
        ]
        return Kept(ask=number, ids=[*await archive.keep(tries)])

    # -- what happens elsewhere --------------------------------------------------------------------

    def edge_lost(self, lost: Callable[[str], bool]) -> None:
        """Replicas have died: their players have vanished."""
        for code, holding in self._rooms.items():
            if not holding.behind:
                for edge in filter(lost, holding.story.edges):
                    self._relay.write(code, EdgeLost(edge=edge), holding.story.fence)

    def hide(self, replay: str) -> None:
        """Show a reported drawing no more."""
        for code, holding in self._rooms.items():
            self._relay.write(code, HiddenNow(replay=replay), holding.story.fence)

    async def _until_there(self, ask: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                return await ask()
            except Away:
                await asyncio.sleep(AGAIN)


def result_id(secret: str, ask: int, place: int) -> str:
    """The id of a result in the records: 22 characters that nobody guesses, the same each time."""
    digest = blake2b(f"{secret}:{ask}:{place}".encode(), digest_size=16).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
