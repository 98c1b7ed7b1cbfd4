"""Mixup: two drawings of a batch laid over each other, and their targets likewise.

Zhang et al. 2018, arXiv 1710.09412. A network that learns from such pairs is less sure between what
it knows. As its authors do it: one share a step, and each drawing's partner from the same batch.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

_STREAM = 1  # apart from all else that a step's seed decides


@dataclass(frozen=True)
class Pairs:
    """How the drawings of one batch are mixed.

    Attributes:
        share: of each drawing, in [0, 1]; the rest is its partner's.
        partners: int64 (N,), positions in the batch.
    """

    share: float
    partners: Tensor

    def mixed(self, values: Tensor) -> Tensor:
        """Values (N, ...) of the drawings, each laid over its partner's."""
        return torch.lerp(values[self.partners], values, self.share)


def draw(alpha: float, count: int, seed: int, device: torch.device) -> Pairs:
    """The pairs of a batch of `count` drawings, their share from Beta(alpha, alpha)."""
    rng = np.random.default_rng([seed, _STREAM])
    share = float(rng.beta(alpha, alpha))
    return Pairs(share, torch.from_numpy(rng.permutation(count)).to(device))
