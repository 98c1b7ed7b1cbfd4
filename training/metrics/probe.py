"""How much a network's features tell of the words before any training on them.

By two classifiers that leave the features as they are: logistic regression (a linear probe, Alain &
Bengio 2016, arXiv 1610.01644) and the nearest mean feature of a word. Both learn from the training
drawings and are asked about the validation drawings; the test split is not touched.
"""

import torch
from torch import Tensor

from training.data.dataset import Dataset
from training.networks.features import Features
from training.networks.logistic import solve
from training.networks.network import Network

PENALTY = 3e-3  # of the probe


def before(network: Network, data: Dataset, known: Features) -> dict[str, float]:
    """Accuracy on validation, in 0 .. 1, that the features allow, by how it was measured.

    Args:
        network: whose features are asked; its head plays no part.
        data: drawings to learn from and to be asked about.
        known: features already computed.
    """
    train, asked = data.parts["train"].bitmaps, data.parts["validation"].bitmaps
    if not len(train) or not len(asked):
        return {}
    mine = known.of(network)
    if data.hash in mine.told:  # by an arm that begins with the same weights and drawings
        return mine.told[data.hash]
    features, theirs = mine.of(network, train.pixels)[0], mine.of(network, asked.pixels)[0]
    device, classes = features.device, len(data.words)
    labels = torch.from_numpy(train.labels).to(device)
    right = torch.from_numpy(asked.labels).to(device)
    weight, bias = solve(features, labels, classes, PENALTY)
    nearest = torch.cdist(theirs, centroids(features, labels, classes)).argmin(1)
    mine.told[data.hash] = {
        "linear probe": _share(theirs @ weight.T + bias, right),
        "nearest centroid": float((nearest == right).double().mean()),
    }
    return mine.told[data.hash]


def centroids(features: Tensor, labels: Tensor, classes: int) -> Tensor:
    """Mean features (K, D) of each word; far away from all for a word without drawings."""
    sums = torch.zeros(classes, features.shape[1], device=features.device)
    sums.index_add_(0, labels, features)
    counts = labels.bincount(minlength=classes)[:, None]
    return torch.where(counts > 0, sums / counts, torch.inf)


def _share(logits: Tensor, labels: Tensor) -> float:
    return float((logits.argmax(1) == labels).double().mean())
