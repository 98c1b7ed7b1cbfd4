"""Operations of a run: as torch counts them forward, and by the chain rule backward."""

from dataclasses import replace

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from tests.training.still import FREEZE_1_STILL
from training.data import subset
from training.data.dataset import Dataset
from training.inference.work import Work, per_image
from training.metrics import cost
from training.networks.architectures import Shape
from training.networks.network import Network
from training.networks.weights import Weights
from training.strategies import catalogue
from training.strategies.settings import Settings
from training.trainer.fit import Fit
from training.trainer.optimiser import optimiser_for

SETTINGS = Settings(epochs=2, batch=24, stride=2)
STEM = 2 * 32 * 14 * 14 * 9  # multiply-adds count twice
HEAD = 2 * 1280 * 3


def of_first_phase(name: str) -> tuple[Work, Work]:
    network = Network(Shape(3, stride=2))
    optimiser_for(network, catalogue.find(name).phases[0], SETTINGS)
    return per_image(network)


def test_forward_work_is_what_torch_counts():
    network = Network(Shape(3, stride=2)).eval()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(torch.zeros(1, 1, 28, 28))
    backbone, head = per_image(network)
    assert head.forward == HEAD
    assert (backbone + head).forward == counter.get_total_flops()


def test_backward_work_is_twice_the_forward_but_for_the_image():
    backbone, head = of_first_phase("full")
    assert backbone.backward == 2 * backbone.forward - STEM
    assert head.backward == 2 * HEAD


def test_frozen_layers_below_the_head_need_no_backward_work():
    backbone, head = of_first_phase("head-only")
    assert backbone.backward == 0
    assert head.backward == HEAD


def test_filters_that_are_frozen_still_pass_gradients_on():
    backbone, _ = of_first_phase("new-layers")
    assert backbone.backward == backbone.forward  # the stem's weights, all others' inputs


@pytest.mark.parametrize("name", ["full", "head-only", FREEZE_1_STILL.name])
def test_a_run_costs_what_its_phases_cost(name: str, data: Dataset, start: Weights):
    strategy = FREEZE_1_STILL if name == FREEZE_1_STILL.name else catalogue.find(name)
    settings = replace(SETTINGS, epochs=2)
    run = Fit(strategy, data, settings, 0, start, torch.device("cpu"))
    assert cost.work(run) == Work()  # nothing is done yet
    epoch, drawings = run.batches.steps * run.batches.size, len(data.parts["train"].bitmaps)
    first = {"phase": 0.0, "images": float(epoch)}
    then = {"phase": float(strategy is FREEZE_1_STILL), "images": 2.0 * epoch}
    run.report.history = [first, then]
    backbone, head = of_first_phase("full")
    still, only = of_first_phase("head-only")
    expected = {
        "full": (backbone + head) * (2 * epoch),
        "head-only": still * drawings + only * (2 * epoch),
        FREEZE_1_STILL.name: still * drawings + only * epoch + (backbone + head) * epoch,
    }
    assert cost.work(run) == expected[name]


def test_features_of_a_drawing_that_an_epoch_repeats_are_paid_for_once(
    data: Dataset, start: Weights
):
    few = subset.choose(data, per_word=5, seed=0, epoch_images=40, held_out=3)
    run = Fit(catalogue.find("head-only"), few, SETTINGS, 0, start, torch.device("cpu"))
    run.report.history = [{"phase": 0.0, "images": 40.0}]
    still, only = of_first_phase("head-only")
    assert cost.work(run) == still * 15 + only * 40
