"""500 bots in 100 rooms: how delays grow beyond what a server on two cores carries.

    python -m benchmarks.full_house --data-dir data

It is `benchmarks.race` with more rooms.
"""

from dataclasses import dataclass
from pathlib import Path

from benchmarks import race
from benchmarks.tools.result import RESULTS
from models.command import run


@dataclass(frozen=True)
class Options(race.Options):
    """Measure the server while 500 bots race."""

    rooms: int = 100
    """Number of rooms."""
    players: int = 5
    """Bots in each room."""
    out: Path = RESULTS / "full_house.json"
    """Result file."""


if __name__ == "__main__":
    run(Options, race.main)
