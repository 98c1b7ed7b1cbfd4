"""Serves our page in a process of its own, for other benchmarks.

python -m benchmarks.tools.our_page
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from game.application import create_app
from game.guests.limits import PLAYERS
from game.records import open_records
from game.rooms.showdown import open_rivals
from game.serving import listen, serve
from models import shelf
from models.command import run


@dataclass(frozen=True)
class Options:
    """Serve the game on a free port and print its address."""

    model: str = shelf.DEFAULT
    """Name of the published model."""
    shelf: Path = shelf.PUBLISHED
    """Folder of published models."""
    per_address: int = PLAYERS
    """Largest number of players at once from one network address."""
    database: str | None = None
    """URL of the database of records. Default: a file that is deleted when the process ends."""
    redis: str | None = None
    """URL of the Redis through which rooms are shared. Default: rooms are not shared."""


def main(options: Options) -> None:
    model = shelf.open_judge(options.model, options.shelf)
    with TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{folder}/records.sqlite3"
        records = open_records(url, model, options.model)
        app = create_app(
            model,
            storage=records,
            per_address=options.per_address,
            rivals=open_rivals(options.model, model.words, options.shelf),
            redis_url=options.redis,
        )
        with listen("127.0.0.1", 0) as listener:
            serve(app, listener)


if __name__ == "__main__":
    run(Options, main)
