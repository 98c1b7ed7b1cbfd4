"""Serves games with a very short countdown until it is stopped."""

import os
from multiprocessing.connection import Connection
from pathlib import Path

from game.application import create_app
from game.operations import logs
from game.records import open_records
from game.rules import modes
from game.serving import listen, serve
from tests.game.fakes import CountsBars

LOG = "log"  # name of the log file in the folder


def main(pipe: "Connection[tuple[int], None]", folder: Path, seconds: float) -> None:
    """Serve on a free port, and report it.

    Args:
        pipe: receives the port.
        folder: folder of the records and the log.
        seconds: time that running rounds get to end.
    """
    modes.COUNTDOWN = 50.0
    with (folder / LOG).open("wb") as log:
        os.dup2(log.fileno(), 2)
    logs.set_up("json")
    records = open_records(f"sqlite:///{folder}/records.sqlite3", CountsBars(), "bars")
    app = create_app(CountsBars(), storage=records, model_name="bars")
    with listen("127.0.0.1", 0) as listener:
        pipe.send((listener.getsockname()[1],))
        serve(app, listener, finish_within=seconds)
