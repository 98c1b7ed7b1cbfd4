"""An auxiliary head on a block in mid-depth, trained with the network and then discarded.

Introduced with Inception (Szegedy et al. 2015, arXiv 1409.4842). Kornblith et al. (2019, arXiv
1805.08974) found that networks trained with an auxiliary head give poorer fixed features.
"""

from typing import Any

import torch
from torch import Tensor, nn

from models.raster import SIDE
from training.networks.network import Network

DEPTH = 2 / 3  # share of the blocks before the auxiliary head


class Auxiliary(nn.Module):
    """Logits (N, classes) from a block's output in the network's last forward pass."""

    def __init__(self, network: Network, classes: int) -> None:
        super().__init__()
        blocks = [modules for name, modules in network.groups().items() if "block" in name]
        self._seen = torch.empty(0)
        blocks[int(len(blocks) * DEPTH)][0].register_forward_hook(self._see)
        device = next(network.parameters()).device
        with torch.no_grad():
            network.eval().features(torch.zeros(1, 1, SIDE, SIDE, device=device))
        self.linear = nn.Linear(self._seen.shape[1], classes).to(device)

    def forward(self) -> Tensor:
        seen, self._seen = self._seen, torch.empty(0)
        return self.linear(seen.float())

    def _see(self, module: nn.Module, given: tuple[Any, ...], maps: Tensor) -> None:
        self._seen = maps.mean((2, 3))
