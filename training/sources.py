"""What may be added to a batch of the words' bitmaps: other words' bitmaps, and beginnings."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.drawing import Drawing
from models.raster import rasterise_batch
from training.dataset import OUTLIER, Bitmaps, Strokes, aspects, squeeze
from training.tracing import trace


class Source(Protocol):
    """Where drawings come from."""

    def take(self, which: NDArray[np.int64], rng: np.random.Generator) -> Bitmaps:
        """The drawings at those positions, as a step sees them."""
        ...


@dataclass(frozen=True)
class Finished:
    """Bitmaps as they are."""

    bitmaps: Bitmaps

    def take(self, which: NDArray[np.int64], rng: np.random.Generator) -> Bitmaps:
        return self.bitmaps.at(which)


@dataclass(frozen=True)
class Begun:
    """Stroke drawings cut off after a random share of their ink, from `shortest` on.

    One whose aspect is lost gets that of one of the `models`, of its own word's if it has one.
    """

    strokes: Strokes
    shortest: float
    models: Bitmaps

    def take(self, which: NDArray[np.int64], rng: np.random.Generator) -> Bitmaps:
        shares = rng.uniform(self.shortest, 1, len(which))
        drawings: list[Drawing] = []
        for k, share in zip(which, shares, strict=True):
            drawing = self.strokes.drawings[k].prefix(float(share))
            if self.strokes.stretched[k]:
                drawing = squeeze(drawing, self._plausible_aspect(int(self.strokes.labels[k]), rng))
            drawings.append(drawing)
        return _drawn(drawings, self.strokes.labels[which], self.strokes.kinds[which])

    @cached_property
    def _aspects(self) -> NDArray[np.float32]:
        return aspects(self.models.pixels)

    def _plausible_aspect(self, label: int, rng: np.random.Generator) -> float:
        own = self._aspects[self.models.labels == label] if label != OUTLIER else self._aspects
        return float(rng.choice(own))


@dataclass(frozen=True)
class Traced:
    """Bitmaps traced back into strokes, cut off likewise; a blank one stays blank."""

    bitmaps: Bitmaps
    shortest: float

    def take(self, which: NDArray[np.int64], rng: np.random.Generator) -> Bitmaps:
        traced = [trace(pixels, rng) for pixels in self.bitmaps.pixels[which]]
        shares = rng.uniform(self.shortest, 1, len(which))
        begun = [d.prefix(float(share)) for d, share in zip(traced, shares, strict=True)]
        return _drawn(begun, self.bitmaps.labels[which], self.bitmaps.kinds[which])


def _drawn(
    drawings: Sequence[Drawing], labels: NDArray[np.int64], kinds: NDArray[np.int64]
) -> Bitmaps:
    return Bitmaps(rasterise_batch(drawings), labels, kinds)
