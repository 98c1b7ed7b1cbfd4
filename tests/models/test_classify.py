"""`python -m models.classify`, from a copy of the package with a published model made here."""

import contextlib
import io
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray

import models
from models.bitmap_files import read_bitmaps
from models.classifier import Classifier
from models.command import UserError
from models.raster import rasterise_batch
from models.shelf import DEFAULT, open_model
from tests import cli, made

CLASSIFY = "models.classify"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package `models` and a model on its shelf."""
    home = tmp_path_factory.mktemp("home")
    source = Path(models.__file__).parent
    shutil.copytree(source, home / "models", ignore=shutil.ignore_patterns("published", "*.pyc"))
    made.publish(home / "models" / "published", DEFAULT)
    return home


@pytest.fixture(scope="module")
def classifier(home: Path) -> Classifier:
    return open_model(shelf=home / "models" / "published")


def saved(rows: NDArray[np.generic]) -> bytes:
    file = io.BytesIO()
    np.save(file, rows)
    return file.getvalue()


def test_words_are_printed_in_column_order(home: Path):
    result = cli.run(CLASSIFY, "--words", cwd=home)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == list(made.WORDS)


def test_bitmaps_become_rows_of_probabilities(home: Path, classifier: Classifier, tmp_path: Path):
    bitmaps = made.scrambled(np.random.default_rng(0), 300)  # more than one batch
    np.save(tmp_path / "b.npy", bitmaps.reshape(300, 784))
    out = tmp_path / "new folder" / "p.npy"
    result = cli.run(CLASSIFY, "--bitmaps", tmp_path / "b.npy", "--out", out, cwd=home)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    probabilities = np.load(out)
    assert (probabilities.dtype, probabilities.shape) == (np.float32, (300, len(made.WORDS)))
    np.testing.assert_allclose(probabilities, classifier.probabilities(bitmaps), atol=1e-5)
    assert made.contents(tmp_path) == {"b.npy", "new folder/p.npy"}


def test_the_first_half_of_drawings_is_judged(home: Path, classifier: Classifier, tmp_path: Path):
    drawings = [made.drawing(word, n) for word in made.WORDS for n in range(4)]
    made.write_strokes(tmp_path, "simplified", "mixed", drawings)
    file, out = tmp_path / "simplified" / "mixed.ndjson.gz", tmp_path / "p.npy"
    result = cli.run(CLASSIFY, "--drawings", file, "--ink", "0.5", "--out", out, cwd=home)
    assert (result.returncode, result.stderr) == (0, "")
    halves = rasterise_batch([drawing.prefix(0.5) for drawing in drawings])
    np.testing.assert_allclose(np.load(out), classifier.probabilities(halves), atol=1e-5)


def test_without_out_a_table_shows_the_best_guesses(home: Path, tmp_path: Path):
    np.save(tmp_path / "b.npy", rasterise_batch([made.drawing(w, 50) for w in made.WORDS]))
    result = cli.run(CLASSIFY, "--bitmaps", tmp_path / "b.npy", cwd=home)
    assert (result.returncode, result.stderr) == (0, "")
    rows = [line.split("│") for line in result.stdout.splitlines() if "│" in line]
    assert [(row[1].strip(), row[2].strip()) for row in rows] == [
        (str(number), word) for number, word in enumerate(made.WORDS)
    ]
    assert all("%" in row[3] and "," in row[4] for row in rows)


def test_no_drawings_are_an_empty_answer(home: Path, tmp_path: Path):
    (tmp_path / "none.ndjson").touch()
    out = tmp_path / "p.npy"
    result = cli.run(CLASSIFY, "--drawings", tmp_path / "none.ndjson", "--out", out, cwd=home)
    assert (result.returncode, result.stderr) == (0, "")
    assert np.load(out).shape == (0, len(made.WORDS))


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("", "expected either --bitmaps or --drawings"),
        ("--bitmaps b.npy --drawings d.ndjson", "expected either --bitmaps or --drawings"),
        ("--drawings good.ndjson --ink 1.5", "--ink 1.5 is no share"),
        ("--bitmaps good.npy --ink 0.5", "--ink 0.5 is for strokes, and bitmaps have none"),
        ("--bitmaps good.npy --words", "--words guesses nothing. Leave out --bitmaps"),
        ("--bitmaps good.npy --out .", "cannot write .: "),
        ("--drawings bad.ndjson", "bad.ndjson, line 1: not JSON"),
        ("--bitmaps good.npy --out good.npy/p.npy", "cannot write good.npy/p.npy"),
        ("--words --model none", "no model 'none' on the shelf. Known models: classic-b0"),
    ],
)
def test_mistakes_are_one_line_and_exit_2(home: Path, options: str, found: str):
    np.save(home / "good.npy", np.zeros((1, 784), np.uint8))
    (home / "good.ndjson").write_text(made.drawing("star", 0).to_json())
    (home / "bad.ndjson").write_text("{'drawing': []}\n")
    assert found in cli.error_of(cli.run(CLASSIFY, *options.split(), cwd=home))


@pytest.mark.parametrize("shape", [(5, 784), (5, 28, 28), (0, 784)])
def test_bitmaps_are_read_in_both_shapes(tmp_path: Path, shape: tuple[int, ...]):
    rows = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    np.save(tmp_path / "b.npy", rows)
    np.testing.assert_array_equal(read_bitmaps(tmp_path / "b.npy"), rows.reshape(-1, 28, 28))


GOOD = saved(np.zeros((3, 784), np.uint8))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "cannot read"),
        (b"PK\x03\x04 and no archive", "is an archive of arrays"),
        (b"plain text", "cannot read"),
        (GOOD[:100], "cannot read"),
        (GOOD[:-1], "cannot read"),
        (GOOD.replace(b"(3, 784)", b"(3, 784 "), "cannot read"),
        (saved(np.array([{"cat": 1}], object)), "cannot read"),
        (saved(np.zeros((3, 784), np.float32)), r"float32 \(3, 784\)\. Expected uint8"),
        (saved(np.zeros((3, 783), np.uint8)), r"uint8 \(3, 783\)\. Expected uint8"),
        (saved(np.zeros((784,), np.uint8)), r"uint8 \(784,\)\. Expected uint8"),
        (saved(np.zeros((), np.uint8)), r"uint8 \(\)\. Expected uint8"),
        (saved(np.zeros((3, 1, 28, 28), np.uint8)), "Expected uint8"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, found: str):
    (tmp_path / "b.npy").write_bytes(content)
    with pytest.raises(UserError, match=found):
        read_bitmaps(tmp_path / "b.npy")


def test_archives_folders_and_nothing_are_refused(tmp_path: Path):
    np.savez(tmp_path / "b.npz", bitmaps=np.zeros((3, 784), np.uint8))
    with pytest.raises(UserError, match="archive of arrays"):
        read_bitmaps(tmp_path / "b.npz")
    for path in (tmp_path, tmp_path / "none.npy"):
        with pytest.raises(UserError, match="cannot read"):
            read_bitmaps(path)


@given(some.integers(0, 127), some.binary(min_size=1, max_size=8))
def test_any_wrong_header_gives_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, at: int, noise: bytes
):
    path = tmp_path_factory.getbasetemp() / "noise.npy"
    path.write_bytes(GOOD[:at] + noise + GOOD[at + len(noise) :])
    with contextlib.suppress(UserError):
        assert read_bitmaps(path).shape[1:] == (28, 28)
