"""Makes samples with known true values, and counts how often something happens in many of them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]


def normal(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    return rng.normal(0, 1, n)


def uneven(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Values of mean 0 and two spreads, like differences of accuracies on easy and hard seeds."""
    return rng.normal(0, 1, n) * rng.choice([0.5, 2.0], n)


def share(hits: Callable[[np.random.Generator], bool], repeats: int) -> float:
    rng = np.random.default_rng(7)
    return sum(hits(rng) for _ in range(repeats)) / repeats
