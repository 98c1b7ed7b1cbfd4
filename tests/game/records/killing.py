"""Repeatedly kills a process that stores results, and prints the ids that it had confirmed.

python -m tests.game.records.killing FOLDER KILLS

This process has no threads of its own, so it can fork: a new interpreter for each kill is slow.
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from random import Random

from tests.game.records.making import ANNA, Opened, game, replay

RUNS = (0.0, 0.08)  # seconds from the first acknowledged result until the kill


async def keep_on(folder: Path, acknowledged: int) -> None:
    """Store results until killed; write `replay replay game` for each game that is stored."""
    opened = Opened(folder)
    while True:
        ids = await opened.keep(ANNA, replay("one"), replay("two"))
        finished = await opened.keep_game(game(ANNA, [*ids], ("one", "two")))
        os.write(acknowledged, f"{ids[0]} {ids[1]} {finished.challenge}\n".encode())


def run_and_kill(folder: Path, seconds: float) -> str:
    """The results that a process confirmed before it was killed."""
    heard, acknowledged = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(keep_on(folder, acknowledged))
        finally:
            os._exit(1)  # only an error ends it before the kill
    os.close(acknowledged)
    with os.fdopen(heard) as lines:
        first = lines.readline()
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the process ended by itself"
        return first + "".join(line for line in lines if line.endswith("\n"))


if __name__ == "__main__":
    rng = Random(1)
    for _ in range(int(sys.argv[2])):
        print(run_and_kill(Path(sys.argv[1]), rng.uniform(*RUNS)), end="", flush=True)
