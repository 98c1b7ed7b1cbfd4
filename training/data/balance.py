"""How often each drawing is shown, so that words with few drawings are learned as well.

With all 345 words, 82 have 900 bitmaps or more and the others about nine, beside 20 to 40 stroke
drawings. Shown as they come, the starved words would be a hundredth of what is learned; shown
equally often, nine bitmaps would be learned by heart. So a word's share of an epoch grows with its
drawings up to a cap, and each drawing of a starved word is repeated at most so many times.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Balance:
    """Limits of a word's part of an epoch.

    Attributes:
        cap: drawings of a word in an epoch at most, > 0: one with more shows others each time.
        repeats: times that one drawing is shown in an epoch at most, >= 1. Beginnings of strokes
            differ each time, so their drawings bear more repeats than bitmaps.
    """

    cap: int = 2_000
    repeats: int = 8

    def counts(self, drawings: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many drawings of each word an epoch shows, (K,), of so many that there are, (K,)."""
        return np.minimum(self.cap, drawings * self.repeats)

    def epoch(self, labels: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
        """Positions of the drawings of an epoch, in random order.

        A word's drawings are all shown before any is shown again.

        Args:
            labels: int64 (N,), of all drawings, each >= 0.
            rng: chooses drawings and their order.
        """
        counts = self.counts(np.bincount(labels))
        chosen = [
            _some(np.flatnonzero(labels == label), int(count), rng)
            for label, count in enumerate(counts)
            if count
        ]
        return rng.permutation(np.concatenate([np.zeros(0, np.int64), *chosen]))


def _some(places: NDArray[np.int64], count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """So many of the places, each as often as any other or once more."""
    rounds = -(-count // len(places))
    return np.concatenate([rng.permutation(places) for _ in range(rounds)])[:count]
