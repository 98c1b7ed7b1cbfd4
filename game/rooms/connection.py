"""One WebSocket connection of `/race`: reads, checks and limits a client's messages, and answers.

A client that does something wrong gets a typed `problem`. A client that does so repeatedly, or that
sends an oversized message, is disconnected. Other connections are not affected.
"""

import asyncio
import logging
from collections.abc import Iterable

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from game import meters
from game.guests.guest import Guest
from game.guests.limits import AddressLimits, Bucket, address_of
from game.guests.outbox import Outbox
from game.guests.refusals import STOPPING, TOO_FAST, TOO_MANY
from game.guests.signin import account_of
from game.messages import MAX_MESSAGE_BYTES, Hello, Ink, Message, Problem, client_message
from game.rooms.hub import Hub

# Limits: (per second, at once).
MESSAGES = (200.0, 400.0)  # a pad sends one message per screen frame, at most 144 per second
POINTS = (4_000.0, 10_000.0)  # "at once" covers what was drawn while the link was down
FAULTS = (0.1, 5.0)  # beyond these, the socket is closed
HELLO_TIME = 10.0  # seconds in which the first message, `hello`, must come

POLICY_VIOLATION = 1008
CLOSE_CODES = {"too_large": 1009, "stopping": 1012, "replaced": 4000}

TOO_LARGE = Problem(
    code="too_large", text=f"A message may have {MAX_MESSAGE_BYTES} bytes.", fatal=True
)
CROWDED = TOO_MANY.model_copy(update={"fatal": True})
NO_HELLO = Problem(code="not_now", text="Say hello first.")

log = logging.getLogger(__name__)


class Connection:
    """Connects an accepted socket with a guest."""

    def __init__(self, socket: WebSocket, hub: Hub, limits: AddressLimits) -> None:
        self._socket = socket
        self._hub = hub
        self._limits = limits
        self._address = address_of(socket)
        self._guest: Guest | None = None
        self._outbox = Outbox()
        self._messages, self._points = Bucket(*MESSAGES), Bucket(*POINTS)
        self._faults = Bucket(*FAULTS)

    def send(self, message: Message) -> None:
        """Queue a message for sending."""
        if isinstance(message, Problem):
            meters.PROBLEMS.labels(message.code).inc()
        self._outbox.put(message)

    async def run(self) -> None:
        """Serve the socket until either side closes it."""
        if not self._limits.connections.enter(self._address):
            await self._refuse()
            return
        try:
            await self._serve()
        finally:
            self._limits.connections.leave(self._address)

    async def _refuse(self) -> None:
        meters.PROBLEMS.labels(CROWDED.code).inc()
        await self._socket.send_text(CROWDED.model_dump_json())
        await self._socket.close(POLICY_VIOLATION)

    async def _serve(self) -> None:
        hello_by = asyncio.get_running_loop().call_later(HELLO_TIME, self._expect_hello)
        tasks = asyncio.create_task(self._read()), asyncio.create_task(self._write())
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            hello_by.cancel()
            self._outbox.close()
            if self._guest is not None:
                self._hub.vanish(self._guest, self)
            for task in tasks:
                task.cancel()
            _log_errors(await asyncio.gather(*tasks, return_exceptions=True))

    async def _read(self) -> None:
        while (event := await self._socket.receive())["type"] != "websocket.disconnect":
            if not self._outbox.over:
                await self._take(event.get("text"))

    async def _write(self) -> None:
        while True:
            message = await self._outbox.take()
            await self._socket.send_text(message.model_dump_json())
            if isinstance(message, Problem) and message.fatal:
                await self._socket.close(CLOSE_CODES.get(message.code, POLICY_VIOLATION))
                return

    async def _take(self, text: str | None) -> None:
        """Check one WebSocket message, and act on it."""
        if text is not None and len(text) > MAX_MESSAGE_BYTES:
            self.send(TOO_LARGE)
            return
        if not self._may_send():
            self._fault(TOO_FAST)
            return
        try:
            message = client_message.validate_json(text or b"")
        except ValidationError as error:
            self._fault(Problem(code="malformed", text=_explain(error)))
            return
        if isinstance(message, Hello):
            await self._join(message)
        elif self._guest is None:
            self._fault(NO_HELLO)
        elif isinstance(message, Ink) and not self._may_draw(len(message.points)):
            self._fault(TOO_FAST)
        else:
            self._hub.receive(self._guest, message)

    def _may_send(self) -> bool:
        now = self._hub.clock.now()
        together = self._limits.messages.of(self._address, now)
        return self._messages.take(1, now) and together.take(1, now)

    def _may_draw(self, points: int) -> bool:
        now = self._hub.clock.now()
        together = self._limits.points.of(self._address, now)
        return self._points.take(points, now) and together.take(points, now)

    async def _join(self, hello: Hello) -> None:
        if self._guest is not None:  # a second hello only asks for the state: the guest stays
            hello = Hello(token=self._guest.token)
        try:
            await self._hub.recall(hello)
        except ConnectionError:  # the page connects again with the same token
            self.send(STOPPING)
            return
        if not self._hub.admits(hello):
            self.send(STOPPING)
            return
        account = account_of(self._socket)
        self._guest = self._hub.join(hello, self, self._address, account)

    def _expect_hello(self) -> None:
        if self._guest is None:
            self.send(NO_HELLO.model_copy(update={"fatal": True}))

    def _fault(self, problem: Problem) -> None:
        """Report a client's mistake to it; too many mistakes close the connection."""
        fatal = not self._faults.take(1, self._hub.clock.now())
        self.send(problem.model_copy(update={"fatal": fatal}))


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'message'}: {first['msg']}"[:200]


def _log_errors(outcomes: Iterable[BaseException | None]) -> None:
    for outcome in outcomes:
        expected = WebSocketDisconnect, asyncio.CancelledError
        if isinstance(outcome, BaseException) and not isinstance(outcome, expected):
            log.error("a connection ended with an error", exc_info=outcome)
