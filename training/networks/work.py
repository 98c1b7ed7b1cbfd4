"""Arithmetic that an image takes in a network, forward and backward, by the layers' shapes."""

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
    """Floating-point operations of convolutions and matrices; a multiply-add is two.

    What is left out (normalisation, activations, the optimiser) is a few per cent.
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
    """The work of one image in the backbone and in the head, on the network's device.

    The backward pass of a layer costs as much again as its forward pass for the gradients of its
    weights, if they learn, and of its input, if anything before it learns. Not torch's FlopCounter:
    it takes the backward pass of a depthwise convolution for that of a dense one.
    """
    pair = torch.zeros(2, 1, SIDE, SIDE, device=next(network.parameters()).device)
    with _counting(network) as backbone:
        features = network.features(pair)
    with _counting(network) as head:
        network.head(features)
    return backbone * 0.5, head * 0.5  # two images, as batch statistics of 1×1 maps need


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
