"""A replica in a process of its own, whose players are in a hurry.

python -m tests.game.replicas.replica REDIS_URL DATABASE_URL
"""

import sys

from game.application import create_app
from game.records import open_records
from game.rules import hand, race
from game.server import serve
from tests.game.fakes import CountsBars


def main(redis: str, database: str) -> None:
    """Serve races that are over in a moment, with a model that counts bars."""
    hand.FLICK, race.COUNTDOWN, race.REVEAL = 1e9, 100.0, 100.0
    model = CountsBars()
    archive = open_records(database, model, "bars")
    app = create_app(model, archive=archive, model_name="bars", redis_url=redis)
    serve(app, "127.0.0.1", 0, finish_within=0.0)


if __name__ == "__main__":
    main(*sys.argv[1:])
