"""What a race needs of the room in which it is run."""

from typing import Protocol

from game.guests.guest import Guest
from game.messages import Message


class Audience(Protocol):
    """The room in which a race is run."""

    def say(self, seat: int, message: Message) -> None:
        """Send a message to the member in a seat."""
        ...

    def say_all(self, message: Message) -> None:
        """Send a message to all members."""
        ...

    @property
    def guests(self) -> list[Guest]:
        """All members."""
        ...

    @property
    def watched(self) -> bool:
        """Whether some member does not draw at the moment."""
        ...

    def say_idle(self, message: Message) -> None:
        """Send a message to all members who do not draw at the moment."""
        ...

    def tell_all(self) -> None:
        """Send the whole state to all members."""
        ...

    def over(self) -> None:
        """Note that the race is over."""
        ...
