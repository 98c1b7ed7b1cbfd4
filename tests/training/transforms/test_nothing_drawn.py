"""Drawings of nothing: five kinds, repeatable, within the pad, and all different."""

import numpy as np

from models.raster import rasterise_batch
from training.transforms.nothing_drawn import PAD, nonsense


def test_five_kinds_the_same_for_the_same_seed():
    drawn = nonsense(4)
    assert list(drawn) == ["scribble", "line", "dot", "filled pad", "letters"]
    again, other = nonsense(4), nonsense(4, seed=1)
    for kind, drawings in drawn.items():
        assert [d.to_lists() for d in drawings] == [d.to_lists() for d in again[kind]]
        assert [d.to_lists() for d in drawings] != [d.to_lists() for d in other[kind]]
        assert len({str(d.to_lists()) for d in drawings}) == 4


def test_all_ink_lies_on_the_pad():
    for drawings in nonsense(30).values():
        for drawing in drawings:
            points = np.concatenate([stroke.xy for stroke in drawing.strokes])
            assert points.min() >= 0
            assert points.max() <= PAD
            assert drawing.ink > 0


def test_each_kind_looks_like_itself():
    ink = {kind: rasterise_batch(d).mean((1, 2)) for kind, d in nonsense(30).items()}
    assert ink["filled pad"].mean() > 2 * ink["letters"].mean()
    assert ink["letters"].mean() > 2 * ink["dot"].mean()
    assert all(len(d.strokes) == 1 for d in nonsense(30)["line"])
    assert {len(d.strokes) for d in nonsense(30)["scribble"]} == {1, 2, 3, 4}
