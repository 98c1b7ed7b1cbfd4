"""Where the runs of an experiment are carried out: here, one after another, or on many machines.

An engine takes trials and gives back their results, whose files it has written. All engines write
the same files with the same numbers; they differ in what they need and in how long it takes.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal, Protocol

from models.command import UserError
from training.experiment.progress import Progress
from training.experiment.results import Result
from training.experiment.trial import Laboratory, Trial

EngineName = Literal["local", "ray"]


@dataclass(frozen=True)
class Done:
    """A trial that has its file.

    Attributes:
        seconds: of the clock, from its beginning to its file.
    """

    trial: Trial
    result: Result
    seconds: float


@dataclass(frozen=True)
class Share:
    """What one run may take of a machine.

    Attributes:
        cpus: cores, 1 or more; as many threads compute.
        gpus: 0 to 1; 0.25 lets four runs share one.
    """

    cpus: int = 1
    gpus: float = 0.0


class Engine(Protocol):
    """Carries out trials."""

    def run(self, trials: Sequence[Trial], progress: Progress) -> Iterator[Done]:
        """Carry all of them out; each is given back as soon as its file is written.

        Raises:
            UserError: when results cannot be written, or runs are lost; what is finished stays.
        """
        ...


@dataclass(frozen=True)
class Local:
    """This process, one run after another."""

    laboratory: Laboratory

    def run(self, trials: Sequence[Trial], progress: Progress) -> Iterator[Done]:
        for number, trial in enumerate(trials):
            progress.begin(trial, trials[number:])
            began = time.monotonic()
            result = self.laboratory.run(trial, progress.step)
            yield Done(trial, result, time.monotonic() - began)


def share(name: EngineName, address: str | None, cpus: int, gpus: float) -> Share:
    """What a run may take, as asked for on the command line.

    Raises:
        UserError: for what no run can take, or what is asked of a cluster without one.
    """
    asked = Share(cpus, gpus)
    if cpus < 1:
        raise UserError(f"--cpus-per-run is {cpus}", "expected at least 1")
    if not 0 <= gpus <= 1:
        raise UserError(f"--gpus-per-run is {gpus:g}", "expected 0 to 1")
    if name == "local" and (address is not None or asked != Share()):
        what = "--address, --cpus-per-run and --gpus-per-run are of a cluster"
        raise UserError(what, "Add --engine ray, or leave them out")
    return asked


def engine(
    name: EngineName, laboratory: Laboratory, address: str | None, share: Share
) -> AbstractContextManager[Engine]:
    """The engine of that name, ready within its context.

    Args:
        name: which.
        laboratory: what all runs share.
        address: of a Ray cluster; None for one on this machine.
        share: what a run may take of a cluster's machine.

    Raises:
        UserError: when an engine is not installed or cannot be reached.
    """
    if name == "local":
        return nullcontext(Local(laboratory))
    try:
        from training.experiment.ray_engine import (
            on_cluster,  # Ray is no part of what training needs
        )
    except ModuleNotFoundError as error:
        raise UserError(f"--engine ray needs {error.name}", "pip install -e .[scale]") from error
    return on_cluster(laboratory, address, share)
