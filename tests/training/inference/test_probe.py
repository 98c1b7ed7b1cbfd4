"""The accuracy that features allow before training."""

from dataclasses import replace

import numpy as np
import torch

from training.data.dataset import Dataset
from training.inference.features import Features
from training.inference.probe import before, centroids
from training.networks.architectures import Shape
from training.networks.network import Network


def network() -> Network:
    torch.manual_seed(0)
    return Network(Shape(3, network="cnn"))


def test_random_filters_tell_simple_shapes_apart_better_than_guessing(data: Dataset):
    found = before(network(), data, Features())
    assert set(found) == {"linear probe", "nearest centroid"}
    assert all(0.5 < accuracy <= 1 for accuracy in found.values())


def test_the_head_plays_no_part(data: Dataset):
    one, other = network(), network()
    torch.nn.init.normal_(other.linear.weight)
    assert before(one, data, Features()) == before(other, data, Features())


def test_features_without_a_difference_know_nothing(data: Dataset):
    blank = network()
    torch.nn.init.zeros_(blank.body.get_parameter("stem.0.weight"))
    labels = data.parts["validation"].bitmaps.labels
    share = np.bincount(labels).max() / len(labels)
    assert max(before(blank, data, Features()).values()) <= share


def test_nothing_to_ask_is_no_answer(data: Dataset):
    part = data.parts["validation"]
    nothing = replace(part, bitmaps=part.bitmaps.at(np.zeros(0, np.intp)))
    none = Dataset(data.words, {**data.parts, "validation": nothing}, "none")
    assert before(network(), none, Features()) == {}


def test_a_word_without_drawings_is_far_from_all():
    features, labels = torch.eye(3), torch.tensor([0, 0, 2])
    middles = centroids(features, labels, 3)
    assert middles.tolist()[0] == [0.5, 0.5, 0.0]
    assert torch.cdist(features, middles).argmin(1).tolist() == [0, 0, 2]
