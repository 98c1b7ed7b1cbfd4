"""The parts of a network that each strategy changes, and those that it leaves unchanged."""

import mmap
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests import made
from training.data import dataset, subset
from training.data.dataset import Dataset
from training.inference.inference import as_input
from training.metrics import cost
from training.networks.architectures import Shape
from training.networks.network import Network
from training.networks.weights import RECIPES, Weights
from training.strategies import catalogue
from training.strategies.settings import Settings
from training.trainer.construction import shape_of
from training.trainer.fit import Fit

CPU = torch.device("cpu")
SETTINGS = Settings(epochs=1, lr=1e-2, batch=9, stride=2)


@pytest.fixture(scope="module", name="data")
def few_drawings(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder: Path = tmp_path_factory.mktemp("data")
    made.write_folder(folder, made.WORDS, bitmaps=30, strokes=2 * made.TWICE)
    return subset.choose(dataset.load(made.WORDS, folder, others=False), 3, 0, 0, 1)


@pytest.fixture(scope="module", name="start")
def random_backbone(data: Dataset) -> Weights:
    """Random filters with BatchNorm statistics that fit the drawings, as with learned weights."""
    torch.manual_seed(5)
    network = Network(Shape(2, stride=2, momentum=1.0)).train()
    with torch.no_grad():
        network(as_input(torch.from_numpy(data.parts["train"].bitmaps.pixels)[:, None]))
    state = network.body.state_dict()
    tensors = {name: value for name, value in state.items() if not name.startswith("_fc.")}
    tensors["_conv_stem.weight"] = tensors["_conv_stem.weight"].expand(32, 3, 3, 3) / 3
    return Weights(tensors, RECIPES["torchvision"], "made")


def changed(name: str, data: Dataset, start: Weights) -> set[str]:
    """Names of the tensors that a run of the strategy changes, without BatchNorm's counters."""
    plan = catalogue.find(name)
    run = Fit(plan, data, SETTINGS, 1, start, CPU)
    before = {key: value.clone() for key, value in run.network.body.state_dict().items()}
    run.run()
    after: dict[str, Tensor] = run.network.body.state_dict()
    return {key for key in before if not torch.equal(before[key], after[key])} - {
        key for key in before if key.endswith("num_batches_tracked")
    }


def is_head(key: str) -> bool:
    return key.startswith("_fc.")


def is_stem(key: str) -> bool:
    return key.startswith(("_conv_stem.", "_bn0."))


def is_statistic(key: str) -> bool:
    return "running" in key


def is_batchnorm(key: str) -> bool:
    return "_bn" in key


LEARNS: dict[str, Callable[[str], bool]] = {
    "head-only": is_head,
    "head-only-moving": lambda key: is_head(key) or is_statistic(key),
    "new-layers": lambda key: is_head(key) or is_stem(key) or is_statistic(key),
    "batchnorm": lambda key: is_head(key) or is_batchnorm(key),
    "full-still": lambda key: not is_statistic(key),
    "full": lambda key: True,
    "full-random-stem": lambda key: True,
    "gradual": lambda key: True,
    "freeze-1": lambda key: True,
    "freeze-2-switched": lambda key: True,
    "freeze-2-still": lambda key: not is_statistic(key),
    "solved-head": lambda key: True,
    "solved-head-still": lambda key: not is_statistic(key),
    "tutorial-frozen": lambda key: is_head(key) or is_statistic(key),
}


@pytest.mark.parametrize("name", LEARNS)
def test_an_arm_changes_only_what_its_strategy_trains(name: str, data: Dataset, start: Weights):
    every = {
        key
        for key in Network(Shape(3)).body.state_dict()
        if not key.endswith("num_batches_tracked")
    }
    assert changed(name, data, start) == {key for key in every if LEARNS[name](key)}


made_once = cache(Network)


@pytest.mark.parametrize("arm", catalogue.STRATEGIES)
def test_trained_parameters_are_those_that_get_a_rate(arm: str):
    plan = catalogue.find(arm)
    network = made_once(shape_of(plan, 10, Settings()))
    count = cost.trained_parameters(plan, network)
    everything = sum(p.numel() for p in network.parameters())
    head = network.features_out * 10 + 10
    if set(plan.phases[-1].learn) == {"head"}:
        assert count == head
    elif arm == "new-layers":
        assert count == head + 32 * 9 + 2 * 32
    elif arm == "batchnorm":
        assert count == head + sum(p.numel() for n, p in network.named_parameters() if "_bn" in n)
    else:
        assert count == everything


def test_a_random_stem_is_random_and_a_summed_one_is_not(data: Dataset, start: Weights):
    stems = {
        name: Fit(
            catalogue.find(name), data, SETTINGS, 1, start, CPU
        ).network.body._conv_stem.weight
        for name in ("full", "full-random-stem")
    }
    summed = start.tensors["_conv_stem.weight"].sum(1, keepdim=True)
    assert torch.allclose(stems["full"], summed)
    assert not torch.isclose(stems["full-random-stem"], summed).any()


def test_a_seed_gives_every_arm_the_same_head(data: Dataset, start: Weights):
    heads = [
        Fit(catalogue.find(name), data, SETTINGS, 3, start, CPU).network.body._fc.weight
        for name in ("full", "scratch", "full-random-stem")
    ]
    assert all(torch.equal(head, heads[0]) for head in heads)


def test_peak_memory_sees_what_was_held_since():
    cost.forget_peak(CPU)
    before = cost.peak_memory(CPU)
    with mmap.mmap(-1, 40 * 2**20) as held:  # unlike memory of malloc, certainly new
        for page in range(0, len(held), 4096):
            held[page] = 1
        during = cost.peak_memory(CPU)
    cost.forget_peak(CPU)
    after = cost.peak_memory(CPU)
    if before is None or during is None or after is None:  # not Linux: nothing is known
        assert (before, during, after) == (None, None, None)
        return
    assert during - before > 30 * 2**20
    assert during - after > 30 * 2**20
