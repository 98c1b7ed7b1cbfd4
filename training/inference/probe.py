"""How well a network's features separate the words before any training on them.

Two classifiers on fixed features measure this: logistic regression (a linear probe, Alain & Bengio
2016, arXiv 1610.01644) and the nearest class mean. Both are fitted on training drawings and
evaluated on validation drawings; the test split is not used.
"""

import torch
from torch import Tensor

from training.data.dataset import Dataset
from training.inference.features import Features
from training.inference.logistic import solve
from training.networks.network import Network

PENALTY = 3e-3  # L2 penalty of the linear probe


def before(network: Network, data: Dataset, known: Features) -> dict[str, float]:
    """Validation accuracy in 0 .. 1 of classifiers on the features, by classifier.

    Args:
        network: with the features; its head is not used.
        data: training drawings to fit and validation drawings to evaluate on.
        known: cache of features.
    """
    train, asked = data.parts["train"].bitmaps, data.parts["validation"].bitmaps
    if not len(train) or not len(asked):
        return {}
    mine = known.of(network)
    if data.hash in mine.probes:  # measured before, for another arm
        return mine.probes[data.hash]
    features, theirs = mine.of(network, train.pixels)[0], mine.of(network, asked.pixels)[0]
    device, classes = features.device, len(data.words)
    labels = torch.from_numpy(train.labels).to(device)
    right = torch.from_numpy(asked.labels).to(device)
    weight, bias = solve(features, labels, classes, PENALTY)
    nearest = torch.cdist(theirs, centroids(features, labels, classes)).argmin(1)
    mine.probes[data.hash] = {
        "linear probe": _share(theirs @ weight.T + bias, right),
        "nearest centroid": float((nearest == right).double().mean()),
    }
    return mine.probes[data.hash]


def centroids(features: Tensor, labels: Tensor, classes: int) -> Tensor:
    """Mean features (K, D) of each word, or a far-off point if it has no drawings."""
    sums = torch.zeros(classes, features.shape[1], device=features.device)
    sums.index_add_(0, labels, features)
    counts = labels.bincount(minlength=classes)[:, None]
    return torch.where(counts > 0, sums / counts, torch.inf)


def _share(logits: Tensor, labels: Tensor) -> float:
    return float((logits.argmax(1) == labels).double().mean())
