"""Features are computed once, shared, and independent of the other drawings of a batch."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.inference import features
from training.inference.features import Features
from training.networks.architectures import Shape
from training.networks.network import Network

RNG = np.random.default_rng(0)
BITMAPS = RNG.integers(0, 256, (20, 28, 28), np.uint8)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    monkeypatch.setattr(features, "BATCH", 8)
    torch.manual_seed(0)
    return Network(Shape(3, network="cnn"))


def alone(network: Network, bitmap: NDArray[np.uint8]) -> Tensor:
    return Features().of(network).of(network, bitmap[None])[0][0]


def test_features_do_not_depend_on_company_or_order(network: Network):
    known = Features().of(network)
    first, _ = known.of(network, BITMAPS[:11])
    later, _ = known.of(network, BITMAPS[::-1])
    assert torch.equal(later.flip(0)[:11], first)
    for bitmap, found in zip(BITMAPS, later.flip(0), strict=True):
        assert torch.equal(alone(network, bitmap), found)


def test_a_bitmap_is_walked_once_and_paid_once(network: Network, monkeypatch: pytest.MonkeyPatch):
    walked: list[int] = []
    walk = network.features
    monkeypatch.setattr(network, "features", lambda seen: walked.append(len(seen)) or walk(seen))
    known = Features().of(network)
    _, twelve = known.of(network, np.concatenate([BITMAPS[:12], BITMAPS[:12]]))
    assert walked == [8, 8]
    assert len(known.places) == 12
    _, six = known.of(network, BITMAPS[:6])
    assert walked == [8, 8]
    assert six == pytest.approx(twelve / 2, rel=0.05)
    assert twelve == pytest.approx(known.seconds, rel=0.05)


def test_a_backbone_is_known_whatever_its_head_and_forgotten_when_it_moves(network: Network):
    shared = Features()
    known = shared.of(network)
    torch.nn.init.normal_(network.linear.weight)
    assert shared.of(network) is known
    network.body.get_parameter("stem.0.weight").data *= 2
    assert shared.of(network) is not known


def test_only_so_many_backbones_are_remembered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(features, "BACKBONES", 2)
    first, second, third = (Network(Shape(3, network="cnn")) for _ in range(3))
    shared = Features()
    kept, dropped = shared.of(first), shared.of(second)
    assert shared.of(first) is kept  # asked for again: now the second is the oldest
    shared.of(third)
    assert shared.of(first) is kept
    assert shared.of(second) is not dropped
