"""Serves games with a very short countdown and frequent backups, until it is stopped.

python -m tests.game.spaces.keeping

Everything except the model and the speed is as in `python -m game.server`.
"""

from functools import partial

from game import server
from game.rooms import showdown
from game.rules import modes
from game.spaces import backup
from game.spaces.backup import Pace
from models import shelf
from tests.game.fakes import CountsBars

PACE = Pace(tick=0.05, period=0.2, start=0.2, again=0.2, longest=0.2, last=60.0)


def main() -> None:
    """Serve on a free port, and print it."""
    modes.COUNTDOWN = 50.0
    shelf.open_judge = lambda name: CountsBars()
    showdown.open_rivals = lambda name, words: {}
    backup.backup = partial(backup.backup, pace=PACE)
    server.main(server.Options(port=0))


if __name__ == "__main__":
    main()
