"""The end of a run: finished, diverged or failed. An experiment continues after each."""

from collections.abc import Callable
from dataclasses import dataclass

from training.experiment.results import Status
from training.trainer.fit import Diverged, Fit, Report

CRASHES = (RuntimeError, MemoryError, FloatingPointError)  # torch's own errors are RuntimeErrors


@dataclass(frozen=True)
class RunOutcome:
    """The outcome of a run.

    Attributes:
        status: finished, diverged or failed.
        error: what went wrong; None of a finished one.
    """

    status: Status = "finished"
    error: str | None = None


def end(run: Fit, show: Callable[[Report], None]) -> RunOutcome:
    """Train to the end; returns a failure instead of raising it."""
    try:
        run.run(show)
    except Diverged as error:
        return RunOutcome("diverged", str(error))
    except CRASHES as error:
        return RunOutcome("failed", f"{type(error).__name__}: {error}")
    return RunOutcome()
