"""BatchNorm's statistics: estimated again from drawings, and from batches."""

import numpy as np
import pytest
import torch

from training.data.dataset import Dataset
from training.inference import batch_statistics
from training.inference.batch_statistics import accuracy_by_batches, norms, re_estimate
from training.inference.inference import as_input
from training.networks.architectures import Shape
from training.networks.network import Network


@pytest.fixture(name="network")
def small_network() -> Network:
    torch.manual_seed(0)
    return Network(Shape(3, network="cnn"))


def test_estimated_statistics_are_those_of_the_drawings(network: Network, small: Dataset):
    pixels = small.parts["train"].bitmaps.pixels
    momenta = [norm.momentum for norm in norms(network)]
    assert re_estimate(network, pixels, 0) == len(pixels)
    bitmaps = as_input(torch.from_numpy(pixels)[:, None])
    with torch.no_grad():
        seen = network.body.stem[0]((bitmaps - 0.17) / 0.31)
    torch.testing.assert_close(norms(network)[0].running_mean, seen.mean((0, 2, 3)))
    torch.testing.assert_close(norms(network)[0].running_var, seen.var((0, 2, 3)))
    assert [norm.momentum for norm in norms(network)] == momenta
    assert not any(module.training for module in network.modules())


def test_many_drawings_are_averaged_over_batches(
    network: Network, small: Dataset, monkeypatch: pytest.MonkeyPatch
):
    pixels = small.parts["train"].bitmaps.pixels
    monkeypatch.setattr(batch_statistics, "BATCH", 8)
    assert re_estimate(network, pixels[:17], 0) == 16  # one drawing alone makes no batch
    monkeypatch.setattr(batch_statistics, "DRAWINGS", 10)
    assert re_estimate(network, pixels, 0) == 10


def test_accuracy_by_batches_leaves_the_network_as_it_is(network: Network, small: Dataset):
    bitmaps = small.parts["train"].bitmaps
    before = {name: value.clone() for name, value in network.state_dict().items()}
    found = accuracy_by_batches(network, bitmaps)
    torch.testing.assert_close(network.state_dict(), before, rtol=0, atol=0)
    with torch.no_grad():
        order = np.random.default_rng(0).permutation(len(bitmaps))
        network.train().dropout.eval()
        logits = network(as_input(torch.from_numpy(bitmaps.pixels[order])[:, None]))
    assert found == (logits.argmax(1).numpy() == bitmaps.labels[order]).mean()
