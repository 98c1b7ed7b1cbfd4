"""The lengths of phases, and the operations that they take."""

from dataclasses import replace

import pytest
import torch

from training.data.dataset import Dataset
from training.inference.work import per_image
from training.metrics import cost
from training.networks.architectures import Shape
from training.networks.network import Network
from training.strategies.catalogue import find
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, Phase, Strategy, head_alone
from training.trainer.fit import Fit
from training.trainer.lengths import Epoch, first_epochs, phase_steps

SETTINGS = Settings(epochs=4, stride=2)
EPOCH = Epoch(steps=30, images=100, drawings=3000)


def steps(name: str) -> tuple[int, ...]:
    return phase_steps(find(name), Network(Shape(10, 2)), SETTINGS, EPOCH)


def test_phases_add_up_in_steps_and_a_solved_head_is_one():
    assert steps("full") == (120,)
    assert steps("full-longer-2") == (180,)
    assert steps("full-twice") == (240,)
    assert steps("freeze-2") == (60, 120)
    assert steps("solved-head") == (1, 120)


def test_the_last_phase_draws_from_the_first_epoch_on():
    assert first_epochs((60, 120), EPOCH) == (4, 0)
    assert first_epochs((1, 45, 120), EPOCH) == (6, 4, 0)


def test_equal_work_of_a_cached_frozen_phase_is_a_third_of_an_epoch_more():
    """One forward pass per drawing costs a third of forward and backward passes."""
    frozen = Strategy("frozen", "random", (head_alone(5), Phase(EVERYTHING)), "")
    equal = replace(find("full"), equal_work=frozen)
    [found] = phase_steps(equal, Network(Shape(10, 2)), SETTINGS, EPOCH)
    assert found / EPOCH.steps == pytest.approx(4 + 1 / 3, abs=0.05)


def test_equal_work_of_moving_statistics_passes_every_drawing_in_every_epoch():
    [found] = steps("full-work-of-freeze-5")
    assert found / EPOCH.steps == pytest.approx(4 + 5 / 3, abs=0.05)


def test_a_run_of_equal_work_takes_as_much_as_the_other(small: Dataset):
    frozen, equal = (
        replace(find(name), start="random", network="cnn")
        for name in ("freeze-5", "full-work-of-freeze-5")
    )
    equal = replace(equal, equal_work=frozen)
    runs = [
        Fit(each, small, Settings(epochs=2, batch=2), 0, None, torch.device("cpu"))
        for each in (frozen, equal)
    ]
    works = [cost.work(run).total for run in runs if run.run()]
    assert works[1] == pytest.approx(works[0], rel=0.05)
    images = [record["images"] for record in runs[1].report.history]
    assert images == [24, 48, 72, 88]  # the last epoch is a part of one


@pytest.mark.parametrize("side", [56, 112])
def test_a_larger_input_costs_by_its_pixels(side: int):
    plain, larger = (
        sum(work.forward for work in per_image(Network(Shape(3, 2, side=size)).to("meta")))
        for size in (28, side)
    )
    assert larger == pytest.approx(plain * (side / 28) ** 2, rel=0.35)
