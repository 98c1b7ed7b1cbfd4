"""What waits to be sent to one client: in order, and never more than is of use."""

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

WHOLE_NEWS = (Guesses, State, RaceState, RaceProgress, ShowdownState, Pong)  # the last says it all
BACKLOG = 500  # messages that may wait for a client that does not read; then it is cut off
TOO_SLOW = TOO_FAST.model_copy(update={"fatal": True})


class Outbox:
    """Takes messages at any time, gives them one by one.

    Attributes:
        over: whether a fatal problem was put in; nothing comes after it.
    """

    def __init__(self) -> None:
        self.over = False
        self._waiting: dict[object, Message] = {}
        self._number = 0
        self._some = asyncio.Event()

    def put(self, message: Message) -> None:
        """Have a message sent; whole news take the place of what still waits of their type."""
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
        self._some.set()

    async def take(self) -> Message:
        """The next message, as soon as there is one."""
        while not self._waiting:
            self._some.clear()
            await self._some.wait()
        return self._waiting.pop(next(iter(self._waiting)))

    def close(self) -> None:
        """Take no more."""
        self.over = True
