"""The optimiser of a phase: trained parameters, learning rates, and one step."""

import math
from typing import Any

import torch
from torch import Tensor, nn

from training.inference.batch_statistics import norms
from training.networks.network import Network
from training.strategies.settings import Settings
from training.strategies.strategy import Phase, Schedule

WARM_UP = 0.1  # share of a phase during which the learning rate rises


def optimiser_for(network: Network, phase: Phase, settings: Settings) -> torch.optim.Optimizer:
    """AdamW or SGD over the parameters that the phase trains; all others are frozen."""
    groups: list[dict[str, Any]] = []
    for name, modules in network.groups().items():
        for module in modules.modules():
            norm = isinstance(module, nn.BatchNorm2d)
            rate = phase.rate(name, norm)
            for parameter in module.parameters(recurse=False):
                learns = rate > 0 and (settings.scales or not norm or parameter is module.bias)
                parameter.requires_grad_(learns)
                if learns:
                    decays = parameter.ndim > 1 or settings.decays == "everything"
                    decay = settings.weight_decay if decays else 0.0
                    groups.append({"params": [parameter], "multiple": rate, "weight_decay": decay})
    merged, lr = _merged(groups), settings.rate(phase)
    if settings.optimiser == "sgd":
        return torch.optim.SGD(merged, lr=lr, momentum=settings.momentum)
    return torch.optim.AdamW(merged, lr=lr)


def _merged(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Merge groups of the same rate and decay, so that the optimiser can batch them."""
    merged: dict[tuple[float, float], list[nn.Parameter]] = {}
    for group in groups:
        merged.setdefault((group["multiple"], group["weight_decay"]), []).extend(group["params"])
    return [
        {"params": parameters, "multiple": multiple, "weight_decay": decay}
        for (multiple, decay), parameters in merged.items()
    ]


def set_modes(network: Network, phase: Phase) -> None:
    """Set train mode, and BatchNorm layers, frozen or not, to the phase's `bn_statistics`."""
    network.train()
    for norm in norms(network):
        norm.train(phase.bn_statistics == "moving")


def multiple(schedule: Schedule, done: float) -> float:
    """Multiple of the peak rate when a share `done` (0 to 1) of a phase is done."""
    return one_cycle(done) if schedule == "one-cycle" else 1.0


def one_cycle(done: float) -> float:
    """Multiple of the peak rate at share `done` (0 to 1): linear rise, half-cosine fall."""
    if done < WARM_UP:
        return 0.05 + 0.95 * done / WARM_UP
    return 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))


def set_rates(optimiser: torch.optim.Optimizer, lr: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = lr * group["multiple"]


def take_step(optimiser: torch.optim.Optimizer, loss: Tensor, clip: float) -> None:
    """One step of the optimiser; clips the gradient's norm to `clip` if that is > 0."""
    optimiser.zero_grad()
    loss.backward()
    if clip:
        parameters = [p for group in optimiser.param_groups for p in group["params"]]
        nn.utils.clip_grad_norm_(parameters, clip)
    optimiser.step()
