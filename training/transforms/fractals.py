"""Fractal images that contain no drawings: attractors of iterated function systems.

After FractalDB (Kataoka et al. 2020, ACCV, "Pre-training without Natural Images"): a category is a
random set of affine maps, and its images are variants of that set with one parameter made a little
larger or smaller. No photos, drawings or human labels are involved.
"""

import numpy as np
from numpy.typing import NDArray

from models.raster import SIDE

Array = NDArray[np.float64]

MAPS = (2, 8)  # of a category, both bounds included
FILLED = 0.2  # smallest share of pixels that an attractor touches, as in FractalDB
FACTORS = (0.8, 0.9, 1.1, 1.2)  # of one parameter, as in FractalDB
PARAMETERS = 6  # of an affine map
WALKERS, BURN_IN, STEPS = 64, 16, 24  # points of the chaos game, steps left out, steps drawn
MARGIN = 2  # pixels of 28 left free, as in Google's bitmaps


def images(
    categories: int, each: int, seed: int = 0, points: int = 0
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Bitmaps (categories * each, 28, 28), light on black, and their categories (N,).

    Args:
        categories: how many attractors.
        each: images per category; beyond 25, variants repeat with other points.
        seed: determines the categories.
        points: seed of the points that are drawn.
    """
    systems = np.stack([_system(seed, number) for number in range(categories)])
    which = np.repeat(np.arange(categories), each)
    varied = _vary(systems[which], np.tile(np.arange(each), categories))
    rng = np.random.default_rng([seed, points])
    chunks = np.array_split(np.arange(len(which)), max(len(which) // 1000, 1))
    return np.concatenate([render(varied[chunk], rng) for chunk in chunks]), which.astype(np.int64)


def _system(seed: int, number: int) -> Array:
    """Maps (8, 6) of a category whose attractor fills enough of the square; unused ones are 0."""
    rng = np.random.default_rng([seed, number])
    while True:
        system = np.zeros((MAPS[1], PARAMETERS))
        for row in range(rng.integers(*MAPS, endpoint=True)):
            system[row] = _contraction(rng)
        if (render(system[None], rng) > 0).mean() >= FILLED:
            return system


def _contraction(rng: np.random.Generator) -> Array:
    """A contracting affine map a b c d e f, all parameters in (-1, 1)."""
    while True:
        found = rng.uniform(-1, 1, PARAMETERS)
        if np.linalg.norm(found[:4].reshape(2, 2), 2) < 1:
            return found


def _vary(systems: Array, variants: NDArray[np.int64]) -> Array:
    """Systems (N, 8, 6), in each of which one parameter of all maps is multiplied, or none."""
    varied = systems.copy()
    number = variants % (1 + PARAMETERS * len(FACTORS))
    changed = np.flatnonzero(number)
    parameter, factor = np.divmod(number[changed] - 1, len(FACTORS))
    varied[changed, :, parameter] *= np.array(FACTORS)[factor, None]
    return varied


def render(systems: Array, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Attractors (N, 28, 28) of systems (N, 8, 6), by the chaos game, each fitted to the square."""
    a, b, c, d = (systems[:, :, k] for k in range(4))
    area = np.abs(a * d - b * c)
    used = systems.any(2)
    odds = np.where(used, np.maximum(area, 1e-3), 0).cumsum(1)
    rows = np.arange(len(systems))[:, None]
    points = np.zeros((len(systems), WALKERS, 2))
    seen: list[Array] = []
    for step in range(BURN_IN + STEPS):
        chance = rng.random((len(systems), WALKERS)) * odds[:, -1:]
        chosen = (chance[:, :, None] >= odds[:, None, :-1]).sum(2)
        maps = systems[rows, chosen]
        x, y = points[..., 0], points[..., 1]
        points = np.stack(
            [
                maps[..., 0] * x + maps[..., 1] * y + maps[..., 4],
                maps[..., 2] * x + maps[..., 3] * y + maps[..., 5],
            ],
            2,
        ).clip(-1e6, 1e6)  # the map of a variant may not be contracting
        if step >= BURN_IN:
            seen.append(points)
    return _draw(np.concatenate(seen, 1))


def _draw(points: Array) -> NDArray[np.uint8]:
    """Points (N, P, 2) as bitmaps: pixels get lighter with each hit, up to four hits."""
    low, high = points.min(1, keepdims=True), points.max(1, keepdims=True)
    side = SIDE - 2 * MARGIN
    scale = (side - 1e-6) / np.maximum((high - low).max(2, keepdims=True), 1e-9)
    middle = (low + high) / 2
    pixels = ((points - middle) * scale + SIDE / 2).astype(np.int64).clip(0, SIDE - 1)
    flat = np.arange(len(points))[:, None] * SIDE**2 + pixels[..., 1] * SIDE + pixels[..., 0]
    hits = np.bincount(flat.ravel(), minlength=len(points) * SIDE**2)
    return (np.minimum(hits, 4) * 255 // 4).astype(np.uint8).reshape(-1, SIDE, SIDE)
