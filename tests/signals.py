"""Signals of processes that a test starts, independent of what the test run has inherited."""

import signal


def usual() -> None:
    """Restore the usual actions; a `preexec_fn` for a process that a test wants to interrupt.

    A run that was started in the background (`make test &`, some CI systems) ignores SIGINT, and
    each process that it starts would ignore it as well.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
