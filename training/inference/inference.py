"""Inference: logits and scores of a network in eval mode."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.nn import functional

from training.data.dataset import Bitmaps
from training.networks.network import Network
from training.sampling.batches import target_rows


def mixed_precision(device: torch.device) -> torch.autocast:
    """bfloat16 on CUDA; on a CPU float32 is kept, because bfloat16 was slower when measured."""
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")


def as_input(pixels: Tensor) -> Tensor:
    """Convert uint8 (N, 1, 28, 28) to the network's input: float32 in [0, 1], channels last."""
    return (pixels.float() / 255).contiguous(memory_format=torch.channels_last)


def _over(what: Callable[[Tensor], Tensor], network: Network, pixels: Tensor) -> Iterator[Tensor]:
    network.eval()
    with torch.no_grad(), mixed_precision(pixels.device):
        for batch in pixels.split(256):
            yield what(as_input(batch[:, None])).float()


def logits_of(network: Network, bitmaps: Bitmaps, device: torch.device) -> Tensor:
    """Logits (N, K) float32 of a split, on the device."""
    pixels = torch.from_numpy(bitmaps.pixels).to(device)
    return torch.cat(list(_over(network, network, pixels)))


def measure(network: Network, bitmaps: Bitmaps, device: torch.device) -> tuple[float, float]:
    """Top-1 accuracy and mean cross-entropy over labelled bitmaps."""
    return scores(logits_of(network, bitmaps, device), bitmaps)


def scores(logits: Tensor, bitmaps: Bitmaps) -> tuple[float, float]:
    """Top-1 accuracy and mean cross-entropy of logits (N, K) of labelled bitmaps."""
    labels = torch.from_numpy(bitmaps.labels).to(logits.device)
    targets = target_rows(labels, logits.shape[1])
    accuracy = (logits.argmax(1) == labels).double().mean()
    return float(accuracy), float(functional.cross_entropy(logits, targets))
