"""What a training step sees: bitmaps of the words, beginnings of strokes, other words' drawings.

Every draw follows from (seed, epoch, step) alone, so a run that was killed goes on with exactly the
batches it would have seen.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.command import UserError
from models.raster import rasterise_batch
from training.dataset import OUTLIER, Bitmaps, Part, Strokes, aspects, squeeze


@dataclass(frozen=True)
class Mixture:
    """Shares of a batch; the rest are bitmaps of the words, each once an epoch.

    Attributes:
        strokes: beginnings of stroke drawings of the words, each word equally often.
        outliers: bitmaps of other words, with a uniform target (outlier exposure, Hendrycks et al.
            2019, arXiv 1812.04606).
        outlier_strokes: beginnings of stroke drawings of other words, with a uniform target.
        shortest: the least share of a stroke drawing's ink that is shown, in (0, 1].
    """

    strokes: float = 0.0
    outliers: float = 0.0
    outlier_strokes: float = 0.0
    shortest: float = 0.15


class Batches:
    """Batches of `size` drawings from one split.

    Bitmaps live on the device as uint8; strokes are cut and rasterised as they are drawn.
    """

    def __init__(
        self, part: Part, classes: int, size: int, mixture: Mixture, device: torch.device
    ) -> None:
        self.classes = classes
        self.mixture = mixture
        self.device = device
        self._part = part
        self._others = round(size * mixture.outliers) if len(part.other_bitmaps) else 0
        self._strokes = round(size * mixture.strokes) if len(part.strokes) else 0
        self._other_strokes = (
            round(size * mixture.outlier_strokes) if len(part.other_strokes) else 0
        )
        self.own = min(size - self._others - self._strokes - self._other_strokes, len(part.bitmaps))
        if self.own < 1:
            raise UserError(
                f"a batch of {size} has no room for bitmaps of the words",
                "Raise --settings.batch or lower the shares of --settings.mixture",
            )
        self.steps = max(len(part.bitmaps) // self.own, 1)
        self.size = self.own + self._others + self._strokes + self._other_strokes
        self.pixels = _on(device, part.bitmaps)
        self._labels = torch.from_numpy(part.bitmaps.labels).to(device)
        self._other_pixels = _on(device, part.other_bitmaps) if self._others else None
        self._aspects = aspects(part.bitmaps.pixels)
        self._other_odds = _odds(part.other_bitmaps.kinds, 0.5)
        self._stroke_odds = _odds(part.strokes.kinds, 0.0)
        self._other_stroke_odds = _odds(part.other_strokes.kinds, 0.5)

    def draw(self, seed: int, epoch: int, step: int) -> tuple[Tensor, Tensor]:
        """Pixels uint8 (N, 1, 28, 28) and targets float32 (N, K), rows summing to 1."""
        chosen = self._chosen(seed, epoch, step)
        rng = np.random.default_rng([seed, epoch, step])
        pixels = [self.pixels[chosen]]
        labels = [self._labels[chosen]]
        if self._other_pixels is not None:
            which = rng.choice(len(self._other_odds), self._others, p=self._other_odds)
            pixels.append(self._other_pixels[torch.from_numpy(which).to(self.device)])
            labels.append(torch.full((len(which),), OUTLIER, device=self.device))
        if self._strokes:
            which = rng.choice(len(self._stroke_odds), self._strokes, p=self._stroke_odds)
            self._add_strokes(self._part.strokes, which, rng, pixels, labels)
        if self._other_strokes:
            odds = self._other_stroke_odds
            which = rng.choice(len(odds), self._other_strokes, p=odds)
            self._add_strokes(self._part.other_strokes, which, rng, pixels, labels)
        return torch.cat(pixels)[:, None], soft_targets(torch.cat(labels), self.classes)

    def draw_indices(self, seed: int, epoch: int, step: int) -> tuple[Tensor, Tensor]:
        """Positions (N,) of the words' bitmaps that `draw` would show, and their targets (N, K)."""
        chosen = self._chosen(seed, epoch, step)
        return chosen, soft_targets(self._labels[chosen], self.classes)

    def _chosen(self, seed: int, epoch: int, step: int) -> Tensor:
        order = np.random.default_rng([seed, epoch]).permutation(len(self._part.bitmaps))
        return torch.from_numpy(order[step * self.own : (step + 1) * self.own]).to(self.device)

    def _add_strokes(
        self,
        strokes: Strokes,
        which: NDArray[np.int64],
        rng: np.random.Generator,
        pixels: list[Tensor],
        labels: list[Tensor],
    ) -> None:
        shares = rng.uniform(self.mixture.shortest, 1, len(which))
        drawings = []
        for k, share in zip(which, shares, strict=True):
            drawing = strokes.drawings[k].prefix(float(share))
            if strokes.stretched[k]:
                drawing = squeeze(drawing, self._plausible_aspect(int(strokes.labels[k]), rng))
            drawings.append(drawing)
        pixels.append(torch.from_numpy(rasterise_batch(drawings)).to(self.device))
        labels.append(torch.from_numpy(strokes.labels[which]).to(self.device))

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


def _on(device: torch.device, bitmaps: Bitmaps) -> Tensor:
    return torch.from_numpy(bitmaps.pixels).to(device)


def _odds(kinds: NDArray[np.int64], power: float) -> NDArray[np.float64]:
    """Odds of each drawing, so that a kind with n of them comes up in proportion to n ** power."""
    _, inverse, sizes = np.unique(kinds, return_inverse=True, return_counts=True)
    weights = (sizes.astype(float) ** (power - 1))[inverse]
    return weights / weights.sum()
