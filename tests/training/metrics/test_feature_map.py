"""Maps of features: neighbours stay neighbours, and equal networks give equal maps."""

import numpy as np
import torch

from tests import made
from training.metrics.feature_map import feature_map, features, plane
from training.networks.architectures import Shape
from training.networks.network import Network

CPU = torch.device("cpu")


def test_two_crowds_stay_apart():
    rng = np.random.default_rng(0)
    crowd = np.repeat([0.0, 9.0], 30)
    rows = (rng.normal(0, 1, (60, 16)) + crowd[:, None]).astype(np.float32)
    places = np.array(plane(rows))
    assert places.shape == (60, 2)
    assert places.min() == 0
    assert places.max() == 1
    middles = [places[crowd == c].mean(0) for c in (0.0, 9.0)]
    nearer = np.linalg.norm(places[:, None] - np.stack(middles), axis=2).argmin(1)
    assert (nearer == (crowd > 0)).mean() > 0.95


def test_features_are_what_the_head_sees():
    torch.manual_seed(0)
    network = Network(Shape(3, stride=2)).eval()
    bitmaps = made.scrambled(np.random.default_rng(0), 4)
    found = features(network, bitmaps, CPU)
    assert found.shape == (4, 1280)
    with torch.no_grad():
        logits = network(torch.from_numpy(bitmaps)[:, None].float() / 255)
        np.testing.assert_allclose(network.head(torch.from_numpy(found)), logits, atol=1e-5)


def test_an_untrained_network_has_not_moved():
    torch.manual_seed(0)
    network = Network(Shape(3, stride=2))
    bitmaps = made.scrambled(np.random.default_rng(0), 12)
    found = feature_map(network, network, bitmaps, np.arange(12), CPU)
    assert found is not None
    assert found.before == found.after
    assert found.labels == list(range(12))


def test_a_handful_of_drawings_has_no_map():
    network = Network(Shape(3, stride=2))
    assert (
        feature_map(
            network, network, made.scrambled(np.random.default_rng(0), 4), np.arange(4), CPU
        )
        is None
    )
