"""Sources of drawings that a batch adds: bitmaps of other words, and partial drawings.

All drawings are on the device from the start; a step only chooses drawings and how much ink of each
is shown.
"""

from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.data.dataset import OUTLIER, Bitmaps, StrokeDrawings, aspects, squeezed
from training.transforms.segments import Pen
from training.transforms.tracing import trace


class Seen(NamedTuple):
    """Drawings of a step: pixels uint8 (N, 28, 28), labels and fine labels int64 (N,)."""

    pixels: Tensor
    labels: Tensor
    fine_labels: Tensor


class Source(Protocol):
    """A source of drawings for batches."""

    def take(self, which: NDArray[np.int64], rng: np.random.Generator) -> Seen:
        """The drawings at the positions `which` (N,), on the device."""
        ...


class FinishedDrawings:
    """Bitmaps of finished drawings."""

    def __init__(self, bitmaps: Bitmaps, device: torch.device) -> None:
        arrays = (bitmaps.pixels, bitmaps.labels, bitmaps.fine_labels)
        self.all = Seen(*(torch.from_numpy(array).to(device) for array in arrays))

    def take(self, which: NDArray[np.int64], rng: np.random.Generator) -> Seen:
        places = torch.from_numpy(which).to(self.all.labels.device)
        return Seen(*(each[places] for each in self.all))


class PartialDrawings:
    """Stroke drawings cut off after a random share of their ink, at least `shortest`.

    A drawing whose aspect ratio is lost gets that of a random bitmap of `models`, of the same word
    if there is one.
    """

    def __init__(
        self, strokes: StrokeDrawings, shortest: float, models: Bitmaps, device: torch.device
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


def traced(bitmaps: Bitmaps, rng: np.random.Generator) -> StrokeDrawings:
    """Bitmaps traced into strokes; a blank bitmap gives a drawing without strokes."""
    drawings = tuple(trace(pixels, rng) for pixels in bitmaps.pixels)
    return StrokeDrawings(
        drawings, bitmaps.labels, bitmaps.fine_labels, np.zeros(len(drawings), np.bool_)
    )
