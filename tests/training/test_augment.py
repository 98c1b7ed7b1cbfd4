"""Augmentation: nothing when asked for nothing, gray levels that stay in range, repeatable."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.raster import rasterise_batch
from tests import made
from training.augment import NONE, Augmentation, augment


@pytest.fixture(scope="module")
def bitmaps() -> Tensor:
    drawn = rasterise_batch([d for word in made.SHAPES for d in made.drawings(word, 8)])
    return torch.from_numpy(drawn)[:, None].float() / 255


def only(**bounds: Any) -> Augmentation:
    return Augmentation(**{"mirror": 0, "turn": 0, "shear": 0, "scale": 0, "shift": 0} | bounds)


def changed(bitmaps: Tensor, how: Augmentation, seed: int = 0) -> Tensor:
    return augment(bitmaps, how, torch.Generator().manual_seed(seed))


def centres(bitmaps: Tensor) -> Tensor:
    """Centre of the ink (N, 2) in pixels, x and y."""
    at = torch.arange(28.0) + 0.5
    ink = bitmaps.sum((1, 2, 3))
    return torch.stack([(bitmaps.sum(2)[:, 0] @ at) / ink, (bitmaps.sum(3)[:, 0] @ at) / ink], 1)


def test_none_is_the_identity(bitmaps: Tensor):
    assert changed(bitmaps, NONE) is bitmaps


def test_a_moved_drawing_keeps_its_gray_levels_in_range(bitmaps: Tensor):
    moved = changed(bitmaps, Augmentation())
    assert (moved.shape, moved.dtype) == (bitmaps.shape, bitmaps.dtype)
    assert moved.min() >= 0
    assert moved.max() <= 1 + 1e-6
    assert (moved - bitmaps).abs().amax((1, 2, 3)).min() > 0.1


def test_the_generator_decides(bitmaps: Tensor):
    how = Augmentation()
    assert torch.equal(changed(bitmaps, how, 3), changed(bitmaps, how, 3))
    assert not torch.equal(changed(bitmaps, how, 3), changed(bitmaps, how, 4))


def test_the_global_generator_is_left_alone(bitmaps: Tensor):
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    changed(bitmaps, Augmentation())
    assert torch.equal(torch.rand(1), expected)


def test_a_mirror_flips_and_does_nothing_else(bitmaps: Tensor):
    torch.testing.assert_close(changed(bitmaps, only(mirror=1)), bitmaps.flip(3), atol=1e-5, rtol=0)


def test_a_mirror_flips_a_share_of_the_drawings(bitmaps: Tensor):
    many = bitmaps[:1].expand(1000, -1, -1, -1)
    flipped = (changed(many, only(mirror=0.25)) - many).abs().amax((1, 2, 3)) > 1e-3
    assert 0.2 < flipped.float().mean() < 0.3


def test_a_shift_is_bounded_in_pixels(bitmaps: Tensor):
    way = (centres(changed(bitmaps, only(shift=1.5))) - centres(bitmaps)).abs()
    assert way.max() <= 1.5 + 0.05
    assert way.max() > 1


def test_a_turn_keeps_the_middle_and_the_ink(bitmaps: Tensor):
    disc = torch.zeros(50, 1, 28, 28)
    disc[:, :, 4:24, 13:15] = 1  # an upright bar through the middle
    turned = changed(disc, only(turn=20))
    torch.testing.assert_close(centres(turned), torch.full((50, 2), 14.0), atol=0.05, rtol=0)
    assert (turned.sum((1, 2, 3)) / 40 - 1).abs().max() < 0.1
    assert slants(turned).abs().max() <= math.radians(20) + 0.05
    assert slants(turned).abs().max() > math.radians(14)


def slants(bars: Tensor) -> Tensor:
    """Angle from upright of each bar, in radians."""
    rows, columns = np.meshgrid(np.arange(28) - 13.5, np.arange(28) - 13.5, indexing="ij")
    x, y = torch.from_numpy(columns).float(), torch.from_numpy(rows).float()
    return torch.atan2((bars * x * y).sum((1, 2, 3)), (bars * y * y).sum((1, 2, 3)))


def test_a_mirrored_and_turned_drawing_is_the_mirror_image_of_the_turned_one(bitmaps: Tensor):
    turned = changed(bitmaps, only(turn=20, shear=0.1, scale=0.1))
    both = changed(bitmaps, only(turn=20, shear=0.1, scale=0.1, mirror=1))
    torch.testing.assert_close(both, turned.flip(3), atol=1e-4, rtol=0)
