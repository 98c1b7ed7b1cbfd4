"""Shares of the kinds of drawings in a batch; `training.sampling.batches` makes the batches."""

from dataclasses import dataclass

from training.limits import PositiveShare, Share


@dataclass(frozen=True)
class Mixture:
    """Shares of a batch, each in [0, 1]; the rest is bitmaps of the words.

    Attributes:
        strokes: share of partial stroke drawings of the words; every word is equally likely.
        outliers: share of bitmaps of other words, with a uniform target (outlier exposure,
            Hendrycks et al. 2019, arXiv 1812.04606).
        outlier_strokes: share of partial stroke drawings of other words, with a uniform target.
        traced: share of partial drawings made from the words' bitmaps, whose lines are traced into
            strokes (`training.transforms.tracing`); every word is equally likely.
        outlier_traced: the same for bitmaps of other words, with a uniform target.
        shortest: smallest share of its ink that a partial drawing shows, in (0, 1].
        more: share of partial stroke drawings from elsewhere (`training.train --more`);
            every word is equally likely.
    """

    strokes: Share = 0.0
    outliers: Share = 0.0
    outlier_strokes: Share = 0.0
    traced: Share = 0.0
    outlier_traced: Share = 0.0
    shortest: PositiveShare = 0.15
    more: Share = 0.0

    @property
    def stroked(self) -> bool:
        """Whether the mixture uses stroke drawings."""
        return bool(self.strokes or self.outlier_strokes)

    @property
    def foreign(self) -> bool:
        """Whether the mixture uses drawings of other words."""
        return bool(self.outliers or self.outlier_strokes or self.outlier_traced)
