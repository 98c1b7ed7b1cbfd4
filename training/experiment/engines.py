"""Engines carry out the runs of an experiment: one after another here, or on a cluster.

An engine carries out trials, writes their result files and returns the results. All engines write
the same files with the same numbers; they differ in requirements and speed.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from models.command import UserError, install
from training.choices import EngineName
from training.experiment.progress import Progress
from training.experiment.results import Result
from training.experiment.trial import Laboratory, Trial


@dataclass(frozen=True)
class Done:
    """A trial whose result file is written.

    Attributes:
        seconds: wall-clock time from its start to its result file.
    """

    trial: Trial
    result: Result
    seconds: float


@dataclass(frozen=True)
class Share:
    """Resources of a machine for one run.

    Attributes:
        cpus: cores, >= 1, and number of threads.
        gpus: 0 to 1; 0.25 lets four runs share one.
    """

    cpus: int = 1
    gpus: float = 0.0


class Engine(Protocol):
    """Carries out trials."""

    def run(self, trials: Sequence[Trial], progress: Progress) -> Iterator[Done]:
        """Carry out all trials; yields each one as soon as its file is written.

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
    """The resources for a run, from command-line options.

    Raises:
        UserError: for impossible resources, or cluster options without a cluster.
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
        share: resources of a cluster's machine for one run.

    Raises:
        UserError: when an engine is not installed or cannot be reached.
    """
    if name == "local":
        return nullcontext(Local(laboratory))
    try:
        from training.experiment.ray_engine import (
            on_cluster,  # Ray is an optional dependency
        )
    except ModuleNotFoundError as error:
        raise UserError(
            f"--engine ray needs {error.name}", f"Install it: {install('scale')}"
        ) from error
    return on_cluster(laboratory, address, share)
