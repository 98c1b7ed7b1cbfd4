"""Made samples whose truth is known, and how often something happens over many of them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]


def normal(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    return rng.normal(0, 1, n)


def uneven(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Mean 0, two sizes of spread, as differences of accuracies have on easy and hard seeds."""
    return rng.normal(0, 1, n) * rng.choice([0.5, 2.0], n)


def share(hits: Callable[[np.random.Generator], bool], repeats: int) -> float:
    rng = np.random.default_rng(7)
    return sum(hits(rng) for _ in range(repeats)) / repeats
