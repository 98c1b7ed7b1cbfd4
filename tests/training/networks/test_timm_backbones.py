"""Backbones of timm behind the laboratory's interface."""

import sys
from collections import Counter
from typing import Any

import pytest
import timm
import torch

from models.command import UserError
from tests.training.experiment import reference
from tests.training.random_networks import randomised
from training.networks.architectures import Shape
from training.networks.network import Network, load_backbone
from training.networks.weights import RECIPES, Weights
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, Phase, Strategy, head_alone
from training.trainer.fit import Fit

NAME = "timm:resnet10t"  # one of the smallest


@pytest.mark.parametrize("classes", [0, 1000])
def test_published_weights_answer_to_gray_as_in_their_own_network(classes: int):
    torch.manual_seed(7)
    theirs: Any = randomised(timm.create_model("resnet10t", num_classes=classes), 3)
    network = Network(Shape(10, network=NAME))
    load_backbone(network, theirs.state_dict())
    gray = torch.rand(4, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    seen = (gray - network.architecture.mean) / network.architecture.deviation
    with torch.no_grad():
        theirs.double().eval().reset_classifier(0)
        expected = theirs(seen.double().repeat(1, 3, 1, 1))
        found = network.double().eval().features(gray.double())
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-5)  # filters summed in float32


def test_each_parameter_is_in_one_group_and_a_strategy_freezes_and_trains_them():
    network = Network(Shape(3, network=NAME))
    groups = network.groups()
    assert next(iter(groups)) == "stem"
    assert "block1" in groups
    counts = Counter(id(p) for modules in groups.values() for p in modules.parameters())
    assert counts == Counter(id(p) for p in network.parameters())
    start = Weights(network.body.state_dict(), RECIPES["torchvision"], "ab")
    strategy = Strategy("mine", "imagenet", (head_alone(1), Phase(EVERYTHING)), "", "summed", NAME)
    run = Fit(strategy, reference.data(), Settings(6, 3e-3, 12), 0, start, torch.device("cpu"))
    report = run.run()
    assert [record["phase"] for record in report.history] == [0, *6 * [1]]
    assert report.history[-1]["train_loss"] < report.history[1]["train_loss"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("timm:resnet10", "Did you mean .*timm:resnet10t"),
        ("timm:convnext_atto", "cannot see images of 28×28"),
        ("resnet", "Expected b0, .*timm:NAME"),
    ],
)
def test_a_network_that_does_not_fit_is_refused_in_a_sentence(name: str, words: str):
    with pytest.raises(UserError, match=words):
        Network(Shape(3, network=name))


def test_without_timm_a_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(UserError, match=r"pip install .*\[timm\]"):
        Network(Shape(3, network=NAME))
