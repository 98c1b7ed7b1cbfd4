"""What a run costs besides time: memory at its peak, parameters that learn, arithmetic."""

import copy
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from models.raster import SIDE
from training.networks.network import Network
from training.strategies.strategy import Strategy
from training.trainer.fit import Fit
from training.trainer.optimiser import optimiser_for, set_modes

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_FORGET_PEAK = "5"  # man 5 proc, clear_refs


def forget_peak(device: torch.device) -> None:
    """Begin a new measurement of `peak_memory`."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    elif _CLEAR.exists():
        _CLEAR.write_text(_FORGET_PEAK)


def peak_memory(device: torch.device) -> int | None:
    """Bytes at the peak since `forget_peak`: of the GPU, or of the whole process on a CPU.

    None where the system does not tell (it needs Linux on a CPU).
    """
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    if not _CLEAR.exists():
        return None
    [peak] = [line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(peak.split()[1]) * 1024


def trained_parameters(strategy: Strategy, network: Network) -> int:
    """How many parameters learn in any phase."""
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


@dataclass
class Work:
    """Floating-point operations of convolutions and matrices; a multiply-add is two.

    What is left out (normalisation, activations, the optimiser) is a few per cent.
    """

    forward: float = 0.0
    backward: float = 0.0

    def __add__(self, other: "Work") -> "Work":
        return Work(self.forward + other.forward, self.backward + other.backward)

    def __mul__(self, times: float) -> "Work":
        return Work(self.forward * times, self.backward * times)


@dataclass(frozen=True)
class Bill:
    """What training took.

    Attributes:
        seconds: without start-up and evaluation.
        images: training bitmaps shown, each time counted.
        work: arithmetic.
    """

    seconds: float = 0.0
    images: float = 0.0
    work: Work = field(default_factory=Work)

    def __add__(self, other: "Bill") -> "Bill":
        return Bill(
            self.seconds + other.seconds, self.images + other.images, self.work + other.work
        )


def bill(run: Fit) -> Bill:
    """What a run took to learn, in whole epochs but for its seconds."""
    history = run.report.history
    return Bill(run.seconds, history[-1]["images"] if history else 0.0, work(run))


def work(run: Fit) -> Work:
    """What a run has computed to learn, in whole epochs: what is frozen needs no gradients, and a
    backbone that stands still is passed once a drawing. Validation is not counted."""
    total = Work()
    network = copy.deepcopy(run.network).to("meta")  # shapes only: counting computes nothing
    for place, phase in enumerate(run.strategy.phases):
        optimiser_for(network, phase, run.settings)
        set_modes(network, phase)
        backbone, head = per_image(network)
        epochs = sum(record["phase"] == place for record in run.report.history)
        images = epochs * run.batches.steps * run.batches.size
        once = len(run.batches.pixels) * (epochs > 0)
        total += backbone * (once if phase.features_stay else images) + head * images
    return total


def per_image(network: Network) -> tuple[Work, Work]:
    """The work of one image in the backbone and in the head, on the network's device.

    The backward pass of a layer costs as much again as its forward pass for the gradients of its
    weights, if they learn, and of its input, if anything before it learns. Not torch's FlopCounter:
    it takes the backward pass of a depthwise convolution for that of a dense one.
    """
    pair = torch.zeros(2, 1, SIDE, SIDE, device=next(network.parameters()).device)
    with _counting(network) as backbone:
        features = network.features(pair)
    with _counting(network) as head:
        network.head(features)
    return backbone * 0.5, head * 0.5  # two images, as batch statistics of 1×1 maps need


@contextmanager
def _counting(network: nn.Module) -> Generator[Work]:
    counted = Work()

    def count(layer: Any, given: tuple[Tensor, ...], out: Tensor) -> None:
        own = 2 * out.numel() * layer.weight[0].numel()
        counted.forward += own
        counted.backward += own * (layer.weight.requires_grad + given[0].requires_grad)

    layers = [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    try:
        yield counted
    finally:
        for hook in hooks:
            hook.remove()
