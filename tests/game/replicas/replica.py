"""A replica in a process of its own, with very short stages."""

import os
from multiprocessing.connection import Connection
from pathlib import Path

from game.application import create_app
from game.operations.metrics import served
from game.records import open_records
from game.rules import race, speed_limit
from game.serving import listen, make_server
from tests.game.fakes import CountsBars


def main(
    pipe: "Connection[tuple[int, int | None], None]",
    redis: str | None,
    database: str,
    lease: float,
    folder: Path,
) -> None:
    """Serve very short races with a model that counts bars, and report its two ports.

    Args:
        redis: its address; None for a server alone.
        folder: the working folder.
    """
    os.chdir(folder)
    speed_limit.FLICK, race.COUNTDOWN, race.REVEAL = 1e9, 100.0, 100.0
    model = CountsBars()
    storage = open_records(database, model, "bars")
    app = create_app(model, storage=storage, model_name="bars", redis_url=redis, lease=lease)
    with listen("127.0.0.1", 0) as listener, served(app.state.metrics, "127.0.0.1", 0) as metrics:
        pipe.send((listener.getsockname()[1], metrics))
        make_server(app, finish_within=0.0).run(sockets=[listener])
