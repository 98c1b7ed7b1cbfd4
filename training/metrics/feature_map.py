"""A map of test drawings in a plane by a network's features, before and after training.

t-SNE (van der Maaten & Hinton 2008) of the features before the head, by scikit-learn. Neighbours in
the plane are neighbours among the features; distances between groups mean little.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from training.inference.inference import as_input
from training.metrics.records import FeatureMap
from training.networks.network import Network

PERPLEXITY = 30.0  # effective number of neighbours; smaller if there are few drawings
FEWEST = 5


def feature_map(
    before: Network,
    after: Network,
    pixels: NDArray[np.uint8],
    labels: NDArray[np.int64],
    device: torch.device,
) -> FeatureMap | None:
    """Maps of bitmaps (N, 28, 28) with labels (N,); None if there are too few for a map."""
    if len(pixels) < FEWEST:
        return None
    first, last = (plane(features(network, pixels, device)) for network in (before, after))
    return FeatureMap(labels=labels.tolist(), before=first, after=last)


def features(
    network: Network, pixels: NDArray[np.uint8], device: torch.device
) -> NDArray[np.float32]:
    """Features (N, D) of bitmaps (N, 28, 28), the input of the network's head."""
    network.eval()
    batches = torch.from_numpy(pixels)[:, None].split(256)
    with torch.inference_mode():
        parts = [network.features(as_input(batch.to(device))).float().cpu() for batch in batches]
    return torch.cat(parts).numpy()


def plane(rows: NDArray[np.float32]) -> list[tuple[float, float]]:
    """Project rows (N, D) to the unit square, rounded to the resolution of a plot."""
    from sklearn.manifold import TSNE  # takes a second, which a command that trains would lose

    perplexity = min(PERPLEXITY, (len(rows) - 1) / 3)
    tsne = TSNE(perplexity=perplexity, init="pca", random_state=0, max_iter=500)
    found = tsne.fit_transform(rows)
    found -= found.min(0)
    found /= max(float(found.max()), 1e-9)
    return [(round(float(x), 3), round(float(y), 3)) for x, y in found]
