"""What a training step sees: bitmaps of the words, beginnings of strokes, other words' drawings.

Every draw follows from (seed, epoch, step) alone, so a run that was killed goes on with exactly the
batches it would have seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.command import UserError
from models.drawing import Drawing
from models.raster import rasterise_batch
from training.dataset import OUTLIER, Bitmaps, Part, Strokes, aspects, squeeze
from training.tracing import trace


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

    Bitmaps live on the device as uint8; strokes are cut and rasterised as they are drawn.

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
        self.mixture = mixture
        self.device = device
        self._part = part
        others, strokes, other_strokes = part.other_bitmaps, part.strokes, part.other_strokes
        self._others = round(size * mixture.outliers) if len(others) else 0
        self._strokes = round(size * mixture.strokes) if len(strokes) else 0
        self._other_strokes = round(size * mixture.outlier_strokes) if len(other_strokes) else 0
        self._traced = round(size * mixture.traced)
        self._other_traced = round(size * mixture.outlier_traced) if len(others) else 0
        added = (
            self._others + self._strokes + self._other_strokes + self._traced + self._other_traced
        )
        self.own = min(size - added, len(part.bitmaps))
        if self.own < 1:
            raise UserError(
                f"a batch of {size} has no room for bitmaps of the words",
                "Raise --settings.batch or lower the shares of --settings.mixture",
            )
        self.size = self.own + added
        self.steps = max(len(part.bitmaps) // (self.size if level else self.own), 1)
        self.pixels = self._on_device(part.bitmaps.pixels)
        self._labels = self._on_device(part.bitmaps.labels)
        self._kinds = self._on_device(part.bitmaps.kinds)
        self._other_pixels = self._on_device(others.pixels) if self._others else None
        self._other_kinds = self._on_device(others.kinds)
        self._aspects = aspects(part.bitmaps.pixels)
        self._odds = _odds(part.bitmaps.kinds, 0.0)
        self._other_odds = _odds(others.kinds, 0.5)
        self._stroke_odds = _odds(strokes.kinds, 0.0)
        self._other_stroke_odds = _odds(other_strokes.kinds, 0.5)

    def draw(self, seed: int, epoch: int, step: int) -> Batch:
        """The batch of a step."""
        chosen = self._chosen(seed, epoch, step)
        rng = np.random.default_rng([seed, epoch, step])
        found = [(self.pixels[chosen], self._labels[chosen], self._kinds[chosen])]
        if self._other_pixels is not None:
            which = self._on_device(
                rng.choice(len(self._other_odds), self._others, p=self._other_odds)
            )
            none = torch.full((len(which),), OUTLIER, device=self.device)
            found.append((self._other_pixels[which], none, self._other_kinds[which]))
        if self._strokes:
            which = rng.choice(len(self._stroke_odds), self._strokes, p=self._stroke_odds)
            found.append(self._begun(self._part.strokes, which, rng))
        if self._other_strokes:
            odds = self._other_stroke_odds
            which = rng.choice(len(odds), self._other_strokes, p=odds)
            found.append(self._begun(self._part.other_strokes, which, rng))
        if self._traced:
            which = rng.choice(len(self._odds), self._traced, p=self._odds)
            found.append(self._begun_again(self._part.bitmaps, which, rng))
        if self._other_traced:
            which = rng.choice(len(self._other_odds), self._other_traced, p=self._other_odds)
            found.append(self._begun_again(self._part.other_bitmaps, which, rng))
        pixels, labels, kinds = map(torch.cat, zip(*found, strict=True))
        return Batch(pixels[:, None], soft_targets(labels, self.classes), kinds, chosen)

    def draw_indices(self, seed: int, epoch: int, step: int) -> tuple[Tensor, Tensor]:
        """Positions (N,) of the words' bitmaps that `draw` would show, and their targets (N, K)."""
        chosen = self._chosen(seed, epoch, step)
        return chosen, soft_targets(self._labels[chosen], self.classes)

    def _chosen(self, seed: int, epoch: int, step: int) -> Tensor:
        order = np.random.default_rng([seed, epoch]).permutation(len(self._part.bitmaps))
        return self._on_device(order[step * self.own : (step + 1) * self.own])

    def _begun(
        self, strokes: Strokes, which: NDArray[np.int64], rng: np.random.Generator
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Pixels, labels and kinds of drawings cut off after a random share of their ink."""
        shares = rng.uniform(self.mixture.shortest, 1, len(which))
        drawings = []
        for k, share in zip(which, shares, strict=True):
            drawing = strokes.drawings[k].prefix(float(share))
            if strokes.stretched[k]:
                drawing = squeeze(drawing, self._plausible_aspect(int(strokes.labels[k]), rng))
            drawings.append(drawing)
        return self._rasters(drawings, strokes.labels[which], strokes.kinds[which])

    def _begun_again(
        self, bitmaps: Bitmaps, which: NDArray[np.int64], rng: np.random.Generator
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The same of bitmaps, traced; a blank one stays blank."""
        traced = [trace(pixels, rng) for pixels in bitmaps.pixels[which]]
        shares = rng.uniform(self.mixture.shortest, 1, len(which))
        drawings = [d.prefix(float(share)) for d, share in zip(traced, shares, strict=True)]
        return self._rasters(drawings, bitmaps.labels[which], bitmaps.kinds[which])

    def _rasters(
        self, drawings: Sequence[Drawing], labels: NDArray[np.int64], kinds: NDArray[np.int64]
    ) -> tuple[Tensor, Tensor, Tensor]:
        pixels = rasterise_batch(drawings)
        return self._on_device(pixels), self._on_device(labels), self._on_device(kinds)

    def _on_device(self, array: NDArray[Any]) -> Tensor:
        return torch.from_numpy(array).to(self.device)

    def _plausible_aspect(self, label: int, rng: np.random.Generator) -> float:
        """One that bitmaps of the same word have; of any word for outliers."""
        pool = self._aspects
        if label != OUTLIER:
            pool = pool[self._part.bitmaps.labels == label]
        return float(rng.choice(pool))


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
