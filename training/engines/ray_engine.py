"""The runs of an experiment as tasks of a Ray cluster (Moritz et al. 2018, arXiv 1712.05889).

    ray start --head                                 # on one machine
    ray start --address=HEAD:6379                    # on each of the others
    python -m training.compare --suite freezing --out mine --engine ray --address HEAD:6379

Every machine needs the same version of this project, which is checked. Drawings, weights and a
shared disk are not needed: the machine that runs the comparison sends the data once, receives each
run's files and writes them. It also pretrains starts. A run whose worker dies is restarted, on
another machine if necessary; its checkpoint stays on the machine that ran it.
"""

import logging
import os
import tempfile
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import ray
import torch
from ray.exceptions import RayError, RayTaskError

from models.command import UserError, whole_file
from training.engines.engines import Done, Engine, Resources
from training.engines.progress import RunProgress, rates_of
from training.experiment import source, store
from training.experiment.results import Result, brief
from training.experiment.trial import PICTURED, Laboratory, Trial, unwatched
from training.inference.features import Features
from training.strategies.strategy import Strategy

RETRIES = 3  # of a run whose worker dies, from whatever cause


@dataclass(frozen=True)
class RemoteResult:
    """The result that a worker returns, and its files by paths in the results folder."""

    result: Result
    files: dict[str, bytes]
    seconds: float


@contextmanager
def on_cluster(laboratory: Laboratory, address: str | None, room: Resources) -> Generator[Engine]:
    """Runs as tasks of the cluster at `address`; of one on this machine for None.

    Raises:
        UserError: when it cannot be reached, or no machine of it has room for a run.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # otherwise Ray sends usage statistics
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # the default that is to come
    try:
        ray.init(
            address, include_dashboard=False, logging_level=logging.WARNING, log_to_driver=False
        )
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        raise UserError(
            f"no Ray cluster at {address or 'this machine'} ({brief(error)})",
            "Start one with `ray start --head` and give its --address HOST:PORT",
        ) from error
    try:
        if not at_once(room):
            raise UserError(
                f"no machine of the cluster has {room.cpus} CPUs and {room.gpus:g} GPUs for a "
                f"run; it has {_has()}",
                "Lower --cpus-per-run or --gpus-per-run",
            )
        yield Cluster(laboratory, room)
    finally:
        ray.shutdown()


def at_once(room: Resources) -> int:
    """Number of runs that fit on the machines at once."""
    machines = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    asked = {"CPU": room.cpus, "GPU": room.gpus}
    return sum(
        min(int(machine.get(name, 0.0) / amount) for name, amount in asked.items() if amount)
        for machine in machines
    )


def _has() -> str:
    there = ray.cluster_resources()
    return " and ".join(f"{there.get(f'{kind}', 0):g} {kind}s" for kind in ("CPU", "GPU"))


class Cluster:
    """A Ray cluster that this process is connected to.

    Args:
        laboratory: is sent to the workers, drawings and weights included.
        room: what a run may take.
    """

    def __init__(self, laboratory: Laboratory, room: Resources) -> None:
        self._laboratory, self._room = laboratory, room
        self._sent: Any = None
        self._starts = set[tuple[str, int]]()
        self._task: Any = ray.remote(num_cpus=room.cpus, num_gpus=room.gpus, max_retries=RETRIES)(
            carry_out
        )

    def run(self, trials: Sequence[Trial], progress: RunProgress) -> Iterator[Done]:
        if not trials:
            return
        self._send(trials, progress)
        left = {self._task.remote([self._sent], trial, self._room): trial for trial in trials}
        lost: list[str] = []
        while left:
            progress.wait(list(left.values()), at_once(self._room))
            [done], _ = ray.wait(list(left), num_returns=1)
            trial = left.pop(done)
            try:
                written: RemoteResult = ray.get(done)
            except RayTaskError as error:
                if isinstance(error.cause, UserError):  # raised as it would be raised here
                    raise UserError(str(error.cause)) from error
                raise
            except RayError as error:
                lost.append(f"{trial.strategy.name} at {rates_of(trial.rates)}: {brief(error)}")
                continue
            self._write(written)
            yield Done(trial, written.result, written.seconds)
        if lost:
            raise UserError(
                f"workers died {RETRIES + 1} times at each of {len(lost)} runs ({lost[0]})",
                "Give runs more room (--cpus-per-run, --gpus-per-run) and run the command again",
            )

    def _send(self, trials: Sequence[Trial], progress: RunProgress) -> None:
        """Send the laboratory, unless the workers have all that these trials start from."""
        suite = self._laboratory.plan.suite
        needed: dict[tuple[str, int], tuple[Trial, Strategy]] = {
            (strategy.start, suite.checkpoint(trial.seed)): (trial, strategy)
            for trial in trials
            for strategy in (*trial.teachers, trial.strategy)
        }
        if self._sent is not None and needed.keys() <= self._starts:
            return
        for trial, strategy in needed.values():
            self._laboratory.start(trial, strategy, progress.step)
        self._starts |= needed.keys()
        starts = self._laboratory.starts.settled()
        self._sent = ray.put(replace(self._laboratory, starts=starts, features=Features()))

    def _write(self, written: RemoteResult) -> None:
        """Write the run's own file last: it marks the run as done."""
        for name, content in reversed(written.files.items()):
            with whole_file(self._laboratory.folder / name) as file:
                file.write(content)


def carry_out(sent: Sequence[Any], trial: Trial, room: Resources) -> RemoteResult:
    """A trial, in a worker. `sent` holds a reference, so that each worker opens it but once."""
    laboratory = opened(sent[0], room)
    began = time.monotonic()
    result = laboratory.run(trial, unwatched)
    paths = [store.run_file(laboratory.folder, result)]
    if laboratory.keep_models and (trial.stage, trial.seed) == ("final", PICTURED):
        folder = store.model(laboratory.folder, trial.per_word, trial.strategy.name)
        paths += sorted(folder.glob("*"))
    files = {str(path.relative_to(laboratory.folder)): path.read_bytes() for path in paths}
    for path in paths:
        path.unlink()
    return RemoteResult(result, files, time.monotonic() - began)


@lru_cache(maxsize=1)
def opened(sent: Any, room: Resources) -> Laboratory:
    """The laboratory as it is in this worker: with a folder, a device and threads of its own.

    Raises:
        UserError: when the code here is not that of the machine that compares.
    """
    laboratory: Laboratory = ray.get(sent)
    here, there = source.digest(), laboratory.source
    if here != there:
        raise UserError(
            f"{ray.util.get_node_ip_address()} has another state of the code ({here}, not {there})",
            "Install the same commit on all machines",
        )
    torch.set_num_threads(room.cpus)  # results depend on it, in their last bits
    device = torch.device("cuda" if room.gpus else "cpu")
    folder = Path(tempfile.gettempdir()) / f"doodle-race-{laboratory.plan.id}"
    return replace(laboratory, folder=folder, device=device)
