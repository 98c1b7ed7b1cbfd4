"""Helpers for tests of the trainer: kill a run, resume it, and find what it has changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from training.data.dataset import Dataset
from training.networks.network import Network
from training.networks.weights import Weights
from training.strategies.settings import Settings
from training.strategies.strategy import Phase, Strategy
from training.trainer.fit import Fit, Report

CPU = torch.device("cpu")


class Killed(Exception):
    """Raised to simulate a power cut."""


def one(phase: Phase) -> Strategy:
    return Strategy("one", "imagenet", (phase,), "")


def killer(at: int) -> Callable[[Report], None]:
    def show(report: Report) -> None:
        if report.step == at:
            raise Killed

    return show


def resumed(
    plan: Strategy, data: Dataset, settings: Settings, start: Weights | None, path: Path, at: int
) -> Fit:
    """A run of seed 3 that was killed after a step, and opened again from its checkpoint."""
    run = Fit(plan, data, settings, 3, start, CPU, path)
    with pytest.raises(Killed):
        run.run(killer(at))
    return Fit(plan, data, settings, 3, start, CPU, path)


def assert_resumes(
    plan: Strategy, data: Dataset, settings: Settings, start: Weights | None, path: Path, at: int
) -> None:
    """Check that a run that was killed after a step ends exactly as one that was not."""
    whole = Fit(plan, data, settings, 3, start, CPU)
    expected = whole.run()
    last = resumed(plan, data, settings, start, path, at)
    assert (last.run().loss, last.report.step) == (expected.loss, expected.step)
    torch.testing.assert_close(state(last.network), state(whole.network), rtol=0, atol=0)


def state(network: Network) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def parameters(modules: nn.Module) -> dict[int, Tensor]:
    return {p.data_ptr(): p for p in modules.parameters()}


def statistics(modules: nn.Module) -> dict[int, Tensor]:
    return {b.data_ptr(): b for b in modules.buffers()}


def changed(
    network: Network, before: dict[str, Tensor], which: Callable[[nn.Module], dict[int, Tensor]]
) -> set[str]:
    """The groups of layers of which every such tensor has changed."""
    now = network.state_dict()
    found: dict[str, set[bool]] = {}
    for group, modules in network.groups().items():
        mine = which(modules)
        for name, tensor in now.items():
            if tensor.data_ptr() in mine:
                found.setdefault(group, set()).add(not torch.equal(tensor, before[name]))
    assert all(len(kinds) == 1 for kinds in found.values()), found
    return {group for group, kinds in found.items() if kinds == {True}}
