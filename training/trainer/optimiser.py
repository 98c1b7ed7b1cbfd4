"""What learns in a phase, at which rate, and one step of it."""

import math
from typing import Any

import torch
from torch import Tensor, nn

from training.networks.network import Network
from training.strategies.settings import Settings
from training.strategies.strategy import Phase

WARM_UP = 0.1  # share of a phase in which the rate rises
CLIP = 5.0  # gradient norm; only a diverging run ever gets there


def optimiser_for(network: Network, phase: Phase, settings: Settings) -> torch.optim.AdamW:
    """AdamW over what the phase lets learn; freezes the rest. Only matrices and filters decay."""
    groups: list[dict[str, Any]] = []
    for name, modules in network.groups().items():
        for module in modules.modules():
            norm = isinstance(module, nn.BatchNorm2d)
            rate = phase.rate(name, norm)
            for parameter in module.parameters(recurse=False):
                learns = rate > 0 and (settings.scales or not norm or parameter is module.bias)
                parameter.requires_grad_(learns)
                if learns:
                    decay = settings.weight_decay if parameter.ndim > 1 else 0.0
                    groups.append({"params": [parameter], "multiple": rate, "weight_decay": decay})
    return torch.optim.AdamW(_merged(groups), lr=settings.lr)


def _merged(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Parameters of the same rate and decay in one group, so that the optimiser can batch them."""
    merged: dict[tuple[float, float], list[nn.Parameter]] = {}
    for group in groups:
        merged.setdefault((group["multiple"], group["weight_decay"]), []).extend(group["params"])
    return [
        {"params": parameters, "multiple": multiple, "weight_decay": decay}
        for (multiple, decay), parameters in merged.items()
    ]


def set_modes(network: Network, phase: Phase) -> None:
    """Train mode, but BatchNorm layers that the phase does not move use their stored statistics."""
    network.train()
    for name, modules in network.groups().items():
        for module in modules.modules():
            if isinstance(module, nn.BatchNorm2d):
                learns = phase.rate(name, batchnorm=True) > 0
                module.train(phase.moving == "all" or (phase.moving == "learning" and learns))


def one_cycle(done: float) -> float:
    """Multiple of the peak rate after `done` (0 to 1) of a phase: linear up, half cosine down."""
    if done < WARM_UP:
        return 0.05 + 0.95 * done / WARM_UP
    return 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))


def set_rates(optimiser: torch.optim.Optimizer, lr: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = lr * group["multiple"]


def take_step(optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    optimiser.zero_grad()
    loss.backward()
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    nn.utils.clip_grad_norm_(parameters, CLIP)
    optimiser.step()
