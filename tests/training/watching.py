"""What tests of the trainer ask of a run: to be killed, to tell what it changed."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from training.fit import Report
from training.network import Network
from training.strategy import Phase, Strategy


class Killed(Exception):
    """Stands for a power cut."""


def one(phase: Phase) -> Strategy:
    return Strategy("one", "imagenet", (phase,), "")


def killer(at: int) -> Callable[[Report], None]:
    def show(report: Report) -> None:
        if report.step == at:
            raise Killed

    return show


def state(network: Network) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def parameters(modules: nn.Module) -> dict[int, Tensor]:
    return {p.data_ptr(): p for p in modules.parameters()}


def statistics(modules: nn.Module) -> dict[int, Tensor]:
    return {b.data_ptr(): b for b in modules.buffers()}


def changed(
    network: Network, before: dict[str, Tensor], which: Callable[[nn.Module], dict[int, Tensor]]
) -> set[str]:
    """Groups of which every (not just some) such tensor differs from before."""
    now = network.state_dict()
    found: dict[str, set[bool]] = {}
    for group, modules in network.groups().items():
        mine = which(modules)
        for name, tensor in now.items():
            if tensor.data_ptr() in mine:
                found.setdefault(group, set()).add(not torch.equal(tensor, before[name]))
    assert all(len(kinds) == 1 for kinds in found.values()), found
    return {group for group, kinds in found.items() if kinds == {True}}
