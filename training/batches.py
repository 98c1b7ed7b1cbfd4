"""What a training step sees: bitmaps of the words, beginnings of strokes, other words' drawings.

Every draw follows from (seed, epoch, step) alone, so a run that was killed goes on with exactly the
batches it would have seen.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.command import UserError
from training.dataset import OUTLIER, Part
from training.sources import Begun, Finished, Source, Traced


@dataclass(frozen=True)
class Mixture:
    """Shares of a batch; the rest are bitmaps of the words, each once an epoch.

    Attributes:
        strokes: beginnings of stroke drawings of the words, each word equally often.
        outliers: bitmaps of other words, with a uniform target (outlier exposure, Hendrycks et al.
            2019, arXiv 1812.04606).
        outlier_strokes: beginnings of stroke drawings of other words, with a uniform target.
        traced: beginnings of the words' bitmaps, whose lines are traced back into strokes
            (`training.tracing`), each word equally often.
        outlier_traced: the same of other words' bitmaps, with a uniform target.
        shortest: the least share of a drawing's ink that a beginning shows, in (0, 1].
    """

    strokes: float = 0.0
    outliers: float = 0.0
    outlier_strokes: float = 0.0
    traced: float = 0.0
    outlier_traced: float = 0.0
    shortest: float = 0.15

    @property
    def stroked(self) -> bool:
        """Whether it takes stroke drawings."""
        return bool(self.strokes or self.outlier_strokes)

    @property
    def foreign(self) -> bool:
        """Whether it takes drawings of other words."""
        return bool(self.outliers or self.outlier_strokes or self.outlier_traced)


@dataclass(frozen=True)
class Batch:
    """What one step sees; the words' bitmaps come first.

    Attributes:
        pixels: uint8 (N, 1, 28, 28).
        targets: float32 (N, K), rows summing to 1.
        kinds: int64 (N,), positions in `words.ALL`, which tell other words apart too.
        chosen: int64 (M,), positions of the first M among the words' training bitmaps.
    """

    pixels: Tensor
    targets: Tensor
    kinds: Tensor
    chosen: Tensor


class Batches:
    """Batches of `size` drawings from one split.

    The words' bitmaps live on the device as uint8; what is added comes there step by step.

    Args:
        part: of the data.
        classes: words.
        size: drawings a batch.
        mixture: what they are.
        device: to put them on.
        level: an epoch has as many steps as it would without a mixture, so that it does not show
            every bitmap; otherwise as many as it takes to show each once.
    """

    def __init__(
        self,
        part: Part,
        classes: int,
        size: int,
        mixture: Mixture,
        device: torch.device,
        level: bool = False,
    ) -> None:
        self.classes = classes
        self.device = device
        self.pixels = self._on_device(part.bitmaps.pixels)
        self._labels = self._on_device(part.bitmaps.labels)
        self._kinds = self._on_device(part.bitmaps.kinds)
        self._added = _added(part, mixture, size)
        added = sum(addition.count for addition in self._added)
        self.own = min(size - added, len(part.bitmaps))
        if self.own < 1:
            raise UserError(
                f"a batch of {size} has no room for bitmaps of the words",
                "Raise --settings.batch or lower the shares of --settings.mixture",
            )
        self.size = self.own + added
        self.steps = max(len(part.bitmaps) // (self.size if level else self.own), 1)

    def draw(self, seed: int, epoch: int, step: int) -> Batch:
        """The batch of a step."""
        chosen = self._chosen(seed, epoch, step)
        rng = np.random.default_rng([seed, epoch, step])
        found: list[tuple[Tensor, ...]] = [
            (self.pixels[chosen], self._labels[chosen], self._kinds[chosen])
        ]
        for addition in self._added:
            which = rng.choice(len(addition.odds), addition.count, p=addition.odds)
            seen = addition.source.take(which, rng)
            found.append(tuple(map(self._on_device, (seen.pixels, seen.labels, seen.kinds))))
        pixels, labels, kinds = map(torch.cat, zip(*found, strict=True))
        return Batch(pixels[:, None], soft_targets(labels, self.classes), kinds, chosen)

    def draw_indices(self, seed: int, epoch: int, step: int) -> tuple[Tensor, Tensor]:
        """Positions (N,) of the words' bitmaps that `draw` would show, and their targets (N, K)."""
        chosen = self._chosen(seed, epoch, step)
        return chosen, soft_targets(self._labels[chosen], self.classes)

    def _chosen(self, seed: int, epoch: int, step: int) -> Tensor:
        order = np.random.default_rng([seed, epoch]).permutation(len(self._labels))
        return self._on_device(order[step * self.own : (step + 1) * self.own])

    def _on_device(self, array: NDArray[Any]) -> Tensor:
        return torch.from_numpy(array).to(self.device)


@dataclass(frozen=True)
class _Addition:
    """So many drawings of a source in every batch, each by its odds."""

    source: Source
    count: int
    odds: NDArray[np.float64]


def _added(part: Part, mixture: Mixture, size: int) -> list[_Addition]:
    """What a mixture adds to batches of `size`; nothing from where there is nothing.

    Words come up equally often, other words in proportion to the root of their drawings.
    """
    own, others, shortest = part.bitmaps, part.other_bitmaps, mixture.shortest
    strokes, other_strokes = part.strokes, part.other_strokes
    possible: tuple[tuple[float, NDArray[np.int64], float, Source], ...] = (
        (mixture.outliers, others.kinds, 0.5, Finished(others)),
        (mixture.strokes, strokes.kinds, 0.0, Begun(strokes, shortest, own)),
        (mixture.outlier_strokes, other_strokes.kinds, 0.5, Begun(other_strokes, shortest, own)),
        (mixture.traced, own.kinds, 0.0, Traced(own, shortest)),
        (mixture.outlier_traced, others.kinds, 0.5, Traced(others, shortest)),
    )
    return [
        _Addition(source, count, _odds(kinds, power))
        for share, kinds, power, source in possible
        if len(kinds) and (count := round(size * share))
    ]


def soft_targets(labels: Tensor, classes: int) -> Tensor:
    """One-hot rows (N, K) float32 for labels (N,), uniform rows for `OUTLIER`."""
    targets = torch.nn.functional.one_hot(labels.clamp(min=0), classes).float()
    targets[labels == OUTLIER] = 1 / classes
    return targets


def _odds(kinds: NDArray[np.int64], power: float) -> NDArray[np.float64]:
    """Odds of each drawing, so that a kind with n of them comes up in proportion to n ** power."""
    _, inverse, sizes = np.unique(kinds, return_inverse=True, return_counts=True)
    weights = (sizes.astype(float) ** (power - 1))[inverse]
    return weights / weights.sum()
