"""The loaders of a data folder, on small generated files."""

import gzip
import json
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.command import UserError
from models.drawing import Drawing
from training.data import quickdraw
from training.data.quickdraw import StrokeForm, available, data_dir, load_bitmaps, load_strokes

HOUSE = [[[0, 255, 255], [9, 9, 200]], [[30], [40]]]
SUN = [[[1, 2, 3, 4], [5, 6, 7, 8]]]


def bitmaps(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, 784), np.uint8)


def write_bitmaps(folder: Path, word: str, rows: np.ndarray) -> Path:
    path = folder / "numpy_bitmap" / f"{word}.npy"
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, rows)
    return path


def ndjson(word: str, *drawings: list[list[list[int]]]) -> bytes:
    records = [{"word": word, "key_id": str(7 + i), "drawing": d} for i, d in enumerate(drawings)]
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def binary(*drawings: list[list[list[int]]]) -> bytes:
    """Google's packed form: key, country, recognized, time; then each stroke's length, x and y."""
    packed = b""
    for key, strokes in enumerate(drawings, 7):
        packed += struct.pack("<Q2sbIH", key, b"DE", 1, 1_488_000_000, len(strokes))
        for x, y in strokes:
            packed += struct.pack(f"<H{len(x)}B{len(y)}B", len(x), *x, *y)
    return packed


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_data_dir_is_the_option_then_the_environment_then_data(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DOODLE_DATA_DIR", "/elsewhere")
    assert data_dir(Path("here")) == Path("here")
    assert data_dir(None) == Path("/elsewhere")
    monkeypatch.setenv("DOODLE_DATA_DIR", "")
    assert data_dir(None) == Path("data")


def test_bitmaps_come_back_as_they_were_saved(tmp_path: Path):
    rows = bitmaps(3)
    write_bitmaps(tmp_path, "cat", rows)
    loaded = load_bitmaps("cat", tmp_path)
    assert loaded.dtype == np.uint8
    assert type(loaded) is np.ndarray
    np.testing.assert_array_equal(loaded, rows.reshape(3, 28, 28))


@pytest.mark.parametrize(
    "rows",
    [bitmaps(2).astype(np.float32), bitmaps(2)[:, :783], bitmaps(2).reshape(2, 28, 28)],
    ids=["float", "783 pixels", "three axes"],
)
def test_other_arrays_are_not_bitmaps(tmp_path: Path, rows: np.ndarray):
    write_bitmaps(tmp_path, "cat", rows)
    with pytest.raises(UserError, match=r"cat\.npy is damaged: expected uint8 of shape"):
        load_bitmaps("cat", tmp_path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole[:-1],
        lambda whole: whole + b"\0",
        lambda whole: whole[:60],
        lambda _: b"",
        lambda _: b"<!doctype html><title>Not found</title>",
    ],
    ids=["short", "long", "header only", "empty", "html"],
)
def test_a_damaged_file_of_bitmaps_is_refused(tmp_path: Path, spoil: Callable[[bytes], bytes]):
    path = write_bitmaps(tmp_path, "cat", bitmaps(2))
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(UserError, match=r"damaged.*fetch it again"):
        load_bitmaps("cat", tmp_path)


def test_a_file_without_bitmaps_is_refused(tmp_path: Path):
    write_bitmaps(tmp_path, "cat", bitmaps(0))
    with pytest.raises(UserError, match="damaged"):
        load_bitmaps("cat", tmp_path)


def test_a_missing_word_tells_the_command_that_fetches_it(tmp_path: Path):
    with pytest.raises(UserError) as missing:
        load_bitmaps("alarm clock", tmp_path)
    assert "python -m training.fetch --words 'alarm clock' --form bitmaps" in str(missing.value)
    assert "DOODLE_DATA_DIR" in str(missing.value)
    with pytest.raises(UserError, match="--words cat --form strokes"):
        load_strokes("cat", tmp_path, "binary")


def test_what_google_does_not_have_is_not_said_to_be_fetched(tmp_path: Path):
    with pytest.raises(UserError, match=r"Point --data-dir .* stretched/cat\.ndjson") as missing:
        load_strokes("cat", tmp_path, "stretched")
    assert "training.fetch" not in str(missing.value)


@pytest.mark.parametrize("form", ["simplified", "raw", "stretched"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
def test_ndjson_strokes(tmp_path: Path, form: StrokeForm, packed: bool):
    content = ndjson("house", HOUSE, SUN)
    name = f"{form}/house.ndjson" + (".gz" if packed else "")
    write(tmp_path, name, gzip.compress(content) if packed else content)
    drawings = load_strokes("house", tmp_path, form)
    assert [drawing.to_lists() for drawing in drawings] == [HOUSE, SUN]
    assert [drawing.key for drawing in drawings] == ["7", "8"]


def test_binary_strokes_are_those_of_the_simplified_form(tmp_path: Path):
    write(tmp_path, "binary/house.bin", binary(HOUSE, SUN))
    write(tmp_path, "simplified/house.ndjson", ndjson("house", HOUSE, SUN))

    def plain(drawing: Drawing) -> tuple[object, ...]:
        return drawing.word, drawing.key, drawing.to_lists()

    assert [plain(drawing) for drawing in load_strokes("house", tmp_path, "binary")] == [
        plain(drawing) for drawing in load_strokes("house", tmp_path, "simplified")
    ]


@pytest.mark.parametrize("kept", [0, 5, 17, 18, 30, -1])
def test_a_truncated_binary_file_is_refused(tmp_path: Path, kept: int):
    write(tmp_path, "binary/house.bin", binary(SUN, HOUSE)[:kept])
    with pytest.raises(UserError, match="damaged"):
        load_strokes("house", tmp_path, "binary")


def test_available_lists_known_words_in_their_order(tmp_path: Path):
    for name in ("zebra.ndjson.gz", "ant.ndjson", "unicycle.ndjson", "cat.npy"):
        write(tmp_path, f"simplified/{name}", b"")
    assert available(tmp_path, "simplified") == ("ant", "zebra")
    assert available(tmp_path, "raw") == ()
    assert set(quickdraw.FORMS) == {"numpy_bitmap", "simplified", "raw", "stretched", "binary"}
