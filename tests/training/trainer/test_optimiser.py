"""SGD and AdamW, schedules, and which weights decay."""

from dataclasses import replace
from typing import Any

import pytest
import torch

from training.data.dataset import Dataset
from training.networks.architectures import Shape
from training.networks.network import Network
from training.strategies.catalogue import find
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, Phase, Strategy
from training.trainer import fit
from training.trainer.fit import Fit
from training.trainer.optimiser import multiple, optimiser_for, set_rates, take_step

SGD = Settings(lr=0.1, optimiser="sgd", momentum=0.5, weight_decay=0.0, clip=0.0)


def test_sgd_adds_momentum():
    network = Network(Shape(3, network="cnn"))
    optimiser = optimiser_for(network, Phase({"head": 1.0}), SGD)
    weight = network.linear.weight
    first = weight.detach().clone()
    for _ in range(2):
        take_step(optimiser, weight.sum(), clip=0.0)
    torch.testing.assert_close(weight.detach(), first - 0.1 * (1 + 1.5))


def test_a_gradient_is_clipped_only_if_asked():
    network = Network(Shape(3, network="cnn"))
    optimiser = optimiser_for(network, Phase({"head": 1.0}), SGD)
    weight = network.linear.weight
    first = weight.detach().clone()
    take_step(optimiser, weight.sum(), clip=1.0)
    moved = (weight.detach() - first).norm()
    assert float(moved) == pytest.approx(0.1, rel=1e-3)


@pytest.mark.parametrize(("decays", "decaying"), [("matrices", False), ("everything", True)])
def test_biases_decay_where_everything_does(decays: Any, decaying: bool):
    network = Network(Shape(3, network="cnn"))
    settings = Settings(weight_decay=0.1, decays=decays)
    groups: list[Any] = optimiser_for(network, Phase(EVERYTHING), settings).param_groups
    vectors = [g["weight_decay"] for g in groups for p in g["params"] if p.ndim == 1]
    assert set(vectors) == {0.1 if decaying else 0.0}


def test_a_constant_schedule_stays_at_the_rate():
    assert {multiple("constant", done) for done in (0.0, 0.5, 1.0)} == {1.0}
    assert multiple("one-cycle", 1.0) == 0.0


def test_the_tutorial_runs_as_published(small: Dataset, monkeypatch: pytest.MonkeyPatch):
    rates: list[float] = []

    def noted(optimiser: torch.optim.Optimizer, lr: float) -> None:
        set_rates(optimiser, lr)
        rates.extend(group["lr"] for group in optimiser.param_groups)

    monkeypatch.setattr(fit, "set_rates", noted)
    strategy = replace(find("tutorial-discriminative"), start="random", network="cnn")
    run = Fit(strategy, small, Settings(), 0, None, torch.device("cpu"))
    run.run()
    assert set(rates) == {1e-4, 1e-3}
    settings = run.settings
    assert (settings.optimiser, settings.momentum, settings.weight_decay) == ("sgd", 0.9, 5e-4)
    assert (settings.batch, settings.epochs, settings.schedule) == (64, 3, "constant")


def test_a_phase_has_a_schedule_of_its_own(small: Dataset, monkeypatch: pytest.MonkeyPatch):
    rates: list[float] = []
    monkeypatch.setattr(fit, "set_rates", lambda optimiser, lr: rates.append(lr))
    phases = (Phase(EVERYTHING, 2, schedule="constant"), Phase(EVERYTHING))
    strategy = Strategy("two", "random", phases, "", network="cnn")
    settings = Settings(epochs=2, batch=24, lr=1e-4, stride=2)
    Fit(strategy, small, settings, 0, None, torch.device("cpu")).run()
    assert rates[:2] == [1e-4, 1e-4]
    assert rates[2] < 1e-4
