"""Our page, served for other benchmarks by a process of its own.

python -m benchmarks.our_page
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from game.application import create_app
from game.guests.limits import PLAYERS
from game.records import open_records
from game.rooms.showdown import open_rivals
from game.server import listen, serve
from models import shelf
from models.command import run


@dataclass(frozen=True)
class Options:
    """Serve the game on a free port and say where."""

    model: str = shelf.DEFAULT
    """A published model."""
    shelf: Path = shelf.PUBLISHED
    """Where published models stand."""
    per_address: int = PLAYERS
    """Players at once from one network address."""
    database: str | None = None
    """Where records are kept; without it in a file that goes with the process."""
    redis: str | None = None
    """Redis through which rooms are shared; without it they are this process's own."""


def main(options: Options) -> None:
    model = shelf.open_model(options.model, options.shelf)
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
