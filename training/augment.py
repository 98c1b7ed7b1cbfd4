"""Batched augmentation on the device: one affine resampling for the whole batch.

Drawings are mirrored, turned, sheared, scaled and shifted a little; every one of the classic words
stays itself under these.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class Augmentation:
    """Bounds of random changes; all zero changes nothing.

    Attributes:
        mirror: probability of a left-right flip.
        turn: degrees, either way.
        shear: tangent, either way.
        scale: share by which each axis grows or shrinks, either way.
        shift: pixels of 28, either way.
    """

    mirror: float = 0.5
    turn: float = 12.0
    shear: float = 0.1
    scale: float = 0.12
    shift: float = 1.5


NONE = Augmentation(0, 0, 0, 0, 0)


def augment(bitmaps: Tensor, how: Augmentation, generator: torch.Generator) -> Tensor:
    """Randomly move float bitmaps (N, 1, 28, 28); values stay in [0, 1]."""
    if how == NONE:
        return bitmaps
    n, device = len(bitmaps), bitmaps.device

    def uniform(bound: float) -> Tensor:
        return (torch.rand(n, generator=generator, device=device) * 2 - 1) * bound

    angle, shear = uniform(math.radians(how.turn)), uniform(how.shear)
    mirror = 1 - 2 * (torch.rand(n, generator=generator, device=device) < how.mirror).float()
    wide, high = 1 + uniform(how.scale), 1 + uniform(how.scale)
    cos, sin = angle.cos(), angle.sin()
    side = bitmaps.shape[-1]
    across, down = uniform(2 * how.shift / side), uniform(2 * how.shift / side)
    matrix = torch.stack(
        [
            torch.stack([mirror * wide * cos, wide * (shear - sin), across], 1),
            torch.stack([mirror * high * sin, high * cos, down], 1),
        ],
        1,
    )
    grid = functional.affine_grid(matrix, list(bitmaps.shape), align_corners=False)
    return functional.grid_sample(bitmaps, grid, align_corners=False)
