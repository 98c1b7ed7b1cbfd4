"""Drawings from outside Quick, Draw!: which files are used, and that the metrics are right."""

import gzip
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.command import UserError
from models.drawing import Drawing
from models.raster import rasterise_batch
from tests import made
from training.metrics import outside


def write(path: Path, drawings: Sequence[Drawing]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(drawing.to_json() + "\n" for drawing in drawings).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)


@pytest.fixture(name="folder")
def folder_of_two_collections(tmp_path: Path) -> Path:
    write(tmp_path / "students" / "circle.ndjson.gz", made.drawings("circle", 10))
    write(tmp_path / "students" / "star.ndjson.gz", made.drawings("star", 3))
    write(tmp_path / "game" / "square.ndjson", made.drawings("square", 4))
    write(tmp_path / "strangers" / "star.ndjson", made.drawings("star", 3))
    (tmp_path / "README.md").write_text("not a collection")
    return tmp_path


def at(threshold: float) -> dict[str, float]:
    """The same threshold for every word."""
    return dict.fromkeys(made.WORDS, threshold)


def test_words_that_the_model_does_not_know_are_left_out(folder: Path):
    game, students = outside.read(folder, made.WORDS)
    assert (game.name, game.labels.tolist()) == ("game", [1] * 4)
    assert (students.name, students.labels.tolist()) == ("students", [0] * 10)
    assert [drawing.key for drawing in students.drawings][:2] == ["circle0", "circle1"]


def test_a_drawing_without_ink_is_left_out(tmp_path: Path):
    dot = Drawing.from_lists([[[5], [5]]])
    write(tmp_path / "one" / "circle.ndjson", [dot, made.drawing("circle", 1)])
    [found] = outside.read(tmp_path, made.WORDS)
    assert len(found.drawings) == 1


@pytest.mark.parametrize("name", ["students", "none"])
def test_a_folder_without_drawings_of_the_words_is_refused(folder: Path, name: str):
    with pytest.raises(UserError, match="has no drawings of the model's words"):
        outside.read(folder / name, made.WORDS)


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


def test_accuracy_wins_and_mistakes_are_counted(folder: Path):
    _, students = outside.read(folder, made.WORDS)
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


def test_words_count_the_same_however_many_drawings_they_have(tmp_path: Path):
    write(tmp_path / "one" / "circle.ndjson", made.drawings("circle", 9))
    write(tmp_path / "one" / "square.ndjson", made.drawings("square", 1))
    [found] = outside.read(tmp_path, made.WORDS)
    judge = oracle(found.drawings, {0.1: [(0, 0.9)] * 10})
    assert outside.measure(judge, [found], made.WORDS, at(0.5))["one"]["top1"]["100%"] == 0.5
