"""Engines carry out the runs of an experiment: one after another here, or on a cluster.

An engine carries out trials, writes their result files and returns the results. All engines write
the same files with the same numbers; they differ in requirements and speed.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from training.engines.progress import RunProgress
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
class Resources:
    """What one run may take of a machine.

    Attributes:
        cpus: cores, >= 1, and number of threads.
        gpus: 0 to 1; 0.25 lets four runs share one.
    """

    cpus: int = 1
    gpus: float = 0.0


class Engine(Protocol):
    """Carries out trials."""

    def run(self, trials: Sequence[Trial], progress: RunProgress) -> Iterator[Done]:
        """Carry out all trials; yields each one as soon as its file is written.

        Raises:
            UserError: when results cannot be written, or runs are lost; what is finished stays.
        """
        ...


@dataclass(frozen=True)
class Local:
    """This process, one run after another."""

    laboratory: Laboratory

    def run(self, trials: Sequence[Trial], progress: RunProgress) -> Iterator[Done]:
        for number, trial in enumerate(trials):
            progress.begin(trial, trials[number:])
            began = time.monotonic()
            result = self.laboratory.run(trial, progress.step)
            yield Done(trial, result, time.monotonic() - began)
