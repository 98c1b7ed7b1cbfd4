"""Batched augmentation on the device: one affine resampling for the whole batch.

Drawings are mirrored, rotated, sheared, scaled and shifted by small random amounts under which
every classic word stays recognisable. Optionally, some drawings lose the ink on one side of a line,
get lines and circles that do not belong to them, a thicker pen, or Gaussian noise.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from training.transforms.augmentation import NONE, Augmentation

NOISE = 0.3  # largest standard deviation, of gray levels in [0, 1]
CUT = (-0.2, 0.6)  # where a cut may pass, in half sides beyond the centre
INK = 0.25  # gray level above which a pixel counts as drawn on
FULL = 23.5 / 28  # half length of the larger side of the ink in Google's bitmaps, in half sides
DETAILS = 4  # most lines and circles added to a drawing
DETAIL = (0.06, 0.35)  # half the length of an added line, radius of a circle, in half sides
PEN = 0.9  # half the width of an added line, in pixels, as in Google's bitmaps
SMALLEST = 0.5  # limits magnification after a cut to 2: the line gets thicker by the same factor


def augment(
    bitmaps: Tensor, how: Augmentation, generator: torch.Generator, part: tuple[int, int] = (0, 1)
) -> Tensor:
    """Randomly change float bitmaps (N, 1, 28, 28); values stay in [0, 1].

    Args:
        bitmaps: a batch, or one of the equal parts that a batch is divided into.
        how: bounds of the changes.
        generator: must be in the same state for all parts of a batch.
        part: index of the part and number of parts. Each drawing is changed exactly as it would be
            in the undivided batch.
    """
    if how == NONE:
        return bitmaps
    chance = _Chance(len(bitmaps), bitmaps.device, generator, part)
    moved = _moves(how, chance, bitmaps.shape[-1])
    if how.details:  # before the resampling, or their sharp lines would give them away
        bitmaps = _with_details(bitmaps, chance.happens(how.details), chance)
    if how.cut:
        bitmaps, fit = _cut(bitmaps, chance.happens(how.cut), chance)
        moved = fit @ moved
    grid = functional.affine_grid(moved[:, :2], list(bitmaps.shape), align_corners=False)
    bitmaps = functional.grid_sample(bitmaps, grid, align_corners=False)
    if how.thicker:
        share = chance.happens(how.thicker) * chance.uniform(1).abs()
        bitmaps = torch.lerp(bitmaps, functional.max_pool2d(bitmaps, 3, 1, 1), _each(share))
    if how.noise:
        deviation = chance.happens(how.noise) * chance.uniform(NOISE).abs()
        bitmaps = (bitmaps + _each(deviation) * chance.normal(bitmaps.shape)).clamp(0, 1)
    return bitmaps


class _Chance:
    """Random numbers for the `n` drawings of a part; numbers for the other parts are skipped."""

    def __init__(
        self, n: int, device: torch.device, generator: torch.Generator, part: tuple[int, int]
    ) -> None:
        self._n, self._device, self._generator = n, device, generator
        self._place, self._parts = part

    def uniform(self, bound: float) -> Tensor:
        """Uniform numbers in (-bound, bound), (N,)."""
        return (self._rand() * 2 - 1) * bound

    def happens(self, probability: float) -> Tensor:
        """1.0 with the given probability, otherwise 0.0, (N,)."""
        return (self._rand() < probability).float()

    def normal(self, shape: torch.Size) -> Tensor:
        whole = (self._parts * self._n, *shape[1:])
        return self._own(torch.randn(whole, generator=self._generator, device=self._device))

    def _rand(self) -> Tensor:
        whole = self._parts * self._n
        return self._own(torch.rand(whole, generator=self._generator, device=self._device))

    def _own(self, whole: Tensor) -> Tensor:
        return whole[self._place * self._n : (self._place + 1) * self._n]


def _each(values: Tensor) -> Tensor:
    """(N,) as (N, 1, 1, 1), which broadcasts over bitmaps."""
    return values[:, None, None, None]


def _moves(how: Augmentation, chance: _Chance, side: int) -> Tensor:
    """Affine matrices (N, 3, 3) from output to input coordinates, in half sides."""
    angle, shear = chance.uniform(math.radians(how.turn)), chance.uniform(how.shear)
    mirror = 1 - 2 * chance.happens(how.mirror)
    wide, high = 1 + chance.uniform(how.scale), 1 + chance.uniform(how.scale)
    cos, sin = angle.cos(), angle.sin()
    across, down = chance.uniform(2 * how.shift / side), chance.uniform(2 * how.shift / side)
    zero, one = torch.zeros_like(cos), torch.ones_like(cos)
    return torch.stack(
        [
            torch.stack([mirror * wide * cos, wide * (shear - sin), across], 1),
            torch.stack([mirror * high * sin, high * cos, down], 1),
            torch.stack([zero, zero, one], 1),
        ],
        1,
    )


def _cut(bitmaps: Tensor, which: Tensor, chance: _Chance) -> tuple[Tensor, Tensor]:
    """Cut the bitmaps marked 1 in `which`; also the matrices (N, 3, 3) that fit them to the square.

    A bitmap that would lose all its ink stays whole.
    """
    side = bitmaps.shape[-1]
    at = (torch.arange(side, device=bitmaps.device) + 0.5) * 2 / side - 1
    low, high = CUT
    angle, offset = chance.uniform(math.pi), (low + high) / 2 + chance.uniform((high - low) / 2)
    along = angle.cos()[:, None, None] * at + angle.sin()[:, None, None] * at[:, None]
    left = bitmaps * (along < offset[:, None, None])[:, None]
    ink = left[:, 0] > INK
    cut = which.bool() & ink.any(2).any(1)
    middle_x, half_x = _span(ink.any(1), at)
    middle_y, half_y = _span(ink.any(2), at)
    scale = (torch.maximum(half_x, half_y) / FULL).clamp(SMALLEST, 1)
    fit = torch.eye(3, device=bitmaps.device).repeat(len(bitmaps), 1, 1)
    fit[:, 0, 0] = fit[:, 1, 1] = scale
    fit[:, 0, 2], fit[:, 1, 2] = middle_x, middle_y
    whole = torch.eye(3, device=bitmaps.device)
    return torch.where(_each(cut), left, bitmaps), torch.where(cut[:, None, None], fit, whole)


def _with_details(bitmaps: Tensor, which: Tensor, chance: _Chance) -> Tensor:
    """Add lines and circles to the bitmaps marked 1 in `which`, each with an even chance."""
    side = bitmaps.shape[-1]
    at = (torch.arange(side, device=bitmaps.device) + 0.5) * 2 / side - 1
    short, long = DETAIL
    for _ in range(DETAILS):
        added, circle = which * chance.happens(0.5), chance.happens(0.5)
        angle, half = (
            chance.uniform(math.pi),
            (short + long) / 2 + chance.uniform((long - short) / 2),
        )
        x = at[None, None, :] - chance.uniform(0.8)[:, None, None]
        y = at[None, :, None] - chance.uniform(0.8)[:, None, None]
        cos, sin, half = (each[:, None, None] for each in (angle.cos(), angle.sin(), half))
        beyond = ((cos * x + sin * y).abs() - half).clamp(min=0)
        from_line = torch.hypot(beyond, cos * y - sin * x)
        from_circle = (torch.hypot(x, y) - half).abs()
        away = torch.where(circle[:, None, None].bool(), from_circle, from_line)
        ink = (PEN + 0.5 - away * side / 2).clamp(0, 1) * added[:, None, None]
        bitmaps = torch.maximum(bitmaps, ink[:, None])
    return bitmaps


def _span(touched: Tensor, at: Tensor) -> tuple[Tensor, Tensor]:
    """Middle and half length (N,) of the range that the touched places (N, side) span."""
    low = torch.where(touched, at, 1.0).amin(1)
    high = torch.where(touched, at, -1.0).amax(1)
    return (low + high) / 2, (high - low) / 2
