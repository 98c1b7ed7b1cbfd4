"""The cost of a run: peak memory, trained parameters, time and operations."""

import copy
from dataclasses import dataclass, field
from pathlib import Path

import torch

from training.inference.work import Work
from training.networks.network import Network
from training.strategies.strategy import Strategy
from training.trainer.fit import Fit
from training.trainer.lengths import phase_work

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_FORGET_PEAK = "5"  # man 5 proc, clear_refs


def forget_peak(device: torch.device) -> None:
    """Begin a new measurement of `peak_memory`."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    elif _CLEAR.exists():
        _CLEAR.write_text(_FORGET_PEAK)


def peak_memory(device: torch.device) -> int | None:
    """Peak memory in bytes since `forget_peak`: of the GPU, or of the process on a CPU.

    None if the system does not report it (on a CPU, only Linux does).
    """
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    if not _CLEAR.exists():
        return None
    [peak] = [line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(peak.split()[1]) * 1024


def trained_parameters(strategy: Strategy, network: Network) -> int:
    """Number of parameters that are trained in at least one phase."""
    return sum(
        parameter.numel()
        for group, modules in network.groups().items()
        for module in modules.modules()
        for parameter in module.parameters(recurse=False)
        if any(
            phase.rate(group, isinstance(module, torch.nn.BatchNorm2d)) > 0
            for phase in strategy.phases
        )
    )


@dataclass(frozen=True)
class Bill:
    """The cost of training.

    Attributes:
        seconds: of training, without start-up and evaluation.
        images: training bitmaps shown, including repetitions.
        work: floating-point operations.
    """

    seconds: float = 0.0
    images: float = 0.0
    work: Work = field(default_factory=Work)

    def __add__(self, other: "Bill") -> "Bill":
        return Bill(
            self.seconds + other.seconds, self.images + other.images, self.work + other.work
        )

    def __mul__(self, times: float) -> "Bill":
        """The same seconds for `times` as many images and operations."""
        return Bill(self.seconds, self.images * times, self.work * times)


def bill(run: Fit) -> Bill:
    """The cost of training a run; images and operations are counted in whole epochs."""
    history = run.report.history
    return Bill(run.seconds, history[-1]["images"] if history else 0.0, work(run))


def work(run: Fit) -> Work:
    """Operations of the training so far, in whole epochs, without validation."""
    total = Work()
    network = copy.deepcopy(run.network).to("meta")  # only shapes: nothing is computed
    pixels, before = run.batches.pixels, 0.0
    for place, phase in enumerate(run.strategy.phases):
        ends = [record["images"] for record in run.report.history if record["phase"] == place]
        if ends:
            shown = 0 if phase.solver == "optimum" else ends[-1] - before
            different = _different(pixels) if phase.features_stay else None
            total += phase_work(network, phase, run.settings, len(pixels), shown, different)
            before = ends[-1]
    return total


def _different(pixels: torch.Tensor) -> int:
    """How many bitmaps (N, 28, 28) differ from all before them."""
    return len(torch.unique(pixels.flatten(1), dim=0))
