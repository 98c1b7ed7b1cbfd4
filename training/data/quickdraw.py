"""Read a folder of drawings with the layout of Google's Quick, Draw! bucket.

    numpy_bitmap/<word>.npy         28x28 bitmaps
    binary/<word>.bin               strokes on a 0-255 grid, read by the `quickdraw` package
    simplified/<word>.ndjson[.gz]   the same as text
    raw/<word>.ndjson[.gz]          strokes in pixels, with times in milliseconds
    stretched/<word>.ndjson[.gz]    strokes whose x and y were scaled apart

`python -m training.fetch` fills such a folder. The drawings are Google's, licensed CC BY 4.0
(https://github.com/googlecreativelab/quickdraw-dataset).
"""

import os
import shlex
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from quickdraw import QuickDrawDataGroup, QuickDrawing

from models import words
from models.command import UserError
from models.drawing import Drawing, read_ndjson
from models.user_files import read_lines

StrokeForm = Literal["simplified", "raw", "stretched", "binary"]
Form = Literal["numpy_bitmap", StrokeForm]
FORMS: tuple[Form, ...] = ("numpy_bitmap", *get_args(StrokeForm))
ENVIRONMENT = "DOODLE_DATA_DIR"
SIDE = 28  # pixels
MAX_BLANK = 0.01  # largest share of blank bitmaps: a hole in a file reads as blank bitmaps

_SUFFIXES: dict[Form, tuple[str, ...]] = {
    "numpy_bitmap": (".npy",),
    "binary": (".bin",),
    "simplified": (".ndjson", ".ndjson.gz"),
    "raw": (".ndjson", ".ndjson.gz"),
    "stretched": (".ndjson", ".ndjson.gz"),
}
# Sizes in a .bin file: https://github.com/googlecreativelab/quickdraw-dataset, "Binary files".
_DRAWING_BYTES, _STROKE_BYTES, _POINT_BYTES = 17, 2, 2


def data_dir(option: Path | None) -> Path:
    """The folder of drawings: the option, else the variable DOODLE_DATA_DIR, else `./data`."""
    return option or Path(os.environ.get(ENVIRONMENT) or "data")


def available(folder: Path, form: Form) -> tuple[str, ...]:
    """The words that have a file in `folder`, in the order of `words.ALL`."""
    return tuple(word for word in words.ALL if _present(word, folder, form) is not None)


def file_name(word: str, form: Form) -> str:
    """Path of a word's file in the bucket and in a data folder: `<form>/<word>.<suffix>`."""
    return f"{form}/{word}{_SUFFIXES[form][0]}"


def load_bitmaps(word: str, folder: Path) -> NDArray[np.uint8]:
    """Google's bitmaps of a word, white (255) ink on black (0).

    Returns:
        uint8 (N, 28, 28), N >= 1, read-only and memory-mapped: bytes are read when they are used.

    Raises:
        UserError: if the file is missing or is not a complete file of bitmaps.
    """
    path = _find(word, folder, "numpy_bitmap")
    try:
        rows = np.lib.format.open_memmap(path, mode="r")
    except (OSError, ValueError) as error:
        raise _damaged(path, str(error)) from error
    if rows.dtype != np.uint8 or rows.shape[1:] != (SIDE * SIDE,) or not len(rows):
        raise _damaged(path, f"expected uint8 of shape (N, 784), found {rows.dtype} {rows.shape}")
    if path.stat().st_size != rows.offset + rows.nbytes:
        raise _damaged(path, f"there is more in it than the {len(rows)} bitmaps it declares")
    return rows.view(np.ndarray).reshape(-1, SIDE, SIDE)


def load_strokes(word: str, folder: Path, form: StrokeForm) -> list[Drawing]:
    """All drawings of a word, in the file's order.

    Raises:
        UserError: if the file is missing or damaged.
    """
    return list(read_strokes(word, folder, form))


def read_strokes(word: str, folder: Path, form: StrokeForm) -> Iterator[Drawing]:
    """The drawings of `load_strokes`, one by one: the file does not have to fit in memory."""
    path = _find(word, folder, form)
    return _read_binary(word, path) if form == "binary" else read_ndjson(path)


def check(word: str, folder: Path, form: Form) -> None:
    """Check that a word's file is complete and holds drawings, reading as little as possible.

    Raises:
        UserError: if it is missing or damaged.
    """
    path = _find(word, folder, form)
    if form == "numpy_bitmap":
        blank = np.mean(~load_bitmaps(word, folder).any(axis=(1, 2)))
        if blank > MAX_BLANK:
            raise _damaged(path, f"{blank:.0%} of its bitmaps are blank")
    elif form == "binary":
        _binary_records(word, path)
    else:
        _check_ends(word, path)


def _check_ends(word: str, path: Path) -> None:
    """Detect a truncated file by its last line, and another word's file by its first line."""
    try:
        lines = read_lines(path, "Expected Quick, Draw! ndjson")
        first = next(lines, "")
        last = next(iter(deque(lines, maxlen=1)), first)
        drawings = [Drawing.from_json(line) for line in (first, last)]
    except UserError as error:
        raise _damaged(path, str(error)) from error
    if {drawing.word for drawing in drawings} != {word}:
        raise _damaged(path, f"expected drawings of {word!r}, found {drawings[0].word!r}")


def _read_binary(word: str, path: Path) -> Iterator[Drawing]:
    for record in _binary_records(word, path):
        yield Drawing.from_lists(record.image_data, word, str(record.key_id))


def _binary_records(word: str, path: Path) -> list[QuickDrawing]:
    group = QuickDrawDataGroup(
        word, max_drawings=sys.maxsize, cache_dir=str(path.parent), print_messages=False
    )
    records = [group.get_drawing(index) for index in range(group.drawing_count)]
    size = path.stat().st_size
    # The package stops silently at the first record it cannot read.
    read = sum(_binary_size(record.image_data) for record in records)
    if not records or read != size:
        raise _damaged(path, f"only {read} of its {size} bytes are drawings")
    return records


def _binary_size(strokes: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> int:
    points = sum(len(x) for x, _ in strokes)
    return _DRAWING_BYTES + _STROKE_BYTES * len(strokes) + _POINT_BYTES * points


def _present(word: str, folder: Path, form: Form) -> Path | None:
    files = (folder / form / (word + suffix) for suffix in _SUFFIXES[form])
    return next((file for file in files if file.is_file()), None)


def _find(word: str, folder: Path, form: Form) -> Path:
    path = _present(word, folder, form)
    if path is None and word not in words.ALL:
        raise UserError(
            f"no drawings of {word!r} in {folder / form}, and Quick, Draw! has no such word",
            f"Point --data-dir (or {ENVIRONMENT}) at the folder of your own drawings of it",
        )
    if path is None:
        fetch = f"Fetch them with `{_fetch_command(word, folder, form)}`, or point"
        raise UserError(
            f"no drawings of {word!r} in {folder / form}",
            f"{'Point' if form == 'stretched' else fetch} --data-dir (or {ENVIRONMENT}) "
            f"at a folder that has {file_name(word, form)}",
        )
    return path


def _fetch_command(word: str, folder: Path, form: Form) -> str:
    name = {"numpy_bitmap": "bitmaps", "binary": "strokes"}.get(form, form)
    options = ["--words", word, "--form", name, "--data-dir", str(folder)]
    return shlex.join(["python", "-m", "training.fetch", *options])


def _damaged(path: Path, found: str) -> UserError:
    return UserError(
        f"{path} is damaged: {found}", "Delete it and fetch it again: python -m training.fetch"
    )
