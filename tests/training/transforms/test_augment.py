"""Augmentation: no change without settings, gray levels in range, and repeatable."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.raster import rasterise_batch
from tests import made
from training.transforms.augment import DETAILS, INK, NOISE, augment
from training.transforms.augmentation import NONE, Augmentation


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


@pytest.mark.parametrize("parts", [2, 4])
def test_a_part_of_a_batch_is_changed_as_in_the_whole(bitmaps: Tensor, parts: int):
    """With all kinds of changes. Rounding may differ with the number of drawings."""
    how = Augmentation(cut=0.5, thicker=0.5, noise=0.5, details=0.5)
    changed_apart = [
        augment(part, how, torch.Generator().manual_seed(5), (place, parts))
        for place, part in enumerate(bitmaps.chunk(parts))
    ]
    torch.testing.assert_close(torch.cat(changed_apart), changed(bitmaps, how, 5))


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


def test_a_cut_leaves_one_side_and_fits_it_to_the_square():
    bar = torch.zeros(200, 1, 28, 28)
    bar[:, :, 13:15, 3:25] = 1
    cut = changed(bar, only(cut=1))
    wide, high = (cut > INK).any(2)[:, 0].sum(1), (cut > INK).any(3)[:, 0].sum(1)
    assert wide.max() <= 26
    assert (wide < 24).float().mean() > 0.1  # stubs are magnified at most twice
    assert (high > 3).float().mean() > 0.1  # as their lines are
    assert high.max() <= 6
    torch.testing.assert_close(centres(cut), torch.full((200, 2), 14.0), atol=2.5, rtol=0)


def test_what_is_left_of_a_cut_drawing_lies_within_the_square(bitmaps: Tensor):
    cut = changed(bitmaps, only(cut=1))
    touched = cut > 0.05
    assert not touched[..., 0].any()
    assert not touched[..., -1].any()
    assert (cut.sum((1, 2, 3)) < bitmaps.sum((1, 2, 3)) * 0.95).float().mean() > 0.5


def test_a_thicker_line_only_adds_ink(bitmaps: Tensor):
    thick = changed(bitmaps, only(thicker=1))
    assert (thick >= bitmaps - 1e-5).all()
    assert (thick <= torch.nn.functional.max_pool2d(bitmaps, 3, 1, 1) + 1e-5).all()
    assert thick.sum() > 1.2 * bitmaps.sum()


def test_noise_has_the_deviation_asked_for(bitmaps: Tensor):
    gray = torch.full((400, 1, 28, 28), 0.5)
    deviations = (changed(gray, only(noise=1)) - gray).std((1, 2, 3))
    assert deviations.max() < NOISE * 1.1
    assert deviations.mean() == pytest.approx(NOISE / 2, rel=0.15)
    clean = (changed(gray, only(noise=0.25)) - gray).std((1, 2, 3)) < 1e-3
    assert 0.65 < clean.float().mean() < 0.85


def test_details_are_added_and_take_nothing_away(bitmaps: Tensor):
    detailed = changed(bitmaps, only(details=1))
    assert (detailed >= bitmaps - 1e-5).all()
    assert detailed.max() <= 1
    assert (detailed.sum((1, 2, 3)) > bitmaps.sum((1, 2, 3)) + 3).float().mean() > 0.8


def test_details_are_added_to_their_share_of_the_drawings(bitmaps: Tensor):
    many = bitmaps[:1].expand(1000, -1, -1, -1)
    share = (changed(many, only(details=0.5)) - many).abs().amax((1, 2, 3)).gt(0.5).float().mean()
    assert share == pytest.approx(0.5 * (1 - 0.5**DETAILS), abs=0.08)


def test_an_added_line_is_as_wide_as_the_pen():
    """Over an empty sheet, ink is the length of the details times the width of the pen."""
    empty = torch.zeros(500, 1, 28, 28)
    ink = changed(empty, only(details=1))
    touched = (ink > 0.5).float()
    inner = -torch.nn.functional.max_pool2d(-touched, 3, 1, 1)
    assert inner.sum() / touched.sum() < 0.1
    assert set(touched.unique().tolist()) == {0, 1}


def test_details_are_as_sharp_as_the_drawing(bitmaps: Tensor):
    """A network would learn to ignore sharp lines if only the drawing's own were resampled."""
    how = only(turn=12, details=1)
    empty = changed(torch.zeros(300, 1, 28, 28), how)
    drawn = changed(bitmaps[:1].expand(300, -1, -1, -1), only(turn=12))
    between = [((ink > 0.1) & (ink < 0.9)).sum() / (ink > 0.1).sum() for ink in (empty, drawn)]
    assert between[0] > 0.8 * between[1]
