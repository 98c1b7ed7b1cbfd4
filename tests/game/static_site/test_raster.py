"""The browser's rasteriser equals the Python one, to within one grey level."""

import numpy as np
import pytest
from numpy.typing import NDArray

from game.messages import Strokes
from game.records.shipped_ghosts import SHIPPED, hands_file
from game.rules.sketches import DRAWINGS, dense
from models.drawing import Drawing
from models.raster import SIDE, rasterise_batch
from tests.game.static_site.node import Call
from tests.made import SHAPES, drawings

SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)


def recorded() -> list[Strokes]:
    """The shipped drawings, from the first ink to the whole."""
    hands = [
        Drawing.from_lists(hand.strokes) for hand in hands_file.validate_json(SHIPPED.read_bytes())
    ]
    return [hand.prefix(share).to_lists() for hand in hands for share in SHARES]


def generated() -> list[Strokes]:
    """Shapes of any size and place, drawn by simulated hands, from the first ink to the whole."""
    shapes = [drawing for word in SHAPES for drawing in drawings(word, 12)]
    words = [
        Drawing.from_lists([[*map(list, zip(*dense(line), strict=True))] for line in lines])
        for lines in DRAWINGS.values()
    ]
    return [drawing.prefix(share).to_lists() for drawing in [*shapes, *words] for share in SHARES]


def odd() -> list[Strokes]:
    """Dots, repeated points, a speck, scribbles, and strokes that leave the pad."""
    rng = np.random.default_rng(5)
    walks = [
        [rng.uniform(-256, 512, (2, 40)).round(1).tolist() for _ in range(3)],
        [rng.normal(128, 0.5, (2, 30)).tolist()],
        [rng.uniform(0, 256, (2, 1)).tolist() for _ in range(20)],
        [np.repeat(rng.uniform(0, 256, (2, 12)), 3, axis=1).tolist()],
        [rng.uniform(0, 256, (2, 2000)).round(1).tolist()],
    ]
    return [
        [[[128.0], [128.0]]],
        [[[0.0, 0.0], [0.0, 256.0]]],
        [[[3.0, 250.0], [9.0, 9.0]]],
        [[[5.0, 5.0, 5.0], [7.0, 7.0, 7.0]]],
        *walks,
    ]


def ours(strokes: list[Strokes]) -> NDArray[np.uint8]:
    return rasterise_batch([Drawing.from_lists(lists) for lists in strokes])


def theirs(js: Call, strokes: list[Strokes]) -> NDArray[np.uint8]:
    rows = js("bitmaps", [[stroke[:2] for stroke in lists] for lists in strokes])
    return np.array(rows, np.uint8).reshape(-1, SIDE, SIDE)


@pytest.mark.parametrize(
    "strokes", [recorded(), generated(), odd()], ids=["recorded", "generated", "odd"]
)
def test_a_bitmap_is_ours_to_within_one_step(js: Call, strokes: list[Strokes]):
    expected, found = ours(strokes), theirs(js, strokes)
    assert expected.max(axis=(1, 2)).min() > 128
    assert np.abs(expected.astype(int) - found).max() <= 1
    assert (expected != found).mean() < 0.001


def test_nothing_drawn_is_a_black_bitmap(js: Call):
    assert theirs(js, [[]]).sum() == 0


def test_hundreds_are_compared():
    assert len(recorded()) + len(generated()) > 200
