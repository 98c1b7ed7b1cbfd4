"""Stroke drawings as line segments on the device, where they are cut off and rendered.

The geometry is that of `models.raster`, which renders on the host: the two results differ by at
most one gray level per pixel.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.drawing import Drawing
from models.raster import EXTENT, RADIUS, SCALE, SIDE, SMALLEST, joined


@dataclass(frozen=True)
class Segments:
    """The segments of N drawings, one drawing after another, in the order they were drawn.

    Attributes:
        ends: float32 (S, 2, 2), x and y of the start and end of each segment; a dot has length 0.
        first: int64 (N + 1,): drawing n has the segments `first[n]:first[n + 1]`.
    """

    ends: NDArray[np.float32]
    first: NDArray[np.int64]


def segments(drawings: Sequence[Drawing]) -> Segments:
    """The segments of all drawings."""
    xy, owner, start, end = joined(drawings)
    first = np.searchsorted(owner[start], np.arange(len(drawings) + 1))
    return Segments(np.stack([xy[start], xy[end]], 1), first)


class Pen:
    """Renders partial drawings whose segments are on a device."""

    def __init__(self, segments: Segments, device: torch.device) -> None:
        self._ends = torch.from_numpy(segments.ends).to(device)
        self._first, self._device = segments.first, device

    def paint(
        self, which: NDArray[np.int64], shares: NDArray[np.float64], scales: NDArray[np.float32]
    ) -> Tensor:
        """Render the drawings at positions `which`, cut off after the given shares of their ink.

        The number of segments is counted on the host, to avoid waiting for the device.

        Args:
            which: (N,), positions of drawings, possibly repeated.
            shares: (N,) in (0, 1], of the length of the ink, as in `Drawing.prefix`.
            scales: (N, 2), factors by which each partial drawing is stretched along x and y.

        Returns:
            uint8 (N, 28, 28) on the device, white ink on black; all 0 for a drawing without
            strokes.
        """
        counts = self._first[which + 1] - self._first[which]
        begins = np.cumsum(counts) - counts
        owner = np.repeat(np.arange(len(which)), counts)
        place = np.arange(len(owner)) + (self._first[which] - begins)[owner]
        owned, first = self._sent(owner), self._sent(begins[owner])
        ends = _prefix(self._ends[self._sent(place)], first, owned, self._sent(shares))
        ends = ends * self._sent(scales)[owned][:, None]
        return _paint(_to_pixels(ends, owned, len(which)), owned, len(which))

    def _sent(self, array: NDArray[Any]) -> Tensor:
        return torch.from_numpy(array).to(self._device, non_blocking=True)


def _prefix(ends: Tensor, first: Tensor, owner: Tensor, shares: Tensor) -> Tensor:
    """Ends (S, 2, 2) cut off after each drawing's share; the rest is moved to its first point.

    `first` (S,) is, for each segment, the index of the first segment of its drawing.
    """
    start, along = ends[:, 0], ends[:, 1] - ends[:, 0]
    length = torch.linalg.vector_norm(along.double(), dim=1)
    before = length.cumsum(0) - length
    ink = torch.zeros_like(shares).index_add(0, owner, length)
    share = shares[owner]
    left = share * ink[owner] - (before - before[first])
    shown = (left > 0) | (share == 1) | (first == torch.arange(len(first), device=first.device))
    part = (left / length.clamp(min=1e-12)).clamp(0, 1).float()
    prefix = torch.stack([start, start + along * part[:, None]], 1)
    return torch.where(shown[:, None, None], prefix, start[first][:, None])


def _to_pixels(ends: Tensor, owner: Tensor, drawings: int) -> Tensor:
    """Centre each drawing's bounding box in the bitmap and give its larger side 255 units."""
    low = _reduced(ends.amin(1), owner, ends.new_full((drawings, 2), math.inf), "amin")
    high = _reduced(ends.amax(1), owner, ends.new_full((drawings, 2), -math.inf), "amax")
    scale = SCALE * EXTENT / (high - low).amax(1, keepdim=True).clamp(min=SMALLEST)
    middle = (low + high) / 2
    return (ends - middle[owner][:, None]) * scale[owner][:, None] + SIDE / 2


def _paint(ends: Tensor, owner: Tensor, drawings: int) -> Tensor:
    """Coverage of round-ended lines: a pixel's brightness depends on its nearest line."""
    centres = torch.arange(SIDE, device=ends.device) + 0.5
    along = ends[:, 1] - ends[:, 0]
    x = (centres - ends[:, 0, :1])[:, None]  # (S, 1, 28): relative to the start of each segment
    y = (centres - ends[:, 0, 1:])[:, :, None]
    dx, dy = along[:, 0, None, None], along[:, 1, None, None]
    t = ((x * dx + y * dy) / (dx * dx + dy * dy).clamp(min=1e-12)).clamp(0, 1)
    away = (x - t * dx).square() + (y - t * dy).square()
    nearest = _reduced(
        away.flatten(1), owner, ends.new_full((drawings, SIDE**2), math.inf), "amin"
    ).view(drawings, SIDE, SIDE)
    return ((RADIUS + 0.5 - nearest.sqrt()).clamp(0, 1) * 255).round().to(torch.uint8)


def _reduced(rows: Tensor, owner: Tensor, start: Tensor, how: Literal["amin", "amax"]) -> Tensor:
    """Minimum or maximum of each drawing's rows (S, D) and its row of `start` (N, D)."""
    return start.scatter_reduce(0, owner[:, None].expand_as(rows), rows, how)
