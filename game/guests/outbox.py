"""The queue of messages to one client: in order, and without messages that are out of date."""

import asyncio

from game.guests.refusals import TOO_FAST
from game.messages import (
    Guesses,
    Message,
    Pong,
    Problem,
    RaceProgress,
    RaceState,
    ShowdownState,
    State,
)

# Of these types, only the latest message matters.
WHOLE_NEWS = (Guesses, State, RaceState, RaceProgress, ShowdownState, Pong)
BACKLOG = 500  # messages that may wait; a client that reads too slowly is disconnected
TOO_SLOW = TOO_FAST.model_copy(update={"fatal": True})


class Outbox:
    """A queue of messages to one client.

    Attributes:
        over: whether a fatal problem was added; later messages are dropped.
    """

    def __init__(self) -> None:
        self.over = False
        self._waiting: dict[object, Message] = {}
        self._number = 0
        self._expected: asyncio.Future[None] | None = None  # done when a message comes

    def put(self, message: Message) -> None:
        """Add a message. One of `WHOLE_NEWS` replaces a waiting message of its type."""
        if self.over:
            return
        if len(self._waiting) >= BACKLOG:
            self._waiting.clear()
            message = TOO_SLOW
        key = type(message) if isinstance(message, WHOLE_NEWS) else self._number
        self._number += 1
        self._waiting.pop(key, None)
        self._waiting[key] = message
        self.over = isinstance(message, Problem) and message.fatal
        if self._expected is not None and not self._expected.done():
            self._expected.set_result(None)

    async def take(self) -> Message:
        """The next message, as soon as there is one."""
        while not self._waiting:
            self._expected = asyncio.get_running_loop().create_future()
            await self._expected
        return self._waiting.pop(next(iter(self._waiting)))

    def close(self) -> None:
        """Accept no more messages."""
        self.over = True
