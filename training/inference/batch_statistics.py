"""Re-estimate BatchNorm's stored statistics on drawings.

Weights trained on photos come with the statistics of photos. Statistics averaged over many batches
of drawings, with fixed weights, fit the drawings (PreciseBN: Wu & Johnson 2021, arXiv 2105.07576).
"""

import copy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training.data.dataset import Bitmaps
from training.inference.inference import as_input, mixed_precision
from training.networks.network import Network

BATCH = 128
DRAWINGS = 4096  # at most; more drawings hardly change the average


def norms(network: Network) -> list[nn.BatchNorm2d]:
    """The network's BatchNorm layers."""
    return [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]


@torch.no_grad()
def re_estimate(network: Network, pixels: NDArray[np.uint8], seed: int) -> int:
    """Replace the stored statistics by their mean over batches of the drawings.

    Args:
        network: is changed and left in eval mode.
        pixels: uint8 (N, 28, 28), N >= 2.
        seed: chooses the drawings and their order.

    Returns:
        Number of drawings used.
    """
    device = next(network.parameters()).device
    order = np.random.default_rng(seed).permutation(len(pixels))[:DRAWINGS]
    batches = [part for part in np.split(order, range(BATCH, len(order), BATCH)) if len(part) > 1]
    network.eval()
    kept = [norm.momentum for norm in norms(network)]
    for norm in norms(network):
        norm.reset_running_stats()
        norm.momentum = None  # the plain mean of all batches
        norm.train()
    for part in batches:
        with mixed_precision(device):
            network.features(as_input(torch.from_numpy(pixels[part])[:, None].to(device)))
    for norm, momentum in zip(norms(network), kept, strict=True):
        norm.momentum = momentum
        norm.eval()
    return sum(map(len, batches))


@torch.no_grad()
def accuracy_by_batches(network: Network, bitmaps: Bitmaps) -> float:
    """Top-1 accuracy where BatchNorm normalises by the statistics of each batch.

    This is how the network sees drawings in a training step with `bn_statistics` "moving". The
    network is not changed.
    """
    copied, device = copy.deepcopy(network).eval(), next(network.parameters()).device
    for norm in norms(copied):
        norm.train()
    order = np.random.default_rng(0).permutation(len(bitmaps))  # mixes words in each batch
    right = 0
    for part in np.array_split(order, max(len(order) // BATCH, 1)):
        with mixed_precision(device):
            logits = copied(as_input(torch.from_numpy(bitmaps.pixels[part])[:, None].to(device)))
        right += int((logits.argmax(1).cpu().numpy() == bitmaps.labels[part]).sum())
    return right / len(order)
