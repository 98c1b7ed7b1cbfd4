"""Perturbations: each changes only what its name says, in the same way every time."""

import numpy as np
import pytest
from numpy.typing import NDArray

from models.drawing import Drawing
from models.raster import rasterise_batch
from tests import made
from training.transforms import perturb

DRAWINGS = [drawing for word in made.SHAPES for drawing in made.drawings(word, 6)]


@pytest.fixture(scope="module")
def pixels() -> NDArray[np.uint8]:
    return rasterise_batch(DRAWINGS)


@pytest.fixture(scope="module")
def strokes() -> dict[str, list[Drawing]]:
    return perturb.other_strokes(DRAWINGS)


def test_bitmaps_change_as_they_are_said_to(pixels: NDArray[np.uint8]):
    changed = perturb.other_bitmaps(pixels)
    assert all(c.shape == pixels.shape and c.dtype == np.uint8 for c in changed.values())
    assert (changed["thicker"] >= pixels).all()
    assert (changed["thinner"] <= pixels).all()
    assert changed["thicker"].sum() > 1.3 * pixels.sum() > 1.5 * changed["thinner"].sum()
    assert np.array_equal(changed["mirrored"][:, :, ::-1], pixels)
    assert np.array_equal(np.roll(changed["shifted"], (-2, 2), (1, 2)), pixels)
    assert 20 < (changed["noise"].astype(float) - pixels).std() < 40
    assert not np.array_equal(changed["turned"], pixels)


def test_strokes_change_the_same_way_every_time(strokes: dict[str, list[Drawing]]):
    assert list(strokes) == ["shaky", "tilted", "mirrored", "jagged", "other order"]
    again = perturb.other_strokes(DRAWINGS)
    for name, drawings in strokes.items():
        assert len(drawings) == len(DRAWINGS)
        assert [d.to_lists() for d in drawings] == [d.to_lists() for d in again[name]]
        assert {d.word for d in drawings} == set(made.SHAPES)


def test_another_order_is_the_same_drawing_when_finished(
    strokes: dict[str, list[Drawing]], pixels: NDArray[np.uint8]
):
    other = strokes["other order"]
    difference = rasterise_batch(other).astype(int) - pixels
    assert np.abs(difference).max() <= 2
    halves = [
        rasterise_batch([d.prefix(0.5) for d in some]).astype(int) for some in (other, DRAWINGS)
    ]
    assert (np.abs(halves[0] - halves[1]).max((1, 2)) > 20).all()


def test_a_mirrored_drawing_is_the_mirror_image(
    strokes: dict[str, list[Drawing]], pixels: NDArray[np.uint8]
):
    mirrored = rasterise_batch(strokes["mirrored"])[:, :, ::-1]
    assert np.abs(mirrored.astype(int) - pixels).max() <= 2


def test_a_tilted_drawing_keeps_its_ink(strokes: dict[str, list[Drawing]]):
    for drawing, tilted in zip(DRAWINGS, strokes["tilted"], strict=True):
        assert tilted.ink == pytest.approx(drawing.ink, rel=1e-4)


@pytest.mark.parametrize("name", ["shaky", "jagged"])
def test_a_bad_hand_stays_near_the_line(
    strokes: dict[str, list[Drawing]], pixels: NDArray[np.uint8], name: str
):
    rasters = rasterise_batch(strokes[name])
    flat, other = pixels.reshape(len(pixels), -1), rasters.reshape(len(pixels), -1)
    alike = [np.corrcoef(a, b)[0, 1] for a, b in zip(flat, other, strict=True)]
    assert 0.5 < np.mean(alike) < 0.99


def test_a_single_point_survives_every_hand():
    dot = Drawing.from_lists([[[5], [7]]])
    assert all(d[0].points >= 1 for d in perturb.other_strokes([dot]).values())
