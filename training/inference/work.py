"""Operations that a network takes per image, forward and backward, from the layers' shapes."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from models.raster import SIDE
from training.networks.network import Network


@dataclass
class Work:
    """Floating-point operations of convolutions and matrix products; a multiply-add counts as two.

    Normalisation, activations and the optimiser, a few per cent of the total, are not counted.
    """

    forward: float = 0.0
    backward: float = 0.0

    @property
    def total(self) -> float:
        return self.forward + self.backward

    def __add__(self, other: "Work") -> "Work":
        return Work(self.forward + other.forward, self.backward + other.backward)

    def __mul__(self, times: float) -> "Work":
        return Work(self.forward * times, self.backward * times)


def per_image(network: Network) -> tuple[Work, Work]:
    """The operations for one image in the backbone and in the head, on the network's device.

    In the backward pass, the gradient of a layer's weights (if they are trained) and that of its
    input (if an earlier layer is trained) each cost as much as the forward pass. Torch's
    FlopCounter is not used because it counts the backward pass of a depthwise convolution as that
    of a dense one.
    """
    pair = torch.zeros(2, 1, SIDE, SIDE, device=next(network.parameters()).device)
    with _counting(network) as backbone:
        features = network.features(pair)
    with _counting(network) as head:
        network.head(features)
    return backbone * 0.5, head * 0.5  # two images, because batch statistics of 1×1 maps need two


@contextmanager
def _counting(network: nn.Module) -> Generator[Work]:
    counted = Work()

    def count(layer: Any, given: tuple[Tensor, ...], out: Tensor) -> None:
        own = 2 * out.numel() * layer.weight[0].numel()
        counted.forward += own
        counted.backward += own * (layer.weight.requires_grad + given[0].requires_grad)

    layers = [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    try:
        yield counted
    finally:
        for hook in hooks:
            hook.remove()
