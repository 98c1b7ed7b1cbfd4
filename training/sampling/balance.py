"""How often an epoch shows each drawing, so that words with few drawings are learned too.

Data can be unbalanced: for example, 82 of the 345 words may have 900 bitmaps or more and the others
about nine bitmaps and 20 to 40 stroke drawings. Without balancing, the rare words would make up
about a hundredth of an epoch; if all words came up equally often, the network would memorise the
nine bitmaps. A word's share of an epoch therefore grows with its number of drawings up to a cap,
and each drawing is repeated a limited number of times.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Balance:
    """Limits of a word's share of an epoch.

    Attributes:
        cap: largest number of drawings of a word in an epoch, > 0. A word with more drawings shows
            different ones in each epoch.
        repeats: largest number of times that an epoch shows one drawing, >= 1. Partial stroke
            drawings differ each time, so they can be repeated more often than bitmaps.
    """

    cap: int = 2_000
    repeats: int = 8

    def counts(self, drawings: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many drawings of each word an epoch shows (K,), given how many exist (K,)."""
        return np.minimum(self.cap, drawings * self.repeats)

    def size(self, labels: NDArray[np.int64]) -> int:
        """Number of drawings in an epoch, given the labels (N,) of all drawings."""
        return int(self.counts(np.bincount(labels)).sum())

    def epoch(self, labels: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
        """Positions of the drawings that an epoch shows, in random order.

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
    """`count` of the places; how often any two of them come up differs by at most one."""
    rounds = -(-count // len(places))
    return np.concatenate([rng.permutation(places) for _ in range(rounds)])[:count]
