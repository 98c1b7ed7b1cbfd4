"""Batches of a training step: bitmaps of the words, partial drawings, drawings of other words.

All drawings are kept on the device, where stroke drawings are cut off and rendered; the host only
chooses which drawings a step sees. The choice depends on (seed, epoch, step) alone, so a run that
is resumed sees exactly the batches it would have seen without the interruption.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.command import UserError
from training.data.dataset import OUTLIER, Bitmaps, Part, StrokeDrawings
from training.sampling.balance import Balance
from training.sampling.mixture import Mixture
from training.sampling.sources import FinishedDrawings, PartialDrawings, Source, traced

FETCH = "python -m training.fetch --words all"
BITMAPS_OF_OTHERS = ("bitmaps of other words", FETCH)
KINDS: Mapping[
    str, tuple[str, str]
] = {  # by the names in `Mixture`: what they are, how to get them
    "outliers": BITMAPS_OF_OTHERS,
    "strokes": ("stroke drawings of the words", f"{FETCH} --form simplified"),
    "more": ("drawings from elsewhere", "training.train --more FOLDER"),
    "outlier_strokes": ("stroke drawings of other words", f"{FETCH} --form simplified"),
    "traced": ("bitmaps of the words", FETCH),
    "outlier_traced": BITMAPS_OF_OTHERS,
}
TRACED = 20_000  # most bitmaps of a source that are traced into strokes, which takes 25 seconds


@dataclass(frozen=True)
class Batch:
    """The drawings of one step; the words' bitmaps come first.

    Attributes:
        pixels: uint8 (N, 1, 28, 28).
        targets: float32 (N, K), target probabilities; each row sums to 1.
        fine_labels: int64 (N,), positions in `words.ALL`, which distinguish the other words as
            well.
        chosen: int64 (M,), positions of the first M drawings among the words' training bitmaps.
    """

    pixels: Tensor
    targets: Tensor
    fine_labels: Tensor
    chosen: Tensor


class Batches:
    """Batches of `size` drawings from one split.

    Args:
        part: the split that the drawings come from.
        classes: number of words, K.
        size: drawings in a batch, N.
        mixture: shares of the kinds of drawings in a batch.
        device: where the drawings are kept.
        level: if true, an epoch has as many steps as it would without a mixture, so it does not
            show every bitmap; if false, it has as many as it takes to show every bitmap once.
        epochs: number of epochs of the run; only as many bitmaps are traced as these need.
        seed: chooses the bitmaps that are traced and the order of their strokes.
        balance: limits of a word's bitmaps in an epoch; None to show every bitmap once.

    Raises:
        UserError: if there are none of the drawings that the mixture asks for, or no room for the
            words' bitmaps.
    """

    def __init__(
        self,
        part: Part,
        classes: int,
        size: int,
        mixture: Mixture,
        device: torch.device,
        level: bool = False,
        epochs: int = 1,
        seed: int = 0,
        balance: Balance | None = None,
    ) -> None:
        self.classes, self.device = classes, device
        require_drawings(part, mixture)
        self._bitmaps = FinishedDrawings(part.bitmaps, device)
        counts = [(share, share.count(size)) for share in _shares(part, mixture)]
        self._counts = [(share, count) for share, count in counts if count]
        added = sum(count for _, count in self._counts)
        self._balance, self._labels = balance, part.bitmaps.labels
        shown = balance.size(self._labels) if balance else len(part.bitmaps)
        self.own = min(size - added, len(part.bitmaps), shown)
        if self.own < 1:
            raise UserError(
                f"a batch of {size} has no room for bitmaps of the words",
                "Raise --settings.batch or lower the shares of --settings.mixture",
            )
        self.size = self.own + added
        self.steps = max(shown // (self.size if level else self.own), 1)
        self._seed, self._batches = seed, self.steps * epochs
        self._partial = functools.partial(
            PartialDrawings, shortest=mixture.shortest, models=part.bitmaps, device=device
        )
        self._order: tuple[tuple[int, int], NDArray[np.int64]] | None = None

    @property
    def pixels(self) -> Tensor:
        """The words' bitmaps, uint8 (N, 28, 28)."""
        return self._bitmaps.all.pixels

    @cached_property
    def _added(self) -> "list[_Addition]":
        """The drawings added to each batch, made on first use: counting steps needs no tracing."""
        rng, added = np.random.default_rng(self._seed), list[_Addition]()
        for share, count in self._counts:
            drawings, odds = share.pool(count * self._batches, rng)
            partial = isinstance(drawings, StrokeDrawings)
            source = self._partial(drawings) if partial else FinishedDrawings(drawings, self.device)
            added.append(_Addition(source, count, np.cumsum(odds) / odds.sum()))
        return added

    def draw(self, seed: int, epoch: int, step: int) -> Batch:
        """The batch of a step (0, 1, ...) of an epoch (0, 1, ...)."""
        chosen = self._chosen(seed, epoch, step)
        rng = np.random.default_rng([seed, epoch, step])
        found = [self._bitmaps.take(chosen, rng)]
        for addition in self._added:
            which = addition.below.searchsorted(rng.random(addition.count), "right")
            found.append(addition.source.take(which, rng))
        pixels, labels, fine_labels = map(torch.cat, zip(*found, strict=True))
        targets = target_rows(labels, self.classes)
        return Batch(pixels[:, None], targets, fine_labels, self._sent(chosen))

    def draw_indices(self, seed: int, epoch: int, step: int) -> tuple[Tensor, Tensor]:
        """Positions (N,) of the words' bitmaps that `draw` would show, and their targets (N, K)."""
        chosen = self._sent(self._chosen(seed, epoch, step))
        return chosen, target_rows(self._bitmaps.all.labels[chosen], self.classes)

    def _chosen(self, seed: int, epoch: int, step: int) -> NDArray[np.int64]:
        if self._order is None or self._order[0] != (seed, epoch):
            rng = np.random.default_rng([seed, epoch])
            balance = self._balance
            order = (
                balance.epoch(self._labels, rng) if balance else rng.permutation(len(self.pixels))
            )
            self._order = (seed, epoch), order
        return self._order[1][step * self.own : (step + 1) * self.own]

    def _sent(self, places: NDArray[np.int64]) -> Tensor:
        return torch.from_numpy(places).to(self.device)


@dataclass(frozen=True)
class _Addition:
    """Some drawings of a source in every batch; `below` is the cumulative sum of their odds."""

    source: Source
    count: int
    below: NDArray[np.float64]


@dataclass(frozen=True)
class _Share:
    """One part of a mixture: its name, its share of a batch, its drawings, and whether they are
    partial.

    A word with n drawings comes up in proportion to n ** `power`.
    """

    name: str
    share: float
    drawings: Bitmaps | StrokeDrawings
    power: float
    partial: bool = True

    def count(self, size: int) -> int:
        """Number of these drawings in a batch of `size`."""
        return round(size * self.share)

    def pool(
        self, draws: int, rng: np.random.Generator
    ) -> tuple[Bitmaps | StrokeDrawings, NDArray[np.float64]]:
        """The drawings to sample from and their odds; bitmaps to be cut off are traced first."""
        odds = _odds(self.drawings.fine_labels, self.power)
        if isinstance(self.drawings, StrokeDrawings) or not self.partial:
            return self.drawings, odds
        count = min(draws, TRACED)
        chosen = self.drawings.at(rng.choice(len(odds), count, p=odds))
        return traced(chosen, rng), np.full(count, 1 / count)


def _shares(part: Part, mixture: Mixture) -> tuple[_Share, ...]:
    """Words are equally likely; other words in proportion to the square root of their drawings."""
    own, others = part.bitmaps, part.other_bitmaps
    return (
        _Share("outliers", mixture.outliers, others, 0.5, partial=False),
        _Share("strokes", mixture.strokes, part.strokes, 0.0),
        _Share("more", mixture.more, part.more_strokes, 0.0),
        _Share("outlier_strokes", mixture.outlier_strokes, part.other_strokes, 0.5),
        _Share("traced", mixture.traced, own, 0.0),
        _Share("outlier_traced", mixture.outlier_traced, others, 0.5),
    )


def require_drawings(part: Part, mixture: Mixture) -> None:
    """Check that a split has each kind of drawings that a mixture asks for.

    Raises:
        UserError: if not: runs without them would be told apart by nothing but their record.
    """
    for each in _shares(part, mixture):
        if each.share and not len(each.drawings):
            kind, how = KINDS[each.name]
            raise UserError(
                f"mixture.{each.name} is {each.share:g}, but there are no {kind}",
                f"Leave it at 0, or add such drawings: {how}",
            )


def target_rows(labels: Tensor, classes: int) -> Tensor:
    """One-hot rows (N, K) float32 for labels (N,), uniform rows for `OUTLIER`."""
    targets = torch.nn.functional.one_hot(labels.clamp(min=0), classes).float()
    targets[labels == OUTLIER] = 1 / classes
    return targets


def _odds(fine_labels: NDArray[np.int64], power: float) -> NDArray[np.float64]:
    """Odds of each drawing; a word with n drawings comes up in proportion to n ** power."""
    _, inverse, sizes = np.unique(fine_labels, return_inverse=True, return_counts=True)
    weights = (sizes.astype(float) ** (power - 1))[inverse]
    return weights / weights.sum()
