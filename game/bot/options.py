"""The options of `python -m game.bot`."""

from dataclasses import dataclass
from math import inf
from pathlib import Path

from models.command import UserError


@dataclass(frozen=True)
class Options:
    """Let bots play: they join a room or a quick match and draw the words.

    A bot plays like a person, with the messages of `game.messages` over the WebSocket `/race`: it
    sends recorded drawings at the speed at which people drew them, and it can lose. To try a race
    alone, open a room on the page and let three bots join it:

    python -m game.bot --room K7QX3M --players 3 --data-dir data
    """

    server: str = "http://127.0.0.1:7860"
    """Address of the game, as in the browser."""
    room: str | None = None
    """Code of the room to join; without it, the bots play a quick match with strangers."""
    open: bool = False
    """Open a room instead and print its code. The race starts once `players` players, at least two,
    are there."""
    players: int = 1
    """Number of bots."""
    races: int = 1
    """Number of races to play, 0 for no end. In a room, its host starts them."""
    data_dir: Path | None = None
    """A folder of Quick, Draw! drawings with times (`python -m training.fetch --form raw`). Without
    it, bots use the drawings that ship with the game, and scribbles for other words."""
    points: float = 60.0
    """Points per second that a bot sends, each in a message of its own."""
    seed: int | None = None
    """Seed of the choice of drawings, to make it repeatable."""

    def check(self) -> None:
        """Check that the options are valid.

        Raises:
            UserError: they are not.
        """
        if self.players < 1:
            raise UserError(f"--players is {self.players}", "Expected 1 or more")
        if self.races < 0:
            raise UserError(f"--races is {self.races}", "Expected 0 or more")
        if self.open and self.room is not None:
            raise UserError("--open and --room exclude each other", "Omit one of them")
        if not 0 < self.points < inf:
            raise UserError(f"--points is {self.points:g}", "Expected more than 0 per second")
