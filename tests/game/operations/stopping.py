"""Serves games with a very short countdown until it is stopped.

python -m tests.game.operations.stopping FOLDER SECONDS

SECONDS is the time that running rounds get to end. The records are in FOLDER.
"""

import sys
from pathlib import Path

from game.application import create_app
from game.operations import logs
from game.records import open_records
from game.rules import modes
from game.server import listen, serve
from tests.game.fakes import CountsBars


def main(folder: Path, seconds: float) -> None:
    """Serve on a free port, and print it."""
    modes.COUNTDOWN = 50.0
    logs.set_up("json")
    records = open_records(f"sqlite:///{folder}/records.sqlite3", CountsBars(), "bars")
    app = create_app(CountsBars(), storage=records, model_name="bars")
    with listen("127.0.0.1", 0) as listener:
        serve(app, listener, finish_within=seconds)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
