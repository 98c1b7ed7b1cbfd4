"""The server without its page, with a model that costs nothing, for `benchmarks.overhead`.

python benchmarks/tools/free_judge.py [auto | asyncio]

The argument is uvicorn's event loop, uvloop for `auto`. It runs as a file, with the packages of the
checkout that PYTHONPATH names.
"""

import sys
from importlib import import_module
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import numpy as np
from fastapi import FastAPI
from numpy.typing import NDArray

from game.application import race
from game.clock import LoopClock
from game.guests.limits import AddressLimits
from game.judging.judge import Judge
from game.records import open_records
from game.rooms.hub import Hub
from game.services import Services
from models.words import CLASSIC

MOST = 2_000  # players from this machine


class FreeModel:
    """Has the same guess for every drawing, which never wins."""

    words = CLASSIC
    thresholds: dict[str, float] = dict.fromkeys(CLASSIC, 0.9)
    difficulty: dict[str, float] = {}  # noqa: RUF012, as the protocol has it

    def probabilities(self, bitmaps: NDArray[np.uint8], /) -> NDArray[np.float32]:
        return np.full((len(bitmaps), len(self.words)), 1 / len(self.words), np.float32)


def main() -> None:
    model = FreeModel()
    serving = import_module("game.server")  # where earlier checkouts have these functions
    if not hasattr(serving, "make_server"):
        serving = import_module("game.serving")
    with TemporaryDirectory() as folder, serving.listen("127.0.0.1", 0) as listener:
        records = open_records(f"sqlite:///{folder}/records.sqlite3", model, "free")
        app = FastAPI()
        app.state.hub = Hub(Services(model, Judge(model), LoopClock(), records, "free"))
        app.state.address_limits = AddressLimits(MOST)
        app.state.public_url, app.state.root_path = None, ""
        app.state.page = SimpleNamespace(ready=True, failed=False, stop=lambda: None)
        app.websocket("/race")(race)
        server = serving.make_server(app, finish_within=0.0)
        server.config.loop = sys.argv[1] if len(sys.argv) > 1 else "auto"
        if hasattr(serving, "settle_memory"):  # as the real server does
            serving.settle_memory()
        server.run(sockets=[listener])


if __name__ == "__main__":
    main()
