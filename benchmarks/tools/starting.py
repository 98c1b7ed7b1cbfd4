"""The time from a server's start until it can be used, and its memory then.

This is a part of `benchmarks.serving`.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from typing import Any, Protocol

from benchmarks.tools.process import started
from benchmarks.tools.result import rounded


class GuessingPlayer(Protocol):
    """A player on a server."""

    def guess(self) -> None:
        """Draw a little, and wait for the server's guess."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Contender:
    """A server that the benchmark starts.

    Attributes:
        module: the module that `python -m` runs.
        client: connects a player to the server's address.
    """

    module: str
    arguments: Sequence[str]
    client: Callable[[str], GuessingPlayer]


@dataclass(frozen=True)
class StartTimes:
    """Measurements of one start.

    Attributes:
        first_guess: seconds from the process's start until a player has a guess.
        page: seconds from the process's start until a browser has the whole HTML of the page.
        memory: memory of the process in MiB after both.
        torch: whether the process has loaded torch by then.
    """

    first_guess: float
    page: float
    memory: float
    torch: bool


def in_turn(contenders: Mapping[str, Contender], count: int) -> dict[str, dict[str, Any]]:
    """Start the servers in turn, `count` times each; return the medians by name.

    The servers take turns so that a busy moment of the machine affects all alike.
    """
    starts: dict[str, list[StartTimes]] = {name: [] for name in contenders}
    for _ in range(count):
        for name, contender in contenders.items():
            starts[name].append(timed(contender))
    return {name: _summary(each) for name, each in starts.items()}


def timed(contender: Contender) -> StartTimes:
    """Start a server, and at once let a player draw while a browser requests the page."""
    with (
        started(contender.module, contender.arguments) as server,
        ThreadPoolExecutor(1) as browser,
    ):
        shown = browser.submit(server.page)
        player = contender.client(server.address)
        player.guess()
        first_guess = time.perf_counter() - server.began
        start = StartTimes(
            first_guess, shown.result(), server.memory(), server.has_loaded("libtorch")
        )
        player.close()
    return start


def _summary(starts: Sequence[StartTimes]) -> dict[str, Any]:
    return {
        "n": len(starts),
        "first_guess_s": rounded(median(start.first_guess for start in starts)),
        "slowest_first_guess_s": rounded(max(start.first_guess for start in starts)),
        "page_s": rounded(median(start.page for start in starts)),
        "memory_mib": rounded(max(start.memory for start in starts)),
        "has_torch": any(start.torch for start in starts),
    }
