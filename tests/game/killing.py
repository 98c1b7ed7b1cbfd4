"""Kills servers with running races, and prints which results their players saw as stored.

python -m tests.game.killing FOLDER KILLS

Each line is the id of a revealed replay or of a finished game's challenge. The server is a fork of
this process, because a new interpreter for each kill is slow. Its players draw at once.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import uvicorn
from fastapi import FastAPI
from websockets.exceptions import ConnectionClosed

from game import application
from game.clock import LoopClock
from game.guests.limits import AddressLimits
from game.judging.judge import Judge
from game.messages import Begin, GameKept, Ink, Join, Open, RaceState, Reveal
from game.records import open_records
from game.rooms.hub import Hub
from game.rules import race, speed_limit
from game.services import Services
from tests.game.fakes import CountsBars, bars
from tests.game.serving import Client

ROOMS = 2
RUNS = (0.0, 0.25)  # seconds from the first thing told until the kill
WHOLE = 10  # one kill of this many comes only after a race is over

Told = Callable[[Reveal | GameKept], None]


def serve(folder: Path, listener: socket.socket) -> None:
    """Serve races with very short stages."""
    speed_limit.FLICK, race.COUNTDOWN, race.REVEAL = 1e9, 30.0, 30.0
    model = CountsBars()
    records = open_records(f"sqlite:///{folder}/records.sqlite3", model, "bars")
    app = FastAPI()
    app.state.hub = Hub(Services(model, Judge(model), LoopClock(), records, "bars"))
    app.state.gate = AddressLimits()
    app.state.public_url = None
    app.websocket("/race")(application.race)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])


async def play(client: Client, host: bool, told: Told) -> None:
    """Draw every word at once, race after race; report the results that are confirmed."""
    drawn = 0
    while True:
        message = client.read(await client.socket.recv())
        match message:
            case RaceState(stage="drawing") if message.round > drawn:
                drawn = message.round
                for stroke, points in enumerate(bars(message.word or "")):
                    ink = [(x, y, 0.0) for x, y, _ in points]
                    await client.send(Ink(round=drawn, stroke=stroke, points=ink))
            case RaceState(stage="lobby" | "over") if host and len(message.seats) == 2:
                await client.send(Begin())
            case Reveal() | GameKept():
                told(message)
            case _:
                pass


async def room(address: str, told: Told) -> None:
    """Let two players race until the server is killed."""
    with suppress(ConnectionClosed):
        async with Client(address) as host, Client(address) as guest:
            await host.send(Open())
            await guest.send(Join(code=(await host.hear(RaceState)).code))
            async with asyncio.TaskGroup() as group:
                group.create_task(play(host, True, told))
                group.create_task(play(guest, False, told))


async def watch(address: str, server: int, seconds: float, whole: bool) -> set[str]:
    """The results that players saw until the server was killed, shortly after a round or race."""
    ids: set[str] = set()
    first = asyncio.Event()

    def told(message: Reveal | GameKept) -> None:
        if isinstance(message, GameKept):
            ids.add(message.challenge or "")
        else:
            ids.update(drawing.replay or "" for drawing in message.drawings)
        if isinstance(message, GameKept) or not whole:
            first.set()

    async def kill() -> None:
        await first.wait()
        await asyncio.sleep(seconds)
        os.kill(server, signal.SIGKILL)

    await asyncio.gather(
        kill(), *(room(address, told) for _ in range(ROOMS)), return_exceptions=True
    )
    return ids - {""}


def run_and_kill(folder: Path, seconds: float, whole: bool) -> set[str]:
    """The results that players saw from a server that was killed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        child = os.fork()
        if child == 0:
            try:
                serve(folder, listener)
            finally:
                os._exit(1)  # only an error ends it before the kill
        address = f"127.0.0.1:{listener.getsockname()[1]}"
    told = asyncio.run(watch(address, child, seconds, whole))
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the server ended by itself"
    return told


if __name__ == "__main__":
    rng = Random(1)
    for kill in range(int(sys.argv[2])):
        for id in run_and_kill(Path(sys.argv[1]), rng.uniform(*RUNS), kill % WHOLE == 0):
            print(id, flush=True)
