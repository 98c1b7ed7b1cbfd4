"""Drawings from outside Quick, Draw!: the metrics are right."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from models.drawing import Drawing
from models.raster import rasterise_batch
from tests import made
from training.data.collection import Collection
from training.metrics import outside


def collection(name: str, **counts: int) -> Collection:
    """So many drawings of each word."""
    drawn = [drawing for word, count in counts.items() for drawing in made.drawings(word, count)]
    labels = np.repeat([made.WORDS.index(word) for word in counts], list(counts.values()))
    return Collection(name, tuple(drawn), labels)


def at(threshold: float) -> dict[str, float]:
    """The same threshold for every word."""
    return dict.fromkeys(made.WORDS, threshold)


def oracle(drawings: Sequence[Drawing], answers: dict[float, Sequence[tuple[int, float]]]):
    """A judge with a given guess and probability for each drawing, from a share of its ink on."""
    known: dict[bytes, NDArray[np.float32]] = {}
    for share in outside.SHARES:
        at = max(start for start in answers if start <= share)
        rasters = rasterise_batch([drawing.prefix(share) for drawing in drawings])
        for raster, (guess, sure) in zip(rasters, answers[at], strict=True):
            row = np.full(3, (1 - sure) / 2, np.float32)
            row[guess] = sure
            known[raster.tobytes()] = row

    def probabilities(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.stack([known[bitmap.tobytes()] for bitmap in bitmaps])

    return probabilities


def test_accuracy_wins_and_mistakes_are_counted():
    students = collection("students", circle=10)
    early = [(1, 0.9)] * 3 + [(2, 0.9)] + [(0, 0.9)] * 6
    late = [(1, 0.99)] * 2 + [(0, 0.5)] * 3 + [(0, 0.99)] * 5
    judge = oracle(students.drawings, {0.1: early, 0.6: late})
    found = outside.measure(judge, [students], made.WORDS, at(0.95))["students"]
    assert found["drawings"] == {"circle": 10}
    assert found["top1"] == pytest.approx({"25%": 0.6, "50%": 0.6, "75%": 0.8, "100%": 0.8})
    assert found["by_word"]["circle"] == found["top1"]
    assert found["wins"] == found["wins_by_word"]["circle"] == pytest.approx(0.5)
    assert found["mistakes"]["25%"] == [
        {"word": "circle", "taken_for": "square", "share": pytest.approx(0.3)},
        {"word": "circle", "taken_for": "zigzag", "share": pytest.approx(0.1)},
    ]
    assert [m["taken_for"] for m in found["mistakes"]["100%"]] == ["square"]


def test_words_count_the_same_however_many_drawings_they_have():
    found = collection("one", circle=9, square=1)
    judge = oracle(found.drawings, {0.1: [(0, 0.9)] * 10})
    assert outside.measure(judge, [found], made.WORDS, at(0.5))["one"]["top1"]["100%"] == 0.5
