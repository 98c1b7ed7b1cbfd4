"""Objectives without labels: they learn, measure held-out drawings alike, and know guessing."""

from dataclasses import replace

import pytest
import torch

from tests.training.experiment import reference
from training.networks.weights import RECIPES, nothing
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, ObjectiveName, Phase, Strategy
from training.trainer.fit import Fit

CPU = torch.device("cpu")
PLAIN = Strategy("plain", "random", (Phase(EVERYTHING),), "", network="cnn")


def run_of(objective: ObjectiveName, epochs: int = 8) -> Fit:
    settings = Settings(epochs, lr=3e-3, batch=12)
    strategy = replace(PLAIN, objective=objective)
    return Fit(strategy, reference.data(), settings, 0, nothing(RECIPES["torchvision"]), CPU)


@pytest.mark.parametrize("objective", ["reconstruction", "contrast"])
def test_it_learns_its_own_task(objective: ObjectiveName):
    run = run_of(objective)
    held_out = run.data.parts["validation"].bitmaps
    before = run.objective.measure(run.network, held_out)
    report = run.run()
    after = run.objective.measure(run.network, held_out)
    assert after[1] < before[1]
    assert after[0] > before[0]
    assert report.history[-1]["validation_accuracy"] == after[0]  # it is measured alike each time


def test_the_mean_image_explains_nothing_and_the_whole_one_everything():
    run = run_of("reconstruction")
    bitmaps = run.data.parts["validation"].bitmaps
    mean = torch.from_numpy(bitmaps.pixels).float().div(255).mean(0)

    class Answers(torch.nn.Module):
        def forward(self, features: torch.Tensor) -> torch.Tensor:
            shown = mean.clamp(1e-6, 1 - 1e-6).logit()
            return shown.expand(len(features), 1, -1, -1)

    object.__setattr__(run.objective, "decoder", Answers())
    assert run.objective.measure(run.network, bitmaps)[0] == pytest.approx(0, abs=1e-4)
    assert run.objective.guessing == 0


def test_equal_features_find_a_partner_no_more_often_than_guessing():
    run = run_of("contrast")
    bitmaps = run.data.parts["validation"].bitmaps
    with torch.no_grad():
        for parameter in run.network.parameters():
            parameter.zero_()
    found, loss = run.objective.measure(run.network, bitmaps)
    others = 2 * len(bitmaps) - 1
    assert found <= 2 / len(bitmaps)
    assert loss == pytest.approx(torch.log(torch.tensor(float(others))).item(), rel=1e-3)
    assert run.objective.guessing == 1 / 255
