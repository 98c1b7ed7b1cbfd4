"""Mixup: train on weighted means of two drawings of a batch and of their targets.

Zhang et al. 2018, arXiv 1710.09412. It makes a network less confident between the words. As in the
paper, each step draws one share, and each drawing's partner comes from the same batch.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

_STREAM = 1  # separates these random numbers from the step's others


@dataclass(frozen=True)
class Pairs:
    """How the drawings of one batch are mixed.

    Attributes:
        share: weight of each drawing, in [0, 1]; its partner has the rest.
        partners: int64 (N,), positions in the batch.
    """

    share: float
    partners: Tensor

    def mixed(self, values: Tensor) -> Tensor:
        """Values (N, ...), each mixed with its partner's."""
        return torch.lerp(values[self.partners], values, self.share)


def draw(alpha: float, count: int, seed: int, device: torch.device) -> Pairs:
    """The pairs of a batch of `count` drawings, with a share from Beta(alpha, alpha)."""
    rng = np.random.default_rng([seed, _STREAM])
    share = float(rng.beta(alpha, alpha))
    return Pairs(share, torch.from_numpy(rng.permutation(count)).to(device))
