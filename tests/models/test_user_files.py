"""Files in the forms that editors and tools write: they are read, or refused in one line."""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models import shelf
from models.command import UserError
from models.drawing import read_ndjson
from models.user_files import read_array, read_lines, read_text
from tests import made

TEXT = 'name = "Straße 王"\nsecond = 1\n'
DOS = TEXT.replace("\n", "\r\n")
BITMAPS = np.arange(2 * 784, dtype=np.uint8).reshape(2, 784)


def saved(array: NDArray[Any]) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("inner", content)
    return file.getvalue()


WRITTEN = {
    "utf-8": TEXT.encode(),
    "mark": TEXT.encode("utf-8-sig"),
    "dos": DOS.encode(),
    "old mac": TEXT.replace("\n", "\r").encode(),
    "dos with mark": DOS.encode("utf-8-sig"),
    "utf-16": DOS.encode("utf-16"),
    "utf-16 le without mark": DOS.encode("utf-16-le"),
    "utf-16 be": b"\xfe\xff" + DOS.encode("utf-16-be"),
    "utf-16 be without mark": DOS.encode("utf-16-be"),
    "utf-32": TEXT.encode("utf-32"),
    "gzip": gzip.compress(TEXT.encode()),
    "gzip of utf-16": gzip.compress(DOS.encode("utf-16")),
}


@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("name", ["file", "file.gz", "file.toml"])
def test_text_is_read_however_it_was_saved(tmp_path: Path, content: bytes, name: str):
    (tmp_path / name).write_bytes(content)
    assert read_text(tmp_path / name, "Expected text") == TEXT
    assert list(read_lines(tmp_path / name, "Expected text")) == TEXT.splitlines(keepends=True)


def test_an_empty_text_is_empty(tmp_path: Path):
    (tmp_path / "file").touch()
    assert read_text(tmp_path / "file", "Expected text") == ""


REFUSED = {
    "latin-1": (TEXT.replace("王", "").encode("latin-1"), "not UTF-8 text .*saved as UTF-8"),
    "half utf-16": (TEXT.encode("utf-16")[:-1], "not UTF-8 text"),
    "cut gzip": (gzip.compress(TEXT.encode())[:-9], "cannot read"),
    "gzip head": (b"\x1f\x8b", "cannot read"),
    "noise in gzip": (gzip.compress(TEXT.encode())[:12] + b"\xff" * 40, "cannot read"),
    "zip": (zipped(b"x"), "is a zip archive"),
    "bzip2": (bz2.compress(b"x"), "compressed with bzip2"),
    "xz": (lzma.compress(b"x"), "compressed with xz"),
    "array": (saved(BITMAPS), "is an array of NumPy"),
    "picture": (b"\x89PNG\r\n\x1a\n", "is a PNG image"),
}


def one_line(read: Callable[[Path], object], path: Path) -> str:
    """The error of a reader; it must be one line that names the file."""
    with pytest.raises(UserError) as found:
        read(path)
    text = str(found.value)
    assert str(path) in text
    assert len(text.splitlines()) == 1
    return text


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_other_bytes_are_refused_as_text(tmp_path: Path, content: bytes, message: str):
    path = tmp_path / "file.toml"
    path.write_bytes(content)
    with pytest.raises(UserError, match=message):
        read_text(path, "Expected text")
    one_line(lambda path: list(read_lines(path, "Expected text")), path)


def test_folders_and_missing_files_are_refused(tmp_path: Path):
    for path in (tmp_path, tmp_path / "none"):
        one_line(lambda path: read_text(path, "Expected text"), path)
        one_line(read_array, path)


def test_a_late_error_tells_how_far_the_file_was_read(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(b"line\n" * 10_000 + b"\xe9t\xe9\n")
    assert "after line " in one_line(lambda path: list(read_lines(path, "Expected text")), path)


@pytest.mark.parametrize(
    "content",
    [
        saved(BITMAPS),
        gzip.compress(saved(BITMAPS)),
        saved(np.asfortranarray(BITMAPS)),
        saved(BITMAPS.astype(">i4")),
        saved(BITMAPS.astype("<f8")),
    ],
)
def test_arrays_are_read_however_they_were_saved(tmp_path: Path, content: bytes):
    (tmp_path / "a.npy").write_bytes(content)
    array = read_array(tmp_path / "a.npy")
    assert array.dtype.isnative
    np.testing.assert_array_equal(array, BITMAPS)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is empty or cut off"),
        (saved(BITMAPS)[:-1], "cannot read"),
        (saved(BITMAPS)[:60], "cannot read"),
        (gzip.compress(saved(BITMAPS))[:-9], "cannot read"),
        (zipped(saved(BITMAPS)), "an archive of arrays"),
        (saved(np.array([{}], object)), "it holds Python objects"),
        (TEXT.encode(), "not in NumPy's format"),
        (b"\x80\x04N.", "not in NumPy's format"),
    ],
)
def test_other_bytes_are_refused_as_an_array(tmp_path: Path, content: bytes, message: str):
    (tmp_path / "a.npy").write_bytes(content)
    text = one_line(read_array, tmp_path / "a.npy")
    assert message in text
    assert "Expected an array in a .npy file" in text
    assert "pickle" not in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_drawings_are_read_however_they_were_saved(
    tmp_path: Path, encoding: str, pack: Callable[[bytes], bytes]
):
    drawings = [made.drawing("star", seed) for seed in range(3)]
    text = "".join(drawing.to_json() + "\r\n" for drawing in drawings)
    (tmp_path / "d.ndjson").write_bytes(pack(text.encode(encoding)))
    read = list(read_ndjson(tmp_path / "d.ndjson"))
    assert [each.to_lists() for each in read] == [each.to_lists() for each in drawings]


def test_a_model_card_is_read_as_an_editor_saves_it(tmp_path: Path):
    card = (shelf.PUBLISHED / shelf.DEFAULT / "card.json").read_text("utf-8")
    (tmp_path / shelf.DEFAULT).mkdir()
    (tmp_path / shelf.DEFAULT / "card.json").write_bytes(card.encode("utf-8-sig"))
    assert shelf.read_card(shelf.DEFAULT, tmp_path) == shelf.read_card(shelf.DEFAULT)
