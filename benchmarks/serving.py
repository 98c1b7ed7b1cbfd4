"""The cost of a server: its start, its memory, the latency of one player, the throughput of many.

    python -m benchmarks.serving --run runs/full

Our server is compared with a stock Gradio page of the same network, both without a browser.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import gradio_client
from PIL import Image
from websockets.sync.client import connect

from benchmarks.tools import starting
from benchmarks.tools.process import Served, serving
from benchmarks.tools.result import RESULTS, ratio, rounded, show, summary, write
from benchmarks.tools.starting import Contender, GuessingPlayer
from game.rules.sketches import DRAWINGS, dense
from models import shelf
from models.command import run
from models.drawing import Drawing
from models.raster import rasterise

PATIENCE = 60.0  # seconds until a guess must come
FIRST_POINTS = 40  # after which the pad is no longer nearly blank
FULL = 1_500  # points after which our player clears the pad

HOW = """Each server runs in a process of its own, one after the other. start: time from the
process's start until a client has its first guess, and until another client has the whole HTML of
the page; both connect as soon as the server prints its address. The numbers are medians of several
starts of both servers in turn. memory: the most that the process holds after both. one player: time
from sending ink until the guess that takes it into account is received, over a local socket, with
the server limited to one core; the next ink is sent after the guess. guesses a second: several
players at once, who each send ink as soon as they have the last guess; the server and the clients
share all cores. Ours: points of a drawing over the WebSocket. Stock: gr.Interface(gr.Sketchpad,
gr.Label) with its queue and eager torch; gradio_client sends it a picture, so it does not need the
browser and the sketch pad."""


@dataclass(frozen=True)
class Options:
    """Measure the cost of a server."""

    model: str = shelf.DEFAULT
    """Name of the published model."""
    shelf: Path = shelf.PUBLISHED
    """Folder of published models."""
    run: Path | None = None
    """Run folder of training.train with weights for the stock page. Default: random weights."""
    starts: int = 5
    """Number of starts of each server."""
    guesses: int = 300
    """Timed guesses of one player on our server; the stock page gets a tenth of that."""
    players: int = 16
    """Number of players at once."""
    seconds: float = 10.0
    """Seconds for which these players draw."""
    out: Path = RESULTS / "serving.json"
    """Result file."""


class OurPlayer:
    """Draws a house in Practise again and again, one point per message."""

    def __init__(self, address: str) -> None:
        self._open = ExitStack()
        place = address.replace("http", "ws", 1).rstrip("/") + "/race"
        self._socket = self._open.enter_context(connect(place))
        self._say(type="hello")
        self._say(type="start", mode="practise")
        self._round = self._until(lambda m: m["type"] == "state" and m["stage"] == "drawing")[
            "round"
        ]
        self._points = cycle([point for line in DRAWINGS["house"] for point in dense(line)])
        self._began = time.perf_counter()
        self._drawn = self._stroke = 0
        self._draw(FIRST_POINTS)
        self._guessed(0)
        self._frame = 0

    def guess(self) -> None:
        self._draw(1)
        self._frame = self._guessed(self._frame)

    def close(self) -> None:
        self._open.close()

    def _draw(self, count: int) -> None:
        if self._drawn + count > FULL:
            self._say(type="clear", round=self._round)
            self._drawn = 0
            count = FIRST_POINTS
        now = (time.perf_counter() - self._began) * 1000
        points = [(*next(self._points), now) for _ in range(count)]
        self._drawn += count
        self._say(type="ink", round=self._round, stroke=0, points=points)

    def _guessed(self, after: int) -> int:
        wanted = self._until(
            lambda m: m["type"] == "guess" and m["frame"] > after and bool(m["guesses"])
        )
        return wanted["frame"]

    def _say(self, **message: Any) -> None:
        self._socket.send(json.dumps(message))

    def _until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            message = json.loads(self._socket.recv(PATIENCE))
            if wanted(message):
                return message
            assert message["type"] != "problem", message


class StockPlayer:
    """Sends the same picture to the stock page again and again."""

    def __init__(self, address: str, picture: Path) -> None:
        self._client = gradio_client.Client(address, verbose=False)
        handle = gradio_client.handle_file(picture)
        self._sketch = {"background": None, "layers": [], "composite": handle}

    def guess(self) -> None:
        self._client.predict(self._sketch, api_name="/predict")

    def close(self) -> None:
        self._client.close()


def main(options: Options) -> None:
    model = ["--model", options.model, "--shelf", str(options.shelf.resolve())]
    weights = ["--run", str(options.run.resolve())] if options.run else []
    with tempfile.TemporaryDirectory() as folder:
        picture = _picture(Path(folder) / "house.png")
        ours = Contender("benchmarks.tools.our_page", model, OurPlayer)
        stock = Contender(
            "benchmarks.tools.stock_page", model + weights, lambda a: StockPlayer(a, picture)
        )
        starts = starting.in_turn({"ours": ours, "stock": stock}, options.starts)
        found = {
            "ours": {"start": starts["ours"]} | _measure(ours, options.guesses, options),
            "stock": {"start": starts["stock"]}
            | _measure(stock, max(options.guesses // 10, 1), options),
        }
    found |= _ratios(**found)
    _print(found)
    told = {"model": options.model, "players": options.players, "seconds": options.seconds}
    write(options.out, HOW, told | found)


def _ratios(ours: dict[str, Any], stock: dict[str, Any]) -> dict[str, Any]:
    """The costs of the stock page divided by ours."""
    of_start = {
        name: rounded(stock["start"][key] / ours["start"][key])
        for name, key in [
            ("ratio_start", "first_guess_s"),
            ("ratio_page", "page_s"),
            ("ratio_memory", "memory_mib"),
        ]
    }
    return {
        "ratio_one_player": ratio(stock["one_player"], ours["one_player"]),
        "ratio_guesses": rounded(ours["guesses_per_second"] / stock["guesses_per_second"]),
    } | of_start


def _picture(path: Path) -> Path:
    """A picture of the house in the format of gr.Sketchpad, with the ink in the alpha channel."""
    lines = [[list(c) for c in zip(*dense(line), strict=True)] for line in DRAWINGS["house"]]
    ink = Image.fromarray(rasterise(Drawing.from_lists(lines))).resize((512, 512))
    Image.merge("RGBA", [Image.new("L", ink.size)] * 3 + [ink]).save(path)
    return path


def _measure(contender: Contender, guesses: int, options: Options) -> dict[str, Any]:
    """Latency, throughput and memory of a server that has started."""
    with serving(contender.module, contender.arguments) as server:
        player = contender.client(server.address)
        player.guess()
        times = _alone(server, player, guesses)
        player.close()
        return {
            "one_player": summary(times),
            "guesses_per_second": rounded(_rate(server.address, contender.client, options)),
            "memory_after_mib": rounded(server.memory()),
        }


def _alone(server: Served, player: GuessingPlayer, guesses: int) -> list[float]:
    """Milliseconds of the guesses of one player, while the server is limited to one core."""
    cores = os.sched_getaffinity(0)
    _limit_to_cores(server.pid, {max(cores)})
    times = [_timed(player) for _ in range(guesses)]
    _limit_to_cores(server.pid, cores)
    return times


def _limit_to_cores(pid: int, cores: set[int]) -> None:
    """Let all threads of a process run on these cores only (Linux)."""
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), cores)


def _timed(player: GuessingPlayer) -> float:
    began = time.perf_counter()
    player.guess()
    return (time.perf_counter() - began) * 1000


def _rate(address: str, client: Callable[[str], GuessingPlayer], options: Options) -> float:
    """Guesses per second of all players together."""
    players = [client(address) for _ in range(options.players)]
    began = time.perf_counter()
    end = began + options.seconds

    def play(player: GuessingPlayer) -> int:
        count = 0
        while time.perf_counter() < end:
            player.guess()
            count += 1
        return count

    with ThreadPoolExecutor(len(players)) as threads:
        total = sum(threads.map(play, players))
    taken = time.perf_counter() - began
    for player in players:
        player.close()
    return total / taken


def _print(found: dict[str, Any]) -> None:
    rows = [
        [
            name,
            found[name]["start"]["first_guess_s"],
            found[name]["start"]["page_s"],
            found[name]["start"]["memory_mib"],
            found[name]["one_player"]["median_ms"],
            found[name]["guesses_per_second"],
        ]
        for name in ("ours", "stock")
    ]
    columns = ["", "first guess, s", "page, s", "memory, MiB", "one player, ms", "guesses/s"]
    show("Serving", columns, rows)


if __name__ == "__main__":
    run(Options, main)
