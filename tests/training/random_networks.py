"""Makes random networks in which every layer affects the output, as with learned weights."""

from typing import TypeVar

import torch
from torch import nn

Module = TypeVar("Module", bound=nn.Module)


@torch.no_grad()
def randomised(network: Module, channels: int) -> Module:
    """The network with random scales and shifts, and BatchNorm statistics that fit its maps."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.2)
            module.momentum = 1.0  # the batch below is all they ever see
    network.train()(torch.randn(64, channels, 28, 28))
    return network.eval()
