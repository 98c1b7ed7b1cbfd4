"""A replica in a process of its own, with very short stages."""

from multiprocessing.connection import Connection

from game.application import create_app
from game.records import open_records
from game.rules import race, speed_limit
from game.serving import listen, make_server
from tests.game.fakes import CountsBars


def main(told: "Connection[int, None]", redis: str, database: str) -> None:
    """Serve very short races with a model that counts bars, and report the port."""
    speed_limit.FLICK, race.COUNTDOWN, race.REVEAL = 1e9, 100.0, 100.0
    model = CountsBars()
    storage = open_records(database, model, "bars")
    app = create_app(model, storage=storage, model_name="bars", redis_url=redis)
    with listen("127.0.0.1", 0) as listener:
        told.send(listener.getsockname()[1])
        make_server(app, finish_within=0.0).run(sockets=[listener])
