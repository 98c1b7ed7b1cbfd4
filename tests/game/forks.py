"""Servers in processes of their own, forked from one that has imported the game.

A new interpreter would take seconds for the same imports each time.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any

from game.web import screen

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["tests.game.replicas.replica", "tests.game.operations.stopping", screen.__name__]
)
PATIENCE = 60.0  # seconds for a server to start or stop, on a busy machine


class Fork:
    """A process that runs `main(pipe, *arguments)`, which first sends its ports to `pipe`."""

    def __init__(self, main: Callable[..., None], *arguments: Any) -> None:
        self._pipe, pipe = _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(target=_run, args=(main, pipe, *arguments))
        self._process.start()
        pipe.close()
        self._ports: tuple[int, ...] = ()

    @property
    def address(self) -> str:
        """The address of the server, such as `127.0.0.1:4711`; waits until it serves."""
        return f"127.0.0.1:{self.ports[0]}"

    @property
    def ports(self) -> tuple[int, ...]:
        """The port of the game first; waits until it serves."""
        if not self._ports:
            assert self._pipe.poll(PATIENCE), "the server did not start"
            self._ports = self._pipe.recv()
            self._pipe.close()
        return self._ports

    def send_signal(self, number: signal.Signals) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def wait(self, seconds: float = PATIENCE) -> int:
        """Wait for the end of the process; return its exit code."""
        self._process.join(seconds)
        assert self._process.exitcode is not None, "the server did not end"
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()
        self._process.join()


def _run(main: Callable[..., None], *arguments: Any) -> None:
    """Run with the usual signals, independent of what the test run has inherited."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    main(*arguments)
