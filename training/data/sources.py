"""What may be added to a batch of the words' bitmaps: other words' bitmaps, and partial drawings.

All of it lies on the device from the start; a step only chooses drawings, and how much of each.
"""

from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.data.dataset import OUTLIER, Bitmaps, Strokes, aspects, squeezed
from training.data.segments import Pen
from training.data.tracing import trace


class Seen(NamedTuple):
    """Drawings as a step sees them: pixels uint8 (N, 28, 28), labels and fine labels int64 (N,)."""

    pixels: Tensor
    labels: Tensor
    fine_labels: Tensor


class Source(Protocol):
    """Where drawings come from."""

    def take(self, which: NDArray[np.int64], rng: np.random.Generator) -> Seen:
        """The drawings at those positions, on the device."""
        ...


class Finished:
    """Bitmaps as they are."""

    def __init__(self, bitmaps: Bitmaps, device: torch.device) -> None:
        arrays = (bitmaps.pixels, bitmaps.labels, bitmaps.fine_labels)
        self.all = Seen(*(torch.from_numpy(array).to(device) for array in arrays))

    def take(self, which: NDArray[np.int64], rng: np.random.Generator) -> Seen:
        places = torch.from_numpy(which).to(self.all.labels.device)
        return Seen(*(each[places] for each in self.all))


class PartialDrawings:
    """Stroke drawings cut off after a random share of their ink, from `shortest` on.

    One whose aspect is lost gets that of one of the `models`, of its own word's if it has one.
    """

    def __init__(
        self, strokes: Strokes, shortest: float, models: Bitmaps, device: torch.device
    ) -> None:
        self._strokes, self._shortest, self._models = strokes, shortest, models
        self._pen = Pen(strokes.segments, device)
        self._device = device

    def take(self, which: NDArray[np.int64], rng: np.random.Generator) -> Seen:
        strokes = self._strokes
        shares = rng.uniform(self._shortest, 1, len(which))
        scales = np.ones((len(which), 2), np.float32)
        for row in np.flatnonzero(strokes.stretched[which]):
            scales[row] = squeezed(self._plausible_aspect(int(strokes.labels[which[row]]), rng))
        said = (
            torch.from_numpy(of[which]).to(self._device)
            for of in (strokes.labels, strokes.fine_labels)
        )
        return Seen(self._pen.paint(which, shares, scales), *said)

    @cached_property
    def _aspects(self) -> dict[int, NDArray[np.float32]]:
        found, labels = aspects(self._models.pixels), self._models.labels
        own = {int(label): found[labels == label] for label in np.unique(labels)}
        return own | {OUTLIER: found}

    def _plausible_aspect(self, label: int, rng: np.random.Generator) -> float:
        return float(rng.choice(self._aspects.get(label, self._aspects[OUTLIER])))


def traced(bitmaps: Bitmaps, rng: np.random.Generator) -> Strokes:
    """Bitmaps traced back into strokes; a blank one has none."""
    drawings = tuple(trace(pixels, rng) for pixels in bitmaps.pixels)
    return Strokes(drawings, bitmaps.labels, bitmaps.fine_labels, np.zeros(len(drawings), np.bool_))
